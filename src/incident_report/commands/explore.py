"""Write the explorer of one edition as one file, which works offline: to look, to mail or to host."""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.commands import _edition
from incident_report.errors import UsageError, readable

HELP = "write the explorer as one file, without building the report"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    _edition.which(parser)
    parser.add_argument("--out", type=Path, default=Path("explore.html"), metavar="FILE", help="default: explore.html")


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from incident_report.analysis.open import open_edition
    from incident_report.data.folders import data_folder, named
    from incident_report.publish.explorer import write_explorer

    try:
        ed = open_edition(
            str(data_folder(args.data)), quarter=args.quarter, confidence_floor=args.confidence_floor, as_of=args.as_of
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    with readable(args.out):
        size = write_explorer(ed, args.out, named(data_folder(args.data)))
    n = len(ed.listed)
    print(f"{args.out}: {n:,} incident{'' if n == 1 else 's'} up to {ed.quarter.label}, {size / 1000:,.0f} kB")
    return 0
