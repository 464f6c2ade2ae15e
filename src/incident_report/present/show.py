"""`show`: a chart or a result becomes a record, with its words from the phrasebook and its trace from the result."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from incident_report.analysis.edition import Edition
from incident_report.analysis.facts import results_in
from incident_report.analysis.result import Result, all_verdicts
from incident_report.analysis.what_happened import series_of
from incident_report.data.cells import unknown
from incident_report.data.story import DATES
from incident_report.present.entries import WordsError
from incident_report.present.records import Column, Record, closed, frame_json, traced
from incident_report.present.story import Dated, dates, told
from incident_report.present.theme import figure_content
from incident_report.present.words import Words, reads, words_of
from incident_report.reads import apart

MOST_ROWS = 20_000  # of a record's own data; data.zip has every row on file
# Columns whose number decides a verdict: the limit, and the values that the cell prints.
LIMITS = {
    "p": (0.05, ("p",)),
    "p_adjusted": (0.05, ("p_adjusted",)),
    "ratio": (1.0, ("ratio",)),
    "interval": (1.0, ("low", "high")),
}


@apart
def show(
    shown: Axes | Figure | Iterable[Axes] | Result | pd.DataFrame,
    *given: Result | str,
    columns: Mapping[str, Column] | None = None,
    web_only: bool = False,
    wide: bool = False,
    look: str = "",
    carry: Mapping[str, Any] | None = None,
    **names: Any,
) -> Record:
    """A record of a chart or a table.

    Parameters
    ----------
    shown : Axes, Figure or several Axes; or Result or DataFrame
        A chart, drawn inside `theme()` by one of the chart forms, or the table to print.
    *given : Result …, str
        What the chart or table rests on, then the id. The results' calls are the trace, the first one's
        table is the data. The id, ``fig-…`` or ``tab-…``, is a heading of the phrasebook, where title,
        caption, alternative text and column heads stand.
    columns : mapping of column -> Column, optional
        A table's columns and their widths. Without it those that the phrasebook names, in its order, by
        ``### column-<name>``; ``### cell-<name>`` writes a cell (Markdown; it reads `row` and `value`), or else
        ``### cell-any``.
    web_only, wide : bool
        As for `records.show_table`.
    look : str
        How a table is set where not as usual: ``glance``, small and in groups.
    carry : mapping, optional
        Plain values that travel with the record, such as the predictions that the next edition scores.
    **names
        Further values for the words, which read the rows that a table prints as ``rows``.

    Returns
    -------
    Record
        The chart stays usable: it is drawn, not closed.

    Raises
    ------
    WordsError
        If the phrasebook has no words for the id, or they read what is not there.
    ValueError
        If a figure has no alternative text, is too wide, or holds text below 7 points.
    """
    id, made = _asked(shown, *given)
    ed = made[0].edition
    words = words_of(ed)
    facts = _facts(words, id, ed, names)
    printed = shown.table if isinstance(shown, Result) else shown if isinstance(shown, pd.DataFrame) else pd.DataFrame()
    rows: Any = printed.rename(columns=str).to_dict("records")
    context = {"ed": ed, "result": made[0], "results": made, "rows": rows, **facts, **names}
    written = words.record(id, context)
    table = made[0].table
    rests = [*results_in(tuple(facts.values()))]
    cut = words.phrase("data_cut", MOST_ROWS, len(table)) if len(table) > MOST_ROWS else ""
    content: dict[str, Any] = {
        "id": id,
        "title": written.get("title", ""),
        "caption": written.get("caption", ""),
        "source": " ".join(filter(None, (written.get("source", ""), cut))),
        "n": closed(written.get("n", "")),
        "web_only": web_only,
        "data": frame_json(table.head(MOST_ROWS)),
        "trace": traced(ed, made, rests),
        "verdicts": all_verdicts(made),
        **(carry or {}),
    }
    if isinstance(shown, (Result, pd.DataFrame)):
        content |= _table(words, id, printed, rows, columns, context) | {"wide": wide, "look": look}
        return Record("table", content, table)
    if not written.get("alt"):
        raise ValueError(f"{id}: a figure needs an alternative text: '### alt' under '## {id}' in the phrasebook")
    content |= figure_content(_figure(shown), id) | {"alt": " ".join(written["alt"].split())}
    return Record("figure", content, table)


def _asked(*given: Any) -> tuple[str, list[Result]]:
    """The id, which stands last, and the results among what is given."""
    id, made = given[-1], [r for r in given if isinstance(r, Result)]
    if not isinstance(id, str) or not id or not made:
        raise ValueError('say what is shown, which result it rests on and its id: show(ax, counts, "fig-counts")')
    return id, made


@apart
def show_list(made: Result, id: str, look: str, colours: Mapping[str, str] | None = None) -> Record:
    """A result as a list: each row an item, whose parts the phrasebook writes.

    Parameters
    ----------
    id : str
        A heading of the phrasebook; ``### cell-<part>`` writes a part (Markdown; it reads `row` and `value`), in
        its order, ``### title`` says what the list holds.
    look : str
        How it is set: ``numbers`` or ``timeline``.
    colours : mapping of key -> colour, optional
        Colour of the items, by the table's first column that has one of the keys.
    """
    words = words_of(made.edition)
    facts = _facts(words, id, made.edition)
    context = {"ed": made.edition, "result": made, **facts}
    if id == DATES and (said := dates(made.edition)):
        return _told(made.edition, said, look, words.field(id, "title", context), colours or {})
    parts = _after("cell-", words.entries[id].fields)
    rows = made.records
    texts = [words.cells(id, f"cell-{p}", [r.get(p) for r in rows], rows, context) for p in parts]
    shades = [_shade(r, colours or {}) for r in rows]
    content = {
        "id": id,
        "look": look,
        "title": words.field(id, "title", context),
        "items": [
            {"colour": shade, "parts": dict(zip(parts, one, strict=True))}
            for shade, one in zip(shades, zip(*texts, strict=True), strict=True)
        ],
        "data": frame_json(made.table),
        "trace": traced(made.edition, [made], results_in(tuple(facts.values()))),
    }
    return Record("list", content, made.table)


def _shade(row: Mapping[str, Any], colours: Mapping[str, str]) -> str:
    return next((c for v in row.values() if (c := colours.get(str(v)))), "")


def _told(ed: Edition, said: tuple[Dated, ...], look: str, title: str, colours: Mapping[str, str]) -> Record:
    """The quarter's dates as its story tells them, in place of those that were chosen by rule."""
    words, rows = words_of(ed), ed.data.incidents.set_index("incident_id", drop=False)
    series = series_of(rows, ed.campaign.series)
    shades = [colours.get(str(series[d.incidents[0]]), "") if d.incidents else "" for d in said]
    data = pd.DataFrame(
        [(d.day, d.text.strip("~"), " ".join(d.incidents), " ".join(d.sources)) for d in said],
        columns=["date", "text", "incidents", "sources"],
    )
    parts = [{"day": words.phrase("short_day", d.day), "told": d.text} for d in said]
    rests = told(ed, DATES)
    content = {
        "id": DATES, "look": look, "title": title, "data": frame_json(data),
        "trace": traced(ed, rests.rests if rests else ()),
        "items": [{"colour": c, "parts": p} for c, p in zip(shades, parts, strict=True)],
    }  # fmt: skip
    broken = [vars(b) for b in rests.broken] if rests else []
    return Record("list", content | ({"broken": broken} if broken else {}), data)


def _facts(words: Words, id: str, ed: Edition, given: Collection[str] = ()) -> dict[str, Any]:
    """The facts that a record's words read, beside the names that they are given."""
    entry = words.entries.get(id)
    if entry is None:
        raise WordsError(f"no file of the phrasebook has words for {id!r}: write a heading '## {id}'")
    wanted = {name for _, source in entry.fields.values() for name in reads(source)}
    return {name: ed.facts[name] for name in wanted if name in ed.facts and name not in given}


def _figure(shown: Axes | Figure | Iterable[Axes]) -> Figure:
    one: Any = shown
    while not isinstance(one, (Axes, Figure)):
        one = next(iter(one))
    found = one if isinstance(one, Figure) else one.get_figure()
    assert isinstance(found, Figure)
    return found


def _table(
    words: Words,
    id: str,
    table: pd.DataFrame,
    rows: Sequence[dict[str, Any]],
    columns: Mapping[str, Column] | None,
    context: Mapping[str, Any],
) -> dict[str, Any]:
    """Heads and cells: the columns that the phrasebook names (all where it names none), each cell as it says.

    A column whose head comes out empty is left out, and so is one, but for the first, in which nothing stands.
    """
    heads, filled, limits = list[dict[str, Any]](), list[list[Any]](), list[dict[str, Any]]()
    for name, head, cells in _columns(words, id, table, rows, columns or {}, context):
        if not head["label"] or (heads and rows and not any(str(c).strip() for c in cells)):
            continue
        limits += _limits(table, name, rows, len(heads))
        heads.append(head)
        filled.append(cells)
    fields = words.entries[id].fields
    notes = [words.field(id, f"note{rest}", context) for rest in _after("note", fields)]
    made = [*map(list, zip(*filled, strict=True))]
    return {"columns": heads, "rows": made, "notes": [*filter(None, notes)], "limits": limits}


def _columns(
    words: Words,
    id: str,
    table: pd.DataFrame,
    rows: Sequence[dict[str, Any]],
    columns: Mapping[str, Column],
    context: Mapping[str, Any],
) -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    """Every column's name, head and cells, those too that are left out."""
    fields = words.entries[id].fields
    named = _after("column-", fields)
    for name in map(str, columns or named or table.columns):
        own = columns.get(name, Column("" if name in named else name, _align(table, name)))
        label = words.field(id, f"column-{name}", context) or own.label
        source = f"cell-{name}" if f"cell-{name}" in fields else "cell-any"
        head = {"label": label, "align": own.align, "width": own.width, "markdown": source in fields}
        yield name, head, _cells(words, id, source, name, rows, context) if label else []


def _after(start: str, fields: Iterable[str]) -> list[str]:
    """What follows a start in the names of fields that have it."""
    return [f.removeprefix(start) for f in fields if f.startswith(start)]


def _cells(
    words: Words, id: str, source: str, name: str, rows: Sequence[dict[str, Any]], context: Mapping[str, Any]
) -> list[Any]:
    """A column's cells: as the phrasebook says, or else as they are."""
    values = [row.get(name) for row in rows]
    if source in words.entries[id].fields:
        return words.cells(id, source, values, rows, context)
    return ["–" if unknown(v) else words.plain(v) for v in values]


def _limits(table: pd.DataFrame, name: str, rows: Sequence[Mapping[str, Any]], place: int) -> list[dict[str, Any]]:
    """What a column's cells must stay on their side of, where it decides a verdict."""
    if name not in LIMITS or (name == "interval" and "ratio" not in table):
        return []
    at, wanted = LIMITS[name]
    known = [[float(r[w]) for w in wanted if not unknown(r[w]) and math.isfinite(r[w])] for r in rows]
    return [{"column": place, "at": at, "values": known}]


def _align(table: pd.DataFrame, name: str) -> str:
    """Numbers to the right; a column that only the phrasebook makes stands left."""
    return "right" if name in table and pd.api.types.is_numeric_dtype(table[name]) else "left"
