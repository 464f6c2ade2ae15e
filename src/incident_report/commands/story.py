"""Hold a quarter's story against the data: the facts and their values, the text as it prints, what no longer holds."""

from __future__ import annotations

import argparse
import gc
from typing import TYPE_CHECKING

from incident_report.errors import UsageError

if TYPE_CHECKING:
    from incident_report.analysis.edition import Edition

HELP = "preview a quarter's story and name every sentence that does not hold"
_LEFT_OUT = ("none", "unknown", "")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--quarter", default="", metavar="2020Q3", help="edition; without it the newest")
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument("--facts", default="", metavar="NAME", help="list only this fact, such as rockets, two deep")


def run(args: argparse.Namespace) -> int:
    """Print facts, text and slips; 1 if a sentence is refused, or does not hold in a released story."""
    gc.disable()  # three seconds of work leave nothing to collect, and looking costs a tenth of them
    try:
        return _previewed(args)
    finally:
        gc.enable()


def _previewed(args: argparse.Namespace) -> int:
    from incident_report.analysis.open import open_edition
    from incident_report.data.report import fault_line
    from incident_report.paths import NOTEBOOKS
    from incident_report.present.story import faults, parts, story_of, written_part
    from incident_report.present.story_new import computed

    try:
        ed = open_edition(args.data, quarter=args.quarter)
    except ValueError as error:
        raise UsageError(str(error)) from None
    story = story_of(ed)
    _facts(ed, args.facts)
    print(f"\n{story.file} ({story.status})" if story else f"\nstory/{ed.quarter}.md is not there")
    for part in parts(ed):
        text = written_part(ed, part)
        print(f"\n[{part}, {len(text.split())} words]\n{text}")
    for part, text in computed(ed, NOTEBOOKS):
        print(f"\n[{part}, computed: not in the story]\n{text}")
    found = list(faults(ed))
    faulty = [fault_line(fault, args.data) for fault in found]
    print(f"\n{len(found) or 'no'} sentence{'s' * (len(found) != 1)} to look at", *faulty, sep="\n")
    return 1 if any(f.severity == "error" for f in found) else 0


def _facts(ed: Edition, name: str) -> None:
    """A line a fact that a value or a condition can read as it stands."""
    from incident_report.analysis.catalogue import SLOW, facts

    table = facts(ed, name, depth=2, without=() if name else SLOW)
    shown = table[table["verdict"].ne("") | ~table["value"].isin(_LEFT_OUT)]
    shown = shown[~shown["value"].str.startswith(("table of", "= "))] if not name else shown
    for row in shown.itertuples():
        print(f"{row.name:32}  {row.verdict:15}  {row.value}".rstrip())
