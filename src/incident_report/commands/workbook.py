"""Write the campaign's tables to an Excel workbook, for analysts who work in Excel."""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.errors import BuildError

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

    try:
        sheets = write_workbook(data_folder(args.data), args.out)
    except ValueError as error:
        raise BuildError(str(error)) from None
    print(f"wrote {args.out} with {sheets} sheets; incident-report import {args.out} brings it back")
    return 0
