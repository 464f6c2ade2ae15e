"""Write the codebook, README.md of the data folder, from its datapackage.json."""

from __future__ import annotations

import argparse
import sys

HELP = "write the codebook from the schema"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if the codebook is out of date")


def run(args: argparse.Namespace) -> int:
    """Write README.md, and list new quarter files in datapackage.json."""
    from incident_report.data import campaign_files, codebook, refresh_package
    from incident_report.data.folders import data_folder, shown
    from incident_report.data.writing import write_file

    folder = data_folder(args.data)
    path = folder / "README.md"
    if args.check:
        there = campaign_files(folder).get("README.md")
        same = there is not None and there.read_bytes() == codebook(folder).encode("utf-8")
        print(f"{shown(path)} {'agrees with' if same else 'is older than'} the schema", file=sys.stderr)
        return 0 if same else 1
    refresh_package(folder)
    write_file(path, codebook(folder).encode("utf-8"))
    print(f"wrote {shown(path)}")
    return 0
