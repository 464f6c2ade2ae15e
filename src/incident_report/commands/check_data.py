"""Check a campaign folder and name every fault, one line each."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incident_report.data.model import Fault

HELP = "check the data and name every fault"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument("--as-of", default="", metavar="2020-10-31", help="as known on this day")
    parser.add_argument("--format", default="text", choices=("text", "json"), help="json for machines")


def run(args: argparse.Namespace) -> int:
    """Print faults; 1 if there is an error among them, 0 if there are warnings only."""
    from incident_report.build.report import as_of_day, data_folder
    from incident_report.data import DataError, load

    folder = data_folder(args.data)
    try:
        data = load(folder, as_of=as_of_day(args.as_of))
        faults, incidents = data.warnings, len(data.incidents)
    except DataError as error:
        faults, incidents = error.faults, 0
    errors = [f for f in faults if f.severity == "error"]
    if args.format == "json":
        print(json.dumps([asdict(f) for f in faults], indent=1, ensure_ascii=False, default=str))
        return bool(errors)
    for line in lines(faults, args.data):
        print(line)
    warnings = len(faults) - len(errors)
    told = f"{len(errors)} error{'s' * (len(errors) != 1)}, {warnings} warning{'s' * (warnings != 1)}"
    print(told if errors else f"{told}: {incidents} incidents can be used", file=sys.stderr)
    return bool(errors)


def lines(faults: Sequence[Fault], folder: str) -> list[str]:
    """One line a fault, grouped by file: ``data/x.csv:14: column: 'value': what is wrong``."""
    out = []
    for fault in sorted(faults, key=lambda f: (f.file, f.line or 0, f.column or "", f.message)):
        place = f"{folder}/{fault.file}" + (f":{fault.line}" if fault.line else "")
        parts = [place, "warning" if fault.severity == "warning" else "", fault.column or ""]
        if fault.value is not None and repr(fault.value) not in fault.message:
            parts.append(repr(fault.value))
        text = ": ".join([*(p for p in parts if p), fault.message])
        out.append(" ".join(text.split()))
    return out
