"""Write a blank workbook to score the policy options with, or read filled ones and show where people differ."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from incident_report.errors import BuildError, UsageError, readable

HELP = "a workbook to score the policy options with, and back"
_SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a blank sheet; default: scoresheet.xlsx")
    parser.add_argument("--read", type=Path, nargs="+", metavar="FILE", help="filled sheets, one a person")
    parser.add_argument("--save", action="store_true", help="with --read: keep the scores in the campaign's scores.csv")


def run(args: argparse.Namespace) -> int:
    """Write or read; nothing is kept unless it fits the campaign's file of options."""
    from incident_report.data import load
    from incident_report.data.folders import data_folder
    from incident_report.data.scoresheet import keep_scores, read_scoresheet, write_scoresheet

    if (args.read and args.out) or (args.save and not args.read):
        raise UsageError("say --out FILE for a blank sheet, or --read FILE… (and --save) for filled ones")
    folder, out = data_folder(args.data), args.out or Path("scoresheet.xlsx")
    doc = load(folder).options
    if doc is None:
        raise BuildError(f"{folder} has no policy_options.yml, so there is nothing to score")
    with readable(out):
        if not args.read:
            cells = write_scoresheet(doc, out)
            print(f"wrote {out}: {cells} scores to give; then incident-report scoresheet --read {out}")
            return 0
        given = list(chain.from_iterable(map(read_scoresheet, args.read)))
    _refuse(doc, given, args.read)
    print(*differences(doc, given), sep="\n")
    if args.save:
        print(f"wrote {folder / 'scores.csv'} with {keep_scores(folder, given)} rows")
    return 0


def _refuse(doc: Mapping[str, Any], given: Sequence[Mapping[str, str]], paths: Sequence[Path]) -> None:
    from incident_report.data.options import ids_in

    for column, part in (("option", "options"), ("objective", "objectives")):
        if strange := sorted({g[column] for g in given} - set(ids_in(doc, part))):
            raise BuildError(f"{paths[0]}: {strange[0]!r} is no {column} of policy_options.yml")
    names = [(g["scorer"], g["option"], g["objective"]) for g in given]
    if twice := next((n for n in names if names.count(n) > 1), None):
        raise BuildError(f"{twice[0]} scores {twice[1]} on {twice[2]} twice; give each person one sheet and one name")


def differences(doc: Mapping[str, Any], given: Sequence[Mapping[str, str]]) -> list[str]:
    """Where people differ most, the campaign's own scores among them: one line a score, the widest first."""
    own = {o["id"]: o["scores"] for o in doc["options"]}
    ranges: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for g in given:
        key = g["option"], g["objective"]
        mine = own[key[0]][key[1]]
        ranges.setdefault(key, [(mine["low"], mine["high"])]).append((int(g["low"]), int(g["high"])))
    apart = {k: max(map(sum, r)) / 2 - min(map(sum, r)) / 2 for k, r in ranges.items()}
    wide = sorted(filter(apart.get, apart), key=lambda k: (-apart[k], k))
    alike, people = len(apart) - len(wide), len({g["scorer"] for g in given})
    lines = [f"{people} scored {len(apart)} cells; on {alike} all have the campaign's own middle"]
    for key in wide[:_SHOWN]:
        shown = ", ".join(f"{a}-{b}" if a != b else f"{a}" for a, b in ranges[key])
        lines.append(f"  {key[0]}, {key[1]}: {shown} ({apart[key]:g} apart)")
    return [*lines, f"  and {len(wide) - _SHOWN} more"] if len(wide) > _SHOWN else lines
