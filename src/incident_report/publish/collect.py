"""Take the records out of executed notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.data.model import Dataset
from incident_report.data.row_sets import on_file, unpacked
from incident_report.data.spreadsheet import csv_bytes
from incident_report.errors import BuildError
from incident_report.present.records import MIME


@dataclass(frozen=True)
class Found:
    """A record where it was found."""

    notebook: str  # file name without suffix
    cell: str  # cell id
    kind: str  # figure, table or prose
    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Unique in the report."""
        return str(self.content["id"])

    def csv(self) -> bytes:
        """The data behind a figure or table: UTF-8, comma, LF; no cell that a spreadsheet would run."""
        data = self.content["data"]
        return csv_bytes([data["columns"], *data["rows"]])


def collect(executed: Mapping[Path, Any], data: Dataset) -> list[Found]:
    """Every record of the executed notebooks, in reading order; equal lists of rows are one object.

    Raises
    ------
    BuildError
        If an id occurs twice; both places are named.
    """
    found: list[Found] = []
    lists = _Lists(data)
    for path, node in executed.items():
        for cell in node.cells:
            for output in cell.get("outputs", ()):
                content = output.get("data", {}).get(MIME)
                if content is not None:
                    found.append(Found(path.stem, str(cell.get("id", "")), content["kind"], lists.unpacked(content)))
    places: dict[str, Found] = {}
    faults = []
    for one in found:
        first = places.setdefault(one.id, one)
        if first is not one:
            faults.append(
                f"{one.notebook}: cell {one.cell}: the id {one.id!r} was already used in "
                f"{first.notebook}, cell {first.cell}"
            )
    if faults:
        raise BuildError(*faults)
    return found


class _Lists:
    """The lists of rows that records name, each once."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._made: dict[str, list[str]] = {}

    @cached_property
    def _known(self) -> pd.Index:
        return on_file(self._data)

    def unpacked(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """A record's content with the ids that its traces rest on as lists."""
        if not content.get("trace"):
            return content
        return {**content, "trace": [t | {"rows": self._rows(t["rows"])} for t in content["trace"]]}

    def _rows(self, kept: list[str] | dict[str, Any]) -> list[str]:
        if isinstance(kept, list):
            return kept
        key = json.dumps(kept)
        if key not in self._made:
            self._made[key] = unpacked(kept, self._known)
        return self._made[key]


def rows_of(records: Iterable[Found]) -> set[str]:
    """The ids of all rows that records rest on."""
    lists = {id(t["rows"]): t["rows"] for t in held(records, "trace")}
    return set(chain.from_iterable(lists.values()))


def held(records: Iterable[Found], name: str) -> list[Any]:
    """What the contents of all records hold under a name, such as ``trace``."""
    return list(chain.from_iterable(one.content.get(name, ()) for one in records))
