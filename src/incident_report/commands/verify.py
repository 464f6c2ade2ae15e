"""Check that a published report, or a data.zip alone, is what a build put out.

Compares the SHA-256 of every output, figure and file in data.zip with what is recorded of it. A hash
finds what was changed; it does not prove who wrote it: nothing is signed, and who can change a file
can change what is recorded. --rebuild does not rely on the recorded hashes alone: it builds the report
again from its data.zip, with this project's notebooks and code, and compares the bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.commands import _edition
from incident_report.errors import UsageError

HELP = "check that a published report is what was built"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument(
        "folder", nargs="?", default="", help="folder of a report, or a data.zip; without it the edition of the options"
    )
    _edition.arguments(parser)
    parser.add_argument("--rebuild", action="store_true", help="build it again in a temporary place and compare bytes")


def run(args: argparse.Namespace) -> int:
    """Print a line for each thing that does not match, then 1; or one line of what was checked, then 0."""
    from incident_report.data.folders import shown
    from incident_report.publish.editions import FEED
    from incident_report.publish.provenance import NAME
    from incident_report.publish.verify import UNSIGNED, verify

    path = _published(args)
    if (path / FEED).is_file() and not (path / NAME).exists():
        return _index(path)
    if args.rebuild and not path.is_dir():
        raise UsageError("--rebuild needs the folder of a report, with its provenance.json")
    found = verify(path)
    lines = found.faults or (_rebuild(path, found.checked) if args.rebuild else [])
    if lines:
        print("\n".join(lines))
        return 1
    unchecked = f"; not checked: {', '.join(found.unchecked)}" if found.unchecked else ""
    print(f"{shown(path)} is as it was built: {', '.join(found.checked)}{unchecked}; {UNSIGNED}")
    return 0


def _published(args: argparse.Namespace) -> Path:
    """The folder or file that is meant; what a killed build has left half-way there is finished first."""
    from incident_report.data.folders import real_path, shown
    from incident_report.publish.due import place_of
    from incident_report.publish.places import place_at
    from incident_report.publish.swap import tidy

    path = real_path(args.folder, "verify") if args.folder else place_of(_edition.request(args)).report
    if path.suffix != ".zip":
        tidy(place_at(path))
    if not path.exists():
        raise UsageError(f"{shown(path)}: there is no such report; `make report` builds it")
    return path


def _rebuild(path: Path, checked: list[str]) -> list[str]:
    """What differs where everything is built again."""
    from incident_report.publish.rebuild import rebuild

    checked.append("every output and figure, built again")
    return rebuild(path)


def _index(folder: Path) -> int:
    """The same for the index of a folder of reports."""
    from incident_report.data.folders import shown
    from incident_report.publish.editions import check_index

    if lines := check_index(folder):
        print("\n".join(lines))
        return 1
    print(f"{shown(folder)}: the index is that of the editions that stand here")
    return 0
