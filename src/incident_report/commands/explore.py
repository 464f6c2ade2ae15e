"""Write the explorer of one edition as one file, which works offline: to look, to mail or to host."""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.commands import _edition
from incident_report.errors import readable

HELP = "write the explorer as one file, without building the report"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    _edition.which(parser)
    _edition.audience(parser)
    parser.add_argument("--out", type=Path, default=Path("explore.html"), metavar="FILE", help="default: explore.html")


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from incident_report.data.folders import data_folder, named
    from incident_report.present.words import words_of
    from incident_report.publish.explorer import write_explorer
    from incident_report.publish.inputs import PUBLIC
    from incident_report.publish.notice import said

    with _edition.opened(args) as ed, readable(args.out):
        marks = ("" if args.audience == PUBLIC else words_of(ed).phrase("internal"), said(ed, None).state)
        size = write_explorer(ed, args.out, named(data_folder(args.data)), ". ".join(filter(None, marks)))
    n = len(ed.listed)
    print(f"{args.out}: {n:,} incident{'' if n == 1 else 's'} up to {ed.quarter.label}, {size / 1000:,.0f} kB")
    return 0
