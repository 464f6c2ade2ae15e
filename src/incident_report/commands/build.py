"""Build the report of one quarter."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from incident_report.errors import UsageError

HELP = "build the report of one quarter"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options; each has the meaning of the notebook parameter of its name."""
    parser.add_argument("--quarter", default="", metavar="2020Q3", help="edition; without it the newest")
    parser.add_argument("--baseline", default="", metavar="2020Q2", help="quarter compared with; default: before")
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument(
        "--confidence-floor",
        default="low",
        choices=("low", "medium", "high"),
        help="incidents of lower confidence are listed, not counted",
    )
    parser.add_argument("--as-of", default="", metavar="2020-10-31", help="hide rows that came after this day")
    parser.add_argument(
        "--previous", default="", metavar="FOLDER", help="the edition before, for the list of revisions"
    )
    parser.add_argument(
        "--parameter",
        "-p",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another notebook parameter; may be repeated",
    )
    parser.add_argument(
        "--only", default="", metavar="html,pdf", help="formats, of html, pdf, docx, figures (default: all but docx)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write everything here instead of reports/")


def run(args: argparse.Namespace) -> int:
    """Build and say where the report is."""
    from incident_report.publish.report import build
    from incident_report.publish.request import DEFAULT, FORMATS, Request

    only = tuple(args.only.split(",")) if args.only else DEFAULT
    if unknown := [f for f in only if f not in FORMATS]:
        raise UsageError(f"--only {unknown[0]}: no such format; there are {', '.join(FORMATS)}")
    parameters = {}
    for text in args.parameter:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--parameter {text}: write NAME=VALUE")
        parameters[name.strip()] = value
    if args.previous:
        parameters["previous"] = str(Path(args.previous).resolve())
    folder = build(
        Request(
            quarter=args.quarter,
            baseline=args.baseline,
            data=args.data,
            confidence_floor=args.confidence_floor,
            as_of=args.as_of,
            only=only,
            out=args.out,
            parameters=parameters,
        )
    )
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    names = sorted(p.name for p in folder.iterdir() if p.is_file())
    print(f"{shown}: {', '.join(names)}", file=sys.stdout)
    return 0
