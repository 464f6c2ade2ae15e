"""Where each number of a report comes from: its records with their traces, and the rows behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import Any

import pandas as pd

from incident_report.data import Dataset, Series
from incident_report.data.cells import unknown
from incident_report.data.model import as_written
from incident_report.publish.collect import Found

# Columns of an incident that decide most questions about it.
FIELDS = (
    "target_category", "attack_method", "outcome", "confidence", "killed", "wounded", "date", "quarter", "governorate",
    "claimed_by", "attributed_to", "intercepted", "munition_count", "techniques",
)  # fmt: skip

_AT_ONCE = 5_000


def record_index(records: Sequence[Found], labels: Mapping[str, str]) -> dict[str, Any]:
    """Each record's place, words and trace, for `incident-report explain`."""
    index = {}
    for one in records:
        content = one.content
        text = "\n\n".join(content["paragraphs"]) if one.kind == "prose" else content.get("caption", "")
        index[one.id] = {
            "kind": one.kind,
            "label": labels.get(one.id, ""),
            "notebook": one.notebook,
            "cell": one.cell,
            "title": content.get("title", ""),
            "text": plain(text),
            "trace": list(content.get("trace", [])),
            "cells": _cells(content),
        }
    return index


def _cells(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a table or list prints, else what a figure draws: columns and rows of text."""
    if items := content.get("items"):
        columns = list(dict.fromkeys(name for item in items for name in item["parts"]))
        return {"columns": columns, "rows": [[plain(i["parts"].get(c) or "") for c in columns] for i in items]}
    if "columns" in content:
        printed = [[plain(cell) if c.get("markdown") else cell for cell, c in zip(row, content["columns"], strict=True)]
                   for row in content["rows"]]  # fmt: skip
        return {"columns": [c["label"] for c in content["columns"]], "rows": printed}
    return dict(content.get("data") or {})


def plain(markdown: str) -> str:
    """Markdown as it reads: escapes undone, emphasis dropped."""
    return re.sub(r"\\([^\w\s])", r"\1", re.sub(r"(?<!\\)(\*\*|\*|`)", "", markdown))


class Rows(dict[str, Any]):
    """The rows that traces name, by id: each is made when it is written, for a million would take gigabytes.

    Parameters
    ----------
    size : int
    pairs : callable
        Gives every id and its row, in order.
    """

    def __init__(self, size: int, pairs: Callable[[], Iterator[tuple[str, Any]]]) -> None:
        self._size, self._pairs = size, pairs

    def __len__(self) -> int:
        return self._size

    def items(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]  # all that json asks of a mapping
        """Each id and its row."""
        return self._pairs()


def row_index(data: Dataset, wanted: Iterable[str]) -> Rows:
    """The rows that traces name: where each stands, what it says, what it rests on.

    Parameters
    ----------
    wanted : iterable of str
        Ids of incidents and tallies; ids of anything else (claims, options) are left out.

    Returns
    -------
    Rows
        By id, in the order of ids; made as `items` is gone through.
    """
    ids = set(wanted)
    incidents = data.incidents[data.incidents["incident_id"].isin(ids)]
    tallies = data.tallies[data.tallies["tally_id"].isin(ids)]

    def pairs() -> Iterator[tuple[str, Any]]:
        urls = dict(zip(data.sources["source_id"], data.sources["url"].fillna(""), strict=True))
        lines = _line_numbers(data)
        return merge(_incidents(data, incidents, lines, urls), _tallies(tallies, lines, urls), key=itemgetter(0))

    return Rows(len(incidents) + len(tallies), pairs)


def _incidents(
    data: Dataset, table: pd.DataFrame, lines: Mapping[str, str], urls: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    asked = (
        "incident_id",
        "counted",
        "place",
        "summary",
        "sources",
        *FIELDS,
        *(c for s in data.campaign.series for c in s.where),
    )
    for row in _in_parts(table[[*dict.fromkeys(asked)]], "incident_id"):
        key = row["incident_id"]
        yield (
            key,
            {
                "kind": "incident",
                "at": lines.get(key, ""),
                "counted": bool(row["counted"]),
                "text": f"{row['date']:%Y-%m-%d} {row['place']}: {row['summary']}",
                "fields": {c: _text(row[c]) for c in FIELDS},
                "series": {s.id: [c for c in s.where if row[c] in s.where[c]] for s in _series_of(data, row)},
                "sources": {s: urls.get(s, "") for s in row["sources"]},
            },
        )


def _tallies(table: pd.DataFrame, lines: Mapping[str, str], urls: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for row in _in_parts(table, "tally_id"):
        key = row["tally_id"]
        yield (
            key,
            {
                "kind": "tally",
                "at": lines.get(key, ""),
                "text": (
                    f"{row['tracker']}: {row['count']} {row['unit']} ({row['bound']}), {row['series']}, "
                    f"{row['start']:%Y-%m-%d} to {row['end']:%Y-%m-%d}"
                ),
                "fields": {"scope": _text(row["scope"])},
                "sources": {row["source"]: urls.get(row["source"], "")},
            },
        )


def _in_parts(table: pd.DataFrame, key: str) -> Iterator[dict[Hashable, Any]]:
    """Rows by a key, some thousand at once."""
    table = table.sort_values(key)
    for start in range(0, len(table), _AT_ONCE):
        yield from as_written(table.iloc[start : start + _AT_ONCE]).to_dict("records")


def _series_of(data: Dataset, row: Mapping[Any, Any]) -> list[Series]:
    return [s for s in data.campaign.series if all(row[c] in allowed for c, allowed in s.where.items())]


def _line_numbers(data: Dataset) -> dict[str, str]:
    """Id -> ``incidents/2020Q3.csv:14`` (the line on which the row starts; the header is line 1)."""
    import csv

    found: dict[str, str] = {}
    paths = [*sorted((data.folder / "incidents").glob("*.csv")), data.folder / "tallies.csv"]
    for path in paths:
        if not path.exists():
            continue
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            key = next((i for i, name in enumerate(next(reader, [])) if name in ("incident_id", "tally_id")), None)
            start = reader.line_num + 1
            for row in reader:
                if key is not None and len(row) > key:
                    found[row[key].strip()] = f"{path.relative_to(data.folder).as_posix()}:{start}"
                start = reader.line_num + 1
    return found


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "" if unknown(value) else str(value)
