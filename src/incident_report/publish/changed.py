"""What a correcting version says differently where a report is read first: the front, leads, options, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from incident_report.publish.annex import split
from incident_report.publish.collect import Found

HEADLINE, LEAD, OPTIONS = "headline", "lead-", "lead-what-can-be-done"
_AROUND, _MOST = 2, 12  # words on either side of what differs; differing words, beyond which a passage is reworded
_SPAN = re.compile(r"\[([^\[\]]*)\]\{[^{}]*\}")
_CITED = re.compile(r"\s*\[@[^\[\]]*\]")
_SENTENCE = re.compile(r"(?<=[.!?؟])\s+|\n+")
_SIGNS = ".,;:()“”‘’\"'…"
_CELL = ": "


class Place(NamedTuple):
    """Where a record stands: what it is called, and whether it is told whole or by its title alone."""

    name: str
    whole: bool


def read_first(executed: Mapping[Path, Any], records: Sequence[Found]) -> dict[str, Place]:
    """Records of the report's body: front, leads of chapters and the chapter on options whole, of others the titles."""
    body = {(path.stem, str(c.get("id", ""))) for path, node in executed.items() for c in split(node.cells)[0]}
    chapters = {path.stem: _title(node.cells) for path, node in executed.items()}
    whole = {one.notebook for one in records if one.id in (HEADLINE, OPTIONS)}
    return {
        one.id: Place(
            str(one.content.get("label") or one.content.get("title") or chapters[one.notebook]),
            one.notebook in whole or one.id.startswith(LEAD),
        )
        for one in records
        if (one.notebook, one.cell) in body
    }


def _title(cells: Sequence[Any]) -> str:
    found = (re.match(r"# +(.+)", str(c.source).lstrip()) for c in cells if c.cell_type == "markdown")
    return next((one[1].strip() for one in found if one), "")


def statements(
    before: Mapping[str, Any], now: Mapping[str, Any], places: Mapping[str, Place]
) -> Iterator[dict[str, str]]:
    """Every passage that reads differently: ``id``, ``place``, what was said ``before`` and is said ``now``.

    Parameters
    ----------
    before, now : mapping
        Records of two versions, as in provenance.json.
    places : mapping
        What `read_first` gives.
    """
    for id, (name, whole) in places.items():
        pairs = _pairs(_parts(before.get(id, {}), whole), _parts(now[id], whole))
        yield from ({"id": id, "place": name, "before": a, "now": b} for a, b in pairs)
    for id, one in before.items():
        if id.startswith(LEAD) and id not in now:
            yield {"id": id, "place": "", "before": " ".join(_parts(one, whole=True)), "now": ""}


def _parts(record: Mapping[str, Any], whole: bool) -> list[str]:
    """A record in parts that can be set side by side: its title, sentences, cells."""
    found = [_plain(str(record.get("title", "")))]
    if whole:
        found += map(_plain, _SENTENCE.split(str(record.get("text", ""))))
        cells = record.get("cells") or {}
        listed = record.get("kind") == "list"  # whose rows are items, each read as one
        found += [_plain(" ".join(row)) for row in cells.get("rows", ()) if listed]
        for row in () if listed else cells.get("rows", ()):
            named = zip(cells["columns"], row, strict=False)
            found += [
                _plain(f"{row[0]}, {name}{_CELL}{cell}" if i else str(cell)) for i, (name, cell) in enumerate(named)
            ]
    return [part for part in found if part]


def _plain(text: str) -> str:
    return " ".join(_SPAN.sub(r"\1", _CITED.sub("", text)).split())


def _pairs(before: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Parts that differ, each beside what stands in its place."""
    for kind, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if b - a == d - c:
            yield from zip(before[a:b], now[c:d], strict=True)
        else:
            yield " ".join(before[a:b]), " ".join(now[c:d])


def differing(before: str, now: str) -> list[tuple[str, str]]:
    """The words that differ with those beside them, place by place; empty where the passage is reworded.

    Examples
    --------
    >>> differing("There were two dead in a house beside it.", "There were three dead in a house beside it.")
    [('There were two dead in …', 'There were three dead in …')]
    """
    a, b = before.split(), now.split()
    found: list[list[int]] = []
    for kind, *at in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if found and at[0] - found[-1][1] <= 2 * _AROUND:
            found[-1][1], found[-1][3] = at[1], at[3]
        else:
            found.append(at)
    if not a or not b or max((max(f[1] - f[0], f[3] - f[2]) for f in found), default=0) > _MOST:
        return []
    return [(_window(a, f[0], f[1]), _window(b, f[2], f[3])) for f in found]


def _window(words: Sequence[str], start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(words), end + _AROUND)
    shown = " ".join(words[first:last])
    return f"{'… ' if first else ''}{shown}{' …' if last < len(words) else ''}"


def told_already(before: str, now: str, pairs: set[tuple[str, str]]) -> bool:
    """Whether two passages differ in nothing but words that are told elsewhere, each as (before, now) in `pairs`."""
    a, b = ([w.strip(_SIGNS).casefold() for w in text.split()] for text in (before, now))
    return len(a) == len(b) and all(one in pairs for one in zip(a, b, strict=True) if one[0] != one[1])
