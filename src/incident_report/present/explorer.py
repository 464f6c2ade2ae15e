"""The explorer's data and module: one packed payload, one joined ES module, for JupyterLab and the page alike.

The payload is gzip of: the header's length (u32, little-endian), the header as JSON, zeros to a multiple of 8, then
buffers, each from a multiple of 8 on and counted from the first. The module is the files of templates/explorer, each
after what it imports, without their comments for readers of the source, their imports and, but for the last, exports:
no bundler, the same bytes everywhere.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.explorer import kinds, searched
from incident_report.analysis.public import windows
from incident_report.analysis.rates import garwood
from incident_report.paths import TEMPLATES
from incident_report.periods import Window
from incident_report.present.explorer_columns import Buffers, columns, words
from incident_report.present.explorer_map import ground
from incident_report.present.lean import script
from incident_report.present.sources import name_of, source_names
from incident_report.present.words import words_of
from nbtypst.ast import printable

FOLDER = TEMPLATES / "explorer"
FIRST = "mount.js"  # imports, in the end, all others
VERSION = 1
MOST_LIMITS = 2000  # counts whose exact limits travel with the data
FACETS = ("target_category", "attack_method", "confidence", "governorate", "attributed_to")
TABLE = (
    "date", "place", "governorate", "target_category", "attack_method", "killed", "wounded", "confidence",
    "outcome", "incident_id",
)  # fmt: skip
_IMPORT = re.compile(r'^import \{[^{}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*/\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
_WEB = re.compile(r"https?://", re.IGNORECASE)


DATA = "data"  # the campaign folder that commands take where none is named


def payload(ed: Edition, *, anchors: bool = False, cite: str = "", data: str = DATA) -> bytes:
    """Everything that the explorer shows of an edition, packed.

    Parameters
    ----------
    ed : Edition
    anchors : bool
        Whether the page that holds it may have an address ``#<incident_id>`` for an incident.
    cite : str
        How an incident is cited, with ``{id}`` and ``{address}`` (from the sign # on) to be filled in; empty where
        the page does not say.
    data : str
        The campaign folder as the command line names it, for the command that builds a report on a view.

    Returns
    -------
    bytes
        The same for the same edition.
    """
    buffers, there = Buffers(), kinds(ed)
    limits = [garwood(c) for c in range(min(len(ed.listed), MOST_LIMITS) + 1)]
    header = {
        "version": VERSION,
        "title": printable(ed.campaign.title),
        "edition": str(ed.quarter),
        "campaign": printable(ed.campaign.country),
        "lang": str(words_of(ed).locale).replace("_", "-"),
        "rows": len(ed.listed),
        "data": "" if data == DATA else printable(data),
        "as_of": ed.data.as_of.isoformat() if ed.data.as_of else None,
        "floor": ed.confidence_floor,
        "columns": columns(ed, buffers),
        "facets": [*filter(there.__contains__, FACETS)],
        "table": [*filter(there.__contains__, TABLE)],
        "search": searched(ed),
        "unit": ed.quarter.unit,
        "periods": {by: _periods(ed, by) for by in dict.fromkeys((ed.quarter.unit, "quarter", "month", "week"))},
        "covered": [list(span) for span in _covered(ed)],
        "limits": {side: buffers.add(np.array([pair[i] for pair in limits])) for i, side in enumerate(("low", "high"))},
        "map": ground(ed),
        "sources": _sources(ed),
        "evidence": _evidence(ed),
        "anchors": anchors,
        "cite": printable(cite),
        "words": words(words_of(ed).language),
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
    start = len(text).to_bytes(4, "little") + text
    return gzip.compress(start + bytes(-len(start) % 8) + bytes(buffers.data), 6, mtime=0)


def texts(packed: bytes) -> Iterator[str]:
    """Everything in a payload that is text."""
    raw = gzip.decompress(packed)
    end = 4 + int.from_bytes(raw[:4], "little")
    body = raw[end + -end % 8 :]

    def within(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from within(one)
        elif isinstance(value, dict) and value.get("type") == "utf8":
            yield body[value["at"] : value["at"] + value["length"]].decode()
        elif isinstance(value, dict):
            yield from within([*value, *value.values()])

    yield from within(json.loads(raw[4:end]))


@cache
def module() -> str:
    """The explorer as one ES module, which ends with `mount` and anywidget's `render`."""
    *files, last = _files(FIRST)
    return "\n".join([*(_EXPORT.sub("", text) for _, text in files), last[1]])


def page_script() -> str:
    """The module and after it what starts it in a page, in fewer signs."""
    inside = dict(_files(FIRST))
    return script("\n".join([module(), *(text for name, text in _files("page.js") if name not in inside)]))


def _files(first: str) -> list[tuple[str, str]]:
    """Name and text of a file and of all that it needs, each after what it imports, without those lines."""
    found: dict[str, str] = {}

    def visit(name: str) -> None:
        text = (FOLDER / name).read_text("utf-8")
        for needed in _IMPORT.findall(text):
            if needed not in found:
                visit(needed)
        found[name] = _COMMENT.sub("", _IMPORT.sub("", text))

    visit(first)
    return list(found.items())


def styles() -> str:
    """The explorer's rules, all of which begin with its own class."""
    return (FOLDER / "explorer.css").read_text("utf-8")


def explore(ed: Edition, view: Mapping[str, Any] | None = None) -> Any:
    """The explorer in JupyterLab: time, map, bars and table, linked.

    Parameters
    ----------
    ed : Edition
    view : mapping, optional
        What to begin with, as `analysis.explorer.select` takes it; ``x.view`` of another explorer.

    Returns
    -------
    Explorer
        A widget. ``x.view`` is what it shows now, and can be set; ``x.selection`` is a DataFrame of the selected
        rows, which every question takes.

    Raises
    ------
    ValueError
        For a view that cannot be read; the message names its key.

    Examples
    --------
    >>> x = explore(ed, {"where": {"attack_method": ["rocket"]}})  # doctest: +SKIP
    >>> count(ed, x.selection, by="month")  # doctest: +SKIP
    """
    from incident_report.present.explorer_widget import Explorer  # with it come ipywidgets

    return Explorer(ed, view)


def _periods(ed: Edition, by: str) -> dict[str, Any]:
    named = list(windows(ed, by))
    return {
        "labels": [name for name, _ in named],
        "start": [_number(w.start) for _, w in named],
        "end": [_number(w.end) for _, w in named],
        "days": [ed.record().covered_days(w) for _, w in named],
    }


def _covered(ed: Edition) -> Iterable[tuple[int, int]]:
    """First and last day of each stretch that incident files cover, to the edition's last day."""
    whole = Window(ed.quarters[0].start, ed.quarter.end)
    spans = [part for q in ed.quarters if (span := ed.coverage(q)) and (part := span.overlap(whole))]
    merged: list[tuple[int, int]] = []
    for start, end in sorted((_number(s.start), _number(s.end)) for s in spans):
        joins = merged and start <= merged[-1][1] + 1
        merged[-1:] = [(merged[-1][0], max(end, merged[-1][1]))] if joins else [*merged[-1:], (start, end)]
    return merged


def _number(day: Any) -> int:
    return (pd.Timestamp(day) - pd.Timestamp(0)).days


def _sources(ed: Edition) -> dict[str, dict[str, str]]:
    """Sources of the incidents and of what evidence says on them, by id."""
    cited = {s for cell in ed.listed["sources"] for s in cell} | {
        e["source"] for r in _evidence(ed).values() for e in r
    }
    rows, told = ed.data.sources.set_index("source_id").fillna("").to_dict("index"), source_names(ed)
    return {
        id: {
            "label": printable(name_of(told[id])),
            "title": printable(str(rows[id]["title"])),
            "url": str(rows[id]["url"]) if _WEB.match(str(rows[id]["url"])) else "",
            "language": str(rows[id]["language"]),
        }
        for id in sorted(cited & rows.keys())
    }


def _evidence(ed: Edition) -> dict[str, list[dict[str, str]]]:
    """What each source says of each cell, by incident; nothing where nobody looked."""
    wanted = ["incident_id", "field", "value", "source_id", "status", "note"]
    rows = ed.data.evidence[wanted].astype(object).fillna("").sort_values("incident_id", kind="stable")
    found: dict[str, list[dict[str, str]]] = {}
    listed = set(ed.listed["incident_id"])
    for id, field, value, source, says, note in rows.itertuples(index=False):
        if id in listed:
            said = {"field": field, "value": printable(value), "source": source, "says": says, "note": printable(note)}
            found.setdefault(id, []).append(said)
    return found
