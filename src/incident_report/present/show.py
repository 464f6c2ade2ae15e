"""`show`: a chart or a result becomes a record, with its words from the phrasebook and its trace from the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from incident_report.analysis.facts import results_in
from incident_report.analysis.result import Result
from incident_report.present.records import Column, Record, cell, closed, frame_json
from incident_report.present.theme import figure_content
from incident_report.present.words import WordsError, reads, words_of


def show(
    shown: Axes | Figure | Iterable[Axes] | Result | pd.DataFrame,
    *given: Result | str,
    columns: Mapping[str, Column] | None = None,
    web_only: bool = False,
    wide: bool = False,
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
        How a table's columns are set; labels come from the phrasebook's ``column-<name>`` where given there.
    web_only, wide : bool
        As for `records.show_table`.
    **names
        Further values for the words.

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
    *rest, last = given or ("",)
    made = [r for r in (shown, *rest) if isinstance(r, Result)]
    if not isinstance(last, str) or not last or not made:
        raise ValueError('say what is shown, which result it rests on and its id: show(ax, counts, "fig-quarterly")')
    id, ed = last, made[0].edition
    words = words_of(ed)
    wanted = {n for _, source in _fields(words, id) for n in reads(source)}
    facts = {n: ed.facts[n] for n in wanted if n in ed.facts and n not in names}
    context = {"ed": ed, "result": made[0], "results": made, **facts, **names}
    written = words.record(id, context)
    trace = {r.digest(): r.trace() for r in [*made, *(r for v in facts.values() for r in results_in(v))]}
    content: dict[str, Any] = {
        "id": id,
        "title": written.get("title", ""),
        "caption": written.get("caption", ""),
        "source": written.get("source", ""),
        "n": closed(written.get("n", "")),
        "web_only": web_only,
        "data": frame_json(made[0].table),
        "trace": [trace[k] for k in sorted(trace)],
    }
    if isinstance(shown, (Result, pd.DataFrame)):
        table = shown.table if isinstance(shown, Result) else shown
        content |= _table(table, columns, written) | {"wide": wide}
        return Record("table", content, made[0].table)
    if not written.get("alt"):
        raise ValueError(f"{id}: a figure needs an alternative text: '### alt' under '## {id}' in the phrasebook")
    content |= figure_content(_figure(shown), id) | {"alt": " ".join(written["alt"].split())}
    return Record("figure", content, made[0].table)


def _fields(words: Any, id: str) -> list[tuple[str, str]]:
    entry = words.entries.get(id)
    if entry is None:
        raise WordsError(f"no file of the phrasebook has words for {id!r}: write a heading '## {id}'")
    return [(field, source) for field, (_, source) in entry.fields.items()]


def _figure(shown: Axes | Figure | Iterable[Axes]) -> Figure:
    one: Any = shown
    while not isinstance(one, (Axes, Figure)):
        one = next(iter(one))
    found = one if isinstance(one, Figure) else one.get_figure()
    assert isinstance(found, Figure)
    return found


def _table(table: pd.DataFrame, columns: Mapping[str, Column] | None, written: Mapping[str, str]) -> dict[str, Any]:
    columns = columns or {str(c): Column("") for c in table.columns}
    heads = []
    for name, column in columns.items():
        label = written.get(f"column-{name}") or column.label or str(name).replace("_", " ").capitalize()
        heads.append({"label": label, "align": column.align, "width": column.width, "markdown": False})
    rows = [[cell(v) for v in row] for row in table[list(columns)].itertuples(index=False, name=None)]
    notes = [text for field, text in written.items() if field.startswith("note")]
    return {"columns": heads, "rows": rows, "notes": notes}
