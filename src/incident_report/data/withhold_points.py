"""Points no finer than the rules have them, wherever a table tells one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from incident_report.data.withhold_tables import Cells, Sheet

POINT = ("latitude", "longitude")
_NONE = Decimal("Infinity")
# Tables that tell what stands in one cell of an incident, and the columns in which they do.
TOLD = {
    "evidence": ("value",),
    "corrections": ("old", "new"),
    "double_coding": ("value",),
    "open_questions": ("proposed",),
}


class Points:
    """The rules for coordinates.

    Parameters
    ----------
    steps : mapping
        `coordinates` of the rules: ``sites`` and ``targets`` by kind, and ``routes``.
    """

    def __init__(self, steps: Mapping[str, Any]) -> None:
        self.steps = steps

    def coarsen(self, sheets: Callable[..., list[Sheet]]) -> None:
        """Move every point of the tables to the grid of its kind."""
        for sheet in sheets("sites"):
            _each(sheet, lambda row: _step(self.steps["sites"], row.get("precision", "")))
        for sheet in sheets("routes"):
            _each(sheet, lambda row: _size(self.steps["routes"]))
        by_row = self._by_row(sheets)
        for sheet in sheets("incidents"):
            _each(sheet, lambda row: by_row[row["incident_id"]])
        for sheet in sheets(*TOLD):
            for row in sheet.rows:
                if row.get("field") in POINT:
                    step = by_row.get(row.get("incident_id", ""), _NONE)
                    for column in TOLD[sheet.table]:
                        _coarsen(sheet, row, column, step)
            sheet.keep(lambda row: not (row.get("field") in POINT and says_nothing(row)))

    def _by_row(self, sheets: Callable[..., list[Sheet]]) -> dict[str, Decimal]:
        """Each incident's step: the coarsest of the kinds of target that it has or is corrected to."""
        return {i: max(_step(self.steps["targets"], k) for k in found) for i, found in targets(sheets).items()}


def targets(sheets: Callable[..., list[Sheet]]) -> dict[str, set[str]]:
    """The kinds of target that each incident has or is corrected to."""
    kinds = {r["incident_id"]: {r.get("target_category", "")} for s in sheets("incidents") for r in s.rows}
    for sheet in sheets("corrections"):
        for line in sheet.rows:
            if line.get("field") == "target_category" and line.get("incident_id") in kinds:
                kinds[line["incident_id"]].add(line.get("new", ""))
    return kinds


def _each(sheet: Sheet, step: Callable[[Cells], Decimal]) -> None:
    for row in sheet.rows:
        size = step(row) if any(row.get(c) for c in POINT) else _NONE
        for column in POINT:
            _coarsen(sheet, row, column, size)


def _coarsen(sheet: Sheet, row: Cells, column: str, step: Decimal) -> None:
    new = coarse(row.get(column, ""), step)
    if new != row.get(column, ""):
        row[column] = new
        sheet.changed = True


def coarse(text: str, step: Decimal) -> str:
    """A coordinate on a grid; unchanged where it lies there, or is no number (which the loader refuses).

    Examples
    --------
    >>> coarse("33.299", Decimal("0.01")), coarse("33.30", Decimal("0.1")), coarse("44.4", Decimal("Infinity"))
    ('33.3', '33.30', '')
    """
    if not text or not step.is_finite():
        return ""
    try:
        value = Decimal(text)
        near = (value / step).to_integral_value(ROUND_HALF_EVEN) * step
    except InvalidOperation:
        return text
    return text if near == value else f"{near.normalize():f}"


def _step(steps: Mapping[str, Any], kind: str) -> Decimal:
    return _size(steps.get(kind, steps["other"]))


def _size(step: Any) -> Decimal:
    return _NONE if step == "none" else Decimal(str(step))


def says_nothing(row: Cells) -> bool:
    """Whether what a row tells of a point is gone, or is no change any more."""
    if "old" in row:
        return row["old"] == row.get("new", "")
    return not (row.get("value") or row.get("proposed")) and row.get("status", "") not in ("silent", "not_checked")
