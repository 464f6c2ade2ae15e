"""A printed sentence goes one way through the files of `src`, from the section's comparison to its record.

A *stay* is a call into another file, counted where a function is entered for the first time; calls into one file, one
after the other, are one stay. Left out are what Jinja calls while it writes, attributes that are read (properties), a
decorator's wrapper, periods, which are values, and `reads`, `noted`, `frozen` and `remember`, which keep books.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import incident_report
from incident_report.analysis.open import open_edition
from incident_report.analysis.series_facts import compare
from incident_report.paths import NOTEBOOKS
from incident_report.present.prose import written

HOUSE = Path(incident_report.__file__).parent
NO_ROOMS = {"periods.py", "reads.py", "frozen.py", "noted.py", "remember.py"}
MOST = 17  # stays of one comparison and the sentence on it


def passed_by(code: CodeType) -> bool:
    """Whether it belongs to who reads or wraps: a property, a comprehension, a dunder, a decorator's wrapper."""
    place = ".".join(Path(code.co_filename).relative_to(HOUSE.parent).with_suffix("").parts)
    kind = getattr(sys.modules.get(place), code.co_qualname.partition(".")[0], None)
    held = vars(kind).get(code.co_name) if isinstance(kind, type) else None
    return (
        code.co_name.startswith(("<", "__"))
        or code.co_name == "called"
        or isinstance(held, (property, cached_property))
    )


def rooms(frame: FrameType | None) -> Iterator[str]:
    """The file of a call and of every call above it."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def stays(run: Callable[[], Any]) -> list[str]:
    entered: dict[CodeType, str] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or code in entered or not ours(code.co_filename) or passed_by(code):
            return
        above = [*rooms(frame.f_back)]
        by = next(filter(ours, above), "")
        if by != code.co_filename and not any("jinja2" in f or f == "<template>" for f in above):
            entered[code] = code.co_filename

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return [str(Path(file).relative_to(HOUSE)) for file, _ in groupby(entered.values())]


def ours(file: str) -> bool:
    return file.startswith(str(HOUSE)) and Path(file).name not in NO_ROOMS


def test_a_comparison_and_its_sentence_enter_no_file_twice() -> None:
    ed = open_edition("data", quarter="2020Q3")
    cells = json.loads((NOTEBOOKS / "01_what_happened.ipynb").read_text("utf-8"))["cells"]
    head, _, text = next("".join(c["source"]) for c in cells if c["id"] == "txt-change").partition("\n")

    def say() -> None:
        written(head.removeprefix("%%prose "), text, {"ed": ed})

    way = stays(lambda: compare(ed, kind="baseline"))
    say()  # makes the facts that it reads
    way += stays(say)
    assert len(way) == len(set(way)) <= MOST, way
