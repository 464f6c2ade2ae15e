"""List the facts that prose, story and conditions can read, with their values and verdicts now."""

from __future__ import annotations

import argparse
import json

from incident_report.commands import _edition
from incident_report.errors import UsageError

HELP = "list the facts that text and conditions can read, with values and verdicts"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("name", nargs="?", default="", help="one fact, such as rockets; without it all of them")
    parser.add_argument("--depth", type=int, default=-1, metavar="N", help="attributes deep (default: 1; 2 for a name)")
    _edition.arguments(parser)
    parser.add_argument("--format", default="text", choices=("text", "json"), help="json for machines")


def run(args: argparse.Namespace) -> int:
    """Print a line a name."""
    from incident_report.analysis.catalogue import facts
    from incident_report.analysis.open import open_edition

    try:
        ed = open_edition(
            args.data,
            quarter=args.quarter,
            baseline=args.baseline,
            confidence_floor=args.confidence_floor,
            as_of=args.as_of,
        )
        table = facts(ed, args.name, depth=args.depth if args.depth >= 0 else 2 if args.name else 1)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if args.format == "json":
        print(json.dumps(table.to_dict("records"), indent=1, ensure_ascii=False))
        return 0
    width = min(48, max(map(len, table["name"]), default=0))
    for row in table.itertuples():
        print(f"{row.name:{width}}  {row.verdict:15}  {row.value}".rstrip())
    return 0
