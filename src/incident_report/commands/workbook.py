"""Write the campaign's tables to an Excel workbook, for analysts who work in Excel."""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.errors import readable

HELP = "write the tables to an Excel workbook"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument(
        "--out", type=Path, default=Path("workbook.xlsx"), metavar="FILE", help="default: workbook.xlsx"
    )


def run(args: argparse.Namespace) -> int:
    """Write the workbook."""
    from incident_report.data.folders import data_folder
    from incident_report.data.workbook import write_workbook
    from incident_report.data.writing import REPLACED

    kept = args.out.parent / REPLACED / args.out.name if args.out.is_file() else None
    with readable(args.out):
        rows = write_workbook(data_folder(args.data), args.out)
    print(
        f"wrote {args.out} with {len(rows)} sheets and {sum(rows.values()):,} rows; "
        f"incident-report import {args.out} brings it back"
    )
    if kept:
        print(f"the workbook that stood there is {kept} until the next one is written")
    return 0
