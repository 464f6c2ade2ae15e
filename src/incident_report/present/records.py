"""Figures, tables and paragraphs as records: content, description, data and provenance in one object.

A record shows itself in JupyterLab and travels in a notebook's output as JSON
(``application/vnd.nbtypst+json``), where the build finds it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import shared
from incident_report.analysis.result import Result, traces
from incident_report.data.row_sets import LONG, on_file, packed
from incident_report.paths import SEAL

MIME = "application/vnd.nbtypst+json"


@dataclass(frozen=True)
class Trace:
    """Where a number comes from.

    Parameters
    ----------
    function : str
        Dotted name of the analysis function.
    params : mapping
        What it was called with, beyond the edition.
    rows : iterable of str
        Ids of the incidents, tallies, claims or options behind it.
    value : str
        The number or statement as printed, optional.
    """

    function: str
    params: Mapping[str, Any] = field(default_factory=dict)
    rows: Iterable[Any] = ()
    value: str = ""

    def as_json(self) -> dict[str, Any]:
        """A JSON mapping with a total order."""
        return {
            "function": self.function,
            "params": {k: str(v) for k, v in sorted(self.params.items())},
            "rows": sorted(str(r) for r in self.rows),
            "value": self.value,
        }


@dataclass(frozen=True)
class Column:
    """How a table column is shown.

    Parameters
    ----------
    label : str
        Header text, with the unit where there is one.
    align : str
        ``left``, ``center``, ``right`` or ``decimal``.
    width : float or None
        Share of the table's width, or None to let the column find its own.
    """

    label: str
    align: str = "left"
    width: float | None = None


@dataclass(frozen=True)
class Record:
    """One figure, table, paragraph or box, ready to be shown anywhere."""

    kind: str
    content: Mapping[str, Any]
    data: pd.DataFrame | None = None

    def __repr__(self) -> str:
        text = self.content.get("title") or " ".join(self.content.get("paragraphs", ()))
        return f"<{self.kind} {self.content['id']}: {' '.join(str(text).split())[:80]}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle = {MIME: {"kind": self.kind, **self.content}, "text/plain": plain(self)}
        if not os.environ.get(SEAL):  # a build reads the record itself; HTML for people would cost it 0.1 s each
            from incident_report.present.lab import html
            from incident_report.present.opener import shell

            kernel = shell()
            bundle["text/html"] = html(self, ed=kernel.user_ns.get("ed") if kernel is not None else None)
        return bundle


def traced(ed: Edition, shown: Iterable[Result], read: Iterable[Result] = ()) -> list[dict[str, Any]]:
    """What a record keeps of the results that it rests on, as `analysis.result.traces`.

    In a build long lists of rows travel packed (`data.row_sets`); the build has them unpacked (`publish.collect`).
    """
    if not os.environ.get(SEAL):
        return traces(shown, read)

    def rows(ids: tuple[str, ...]) -> Any:
        if len(ids) <= LONG:
            return sorted(ids)
        known = shared(ed, "on_file", lambda: on_file(ed.data))
        return shared(ed, ("packed", ids), lambda: packed(ids, known))

    return traces(shown, read, rows)


def cell(value: Any) -> str:
    """A table cell as text: empty for missing, no trailing noise for floats, a day as one, `;` in lists as in the data.

    Examples
    --------
    >>> cell(pd.Timestamp("2020-07-05")), cell(pd.NaT), cell(("a", "b")), cell(()), cell(0.1 + 0.2)
    ('2020-07-05', '', 'a;b', '', '0.3')
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, (tuple, list)):
        return ";".join(map(str, value))
    return str(value)


def frame_json(data: pd.DataFrame) -> dict[str, Any]:
    """A DataFrame as ``{"columns": [...], "rows": [[...]]}`` of strings."""
    return {
        "columns": [str(c) for c in data.columns],
        "rows": [[cell(v) for v in row] for row in data.itertuples(index=False, name=None)],
    }


def show_table(
    data: pd.DataFrame,
    *,
    id: str,
    title: str,
    columns: Mapping[str, Column],
    caption: str = "",
    source: str = "",
    n: str = "",
    notes: Sequence[str] = (),
    trace: Sequence[Trace] = (),
    wide: bool = False,
    markdown: Sequence[str] = (),
    web_only: bool = False,
    csv: pd.DataFrame | None = None,
) -> Record:
    """A table record.

    Parameters
    ----------
    data : DataFrame
        One row a printed row; only the columns named in `columns` are printed, in that order.
    id : str
        ``tab-…``, unique in the report.
    title : str
        States the finding.
    caption, source, n, notes : Markdown (values from data through `phrase.escape`)
        `caption` how to read it, `source` where the numbers come from, `n` the base.
    markdown : sequence of column names
        Cells of these columns are Markdown (already escaped); all others are literal text.
    web_only : bool
        Stands on the web page and in the data, not in the printed report: for tables that repeat what
        a chart or a paragraph says, number by number.
    csv : DataFrame, optional
        Data to publish instead of `data` (unrounded numbers).
    """
    shown = data[list(columns)]
    content = {
        "id": id,
        "title": title,
        "caption": caption,
        "source": source,
        "n": closed(n),
        "notes": list(notes),
        "wide": wide,
        "web_only": web_only,
        "columns": [
            {"label": c.label, "align": c.align, "width": c.width, "markdown": name in markdown}
            for name, c in columns.items()
        ],
        "rows": frame_json(shown)["rows"],
        "data": frame_json(data if csv is None else csv),
        "trace": [t.as_json() for t in trace],
    }
    return Record("table", content, data)


def closed(text: str) -> str:
    """A note as a sentence: with its capital (but ``n = 27``) and its full stop."""
    text = text.strip()
    if not text.startswith("n ="):
        text = text[:1].upper() + text[1:]
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def show_prose(id: str, *paragraphs: str, trace: Sequence[Trace] = (), role: str = "") -> Record:
    """Computed paragraphs (Markdown). Empty ones are dropped; no paragraph at all shows nothing.

    Parameters
    ----------
    role : str
        ``""``, or ``observation``, ``inference``, ``judgement`` (marked as such), ``caveat``,
        ``finding`` (goes into the key-findings box).
    """
    kept = [p.strip() for p in paragraphs if p and p.strip()]
    content = {"id": id, "role": role, "paragraphs": kept, "trace": [t.as_json() for t in trace]}
    return Record("prose", content)


def bibliography(id: str = "txt-bibliography") -> Record:
    """Where the bibliography stands: in the report what is cited, in JupyterLab every source of the edition."""
    return show_prose(id, "::: {#refs}\n:::")


def plain(record: Record) -> str:
    """The record as plain text."""
    content = record.content
    if record.kind == "prose":
        return "\n\n".join(content["paragraphs"])
    if record.kind == "list":
        return "\n".join(" ".join(filter(None, item["parts"].values())) for item in content["items"])
    lines = [content["title"], content.get("alt", "")]
    return "\n".join(line for line in lines if line)
