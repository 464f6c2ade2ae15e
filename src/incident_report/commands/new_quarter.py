"""Start a period: an incidents file with the header alone, and a story with every part as a note.

Called again when the rows are in, it writes the computed text into the notes of a story that nobody has begun.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from incident_report.errors import UsageError
from incident_report.periods import EXAMPLES, Period

HELP = "start the incidents file and the story of a new period (a quarter, or what report.yml says)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("quarter", nargs="?", default="", metavar="2020Q4", help="the new quarter, month or year")
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")


def run(args: argparse.Namespace) -> int:
    """Write the header; an existing file is never touched."""
    from incident_report.data import check, new_quarter
    from incident_report.data.campaign import unit_of
    from incident_report.data.folders import available, data_folder, shown
    from incident_report.data.newquarter import new_story
    from incident_report.present.story_new import scaffold

    folder = data_folder(args.data)
    there, unit = available(folder), unit_of(folder)
    quarter = _asked(args.quarter, there, unit)
    if str(quarter) in there and (story := _leads(folder, quarter)):
        print(
            f"wrote {shown(story)} with the computed text of every part as a note to edit: make story QUARTER={quarter}"
        )
        return 0
    path, reminders = new_quarter(folder, quarter)
    data, _ = check(folder)
    options = (data.options or {}).get("options", ()) if data else ()
    story = new_story(folder, quarter, scaffold(quarter, data.campaign if data else None, options))
    print(f"wrote {shown(path)} with the header and no row. Now fill:", *reminders, sep="\n  - ")
    if story:
        print(f"wrote {shown(story)} with every part as a note; make story QUARTER={quarter} shows the computed text")
    print(f"Then: make check-data, and make report QUARTER={quarter}. docs/new-quarter.md tells more.")
    print(
        f"With the rows in, make new-quarter QUARTER={quarter} again writes the computed text into the story's notes."
    )
    return 0


def _leads(folder: Path, quarter: Period) -> Path | None:
    """The story with computed leads, where the period has rows and nobody has begun to write; else None."""
    from incident_report.analysis.open import edition_of
    from incident_report.data import check
    from incident_report.data.story import FOLDER
    from incident_report.data.writing import write_file
    from incident_report.paths import NOTEBOOKS
    from incident_report.present.story_new import computed, scaffold

    data, _ = check(folder)
    if data is None or not (data.incidents["quarter"] == str(quarter)).any():
        return None
    options = (data.options or {}).get("options", ())
    path = folder / FOLDER / f"{quarter}.md"
    empty = scaffold(quarter, data.campaign, options)
    if path.exists() and path.read_text("utf-8") != empty:
        return None
    path.parent.mkdir(exist_ok=True)
    told = dict(computed(edition_of(data, str(quarter)), NOTEBOOKS))
    write_file(path, scaffold(quarter, data.campaign, options, told).encode("utf-8"))
    return path


def _asked(text: str, there: Sequence[str], unit: str) -> Period:
    """The period that is to be started."""
    if not text:
        after = f", such as {Period.parse(there[-1]).shift(1)}" if there else f", like {EXAMPLES[unit]}"
        raise UsageError(f"say which {unit}{after}; there are {', '.join(there) or 'none'}")
    try:
        return Period.parse(text, unit)
    except ValueError as error:
        raise UsageError(str(error)) from None
