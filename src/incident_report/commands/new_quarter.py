"""Start a quarter: an incidents file with the header and nothing else."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from incident_report.build.errors import UsageError
from incident_report.periods import Quarter

if TYPE_CHECKING:
    from incident_report.data import Package

HELP = "start an incidents file for a new quarter"
REMINDER = """\
Next:
  1. Fill {path}: one row an attack. data/README.md says what each column takes, docs/new-quarter.md how to go about it.
  2. Add every source to sources.csv.
  3. Where there are any: counts that others published to tallies.csv, dated events to context.csv, force levels to
     posture.csv; if the rows stop before the quarter does, a line in coverage.csv.
  4. make check-data, then make report QUARTER={quarter}."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("quarter", nargs="?", default="", metavar="2020Q4", help="the new quarter")
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")


def run(args: argparse.Namespace) -> int:
    """Write the header; an existing file is never touched."""
    from incident_report.build.request import available, data_folder, shown

    folder = data_folder(args.data)
    there = available(folder)
    if not args.quarter:
        after = f", such as {Quarter.parse(there[-1]).shift(1)}" if there else ""
        raise UsageError(f"say which quarter{after}; there are {', '.join(there) or 'none'}")
    try:
        quarter = Quarter.parse(args.quarter)
    except ValueError as error:
        raise UsageError(str(error)) from None
    path = folder / "incidents" / f"{quarter}.csv"
    header = ",".join(f.name for f in _package(folder).tables["incidents"].fields)
    try:
        # O_EXCL: two people at once cannot both succeed.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise UsageError(f"{shown(path)} is already there and stays as it is") from None
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{header}\n")
    print(f"wrote {shown(path)} with the header and no row")
    print(REMINDER.format(path=shown(path), quarter=quarter))
    return 0


def _package(folder: Path) -> Package:
    """The campaign's own schema, else the project's."""
    from incident_report.data import DataError, project_package
    from incident_report.data.package import FILE, parse_package

    path = folder / FILE
    if not path.exists():
        return project_package()
    try:
        package, faults = parse_package(json.loads(path.read_text("utf-8-sig")))
    except ValueError as error:
        raise UsageError(f"{path} is not readable: {error}") from None
    if package is None:
        raise DataError(faults)
    return package
