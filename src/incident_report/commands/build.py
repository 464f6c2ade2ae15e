"""Build the report of one quarter."""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.commands import _edition
from incident_report.data.folders import real_path, shown
from incident_report.errors import UsageError

HELP = "build the report of one quarter"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    from incident_report.publish.forked import ENGINES
    from incident_report.publish.request import CELL_SECONDS

    _edition.arguments(parser)
    parser.add_argument(
        "--only",
        default="",
        metavar="html,pdf",
        help="formats, of html, pdf, brief, docx, explore, figures (default: html, pdf, figures)",
    )
    parser.add_argument("--png", action="store_true", help="figures as PNG, too")
    parser.add_argument("--out", metavar="FOLDER", help="write everything here, a new or empty folder")
    parser.add_argument(
        "--if-due", action="store_true", help="build only if an input has changed or an output is not there"
    )
    parser.add_argument(
        "--allow-incoherent",
        action="store_true",
        help="print a draft that contradicts itself, with a mark on every page, instead of nothing",
    )
    parser.add_argument(
        "--cell-seconds",
        type=int,
        default=CELL_SECONDS,
        metavar="SECONDS",
        help=f"stop a cell that takes longer (default: {CELL_SECONDS})",
    )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="",
        help="how the notebooks' kernels start: forked from one warm process, which is the default for two and more "
        "where the platform allows, or each by itself; the report is the same",
    )


def run(args: argparse.Namespace) -> int:
    """Build and say where the report is, or say that nothing was to be done."""
    from incident_report.publish.due import Due, due, place_of
    from incident_report.publish.environment import warm_environment
    from incident_report.publish.forked import begun
    from incident_report.publish.request import DEFAULT, FORMATS
    from incident_report.publish.warm import OF_TESTS

    only = tuple(args.only.split(",")) if args.only else DEFAULT
    if unknown := [f for f in only if f not in FORMATS]:
        raise UsageError(f"--only {unknown[0]}: no such format; there are {', '.join(FORMATS)}")
    if args.cell_seconds < 1:
        raise UsageError(f"--cell-seconds {args.cell_seconds}: it must be one or more")
    out = None if args.out is None else real_path(args.out, "--out")
    request = _edition.request(
        args,
        only=only,
        png=args.png,
        out=out,
        cell_seconds=args.cell_seconds,
        engine=args.engine,
        allow_incoherent=args.allow_incoherent,
    )
    found = due(request) if args.if_due else Due("asked for")
    if not found.reason:
        print(f"{shown(place_of(request).report)} is up to date: nothing was built")
        return 0
    if args.if_due:
        print(f"{shown(place_of(request).report)}: {found.reason}", flush=True)
    kernels = len(request.chapters) if found.chapters else 0
    with begun(args.engine, kernels, warm_environment(), OF_TESTS if found.words else ()) as server:
        from incident_report.publish.report import build

        folder = build(request, server=server)
    names = sorted(p.name for p in filter(Path.is_file, folder.iterdir()))
    print(f"{shown(folder)}: {', '.join(names)}")
    return 0
