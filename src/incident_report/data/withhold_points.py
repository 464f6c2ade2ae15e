"""Points no finer than the rules have them, wherever a table tells one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from incident_report.data.columns import Cells, places
from incident_report.data.withhold_tables import Sheet

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
            _each(sheet, [_step(self.steps["sites"], kind) for kind in sheet.column("precision")])
        for sheet in sheets("routes"):
            _each(sheet, [_size(self.steps["routes"])] * len(sheet.lines))
        by_row = self._by_row(sheets)
        for sheet in sheets("incidents"):
            _each(sheet, [by_row[ident] for ident in sheet.column("incident_id")])
        for sheet in sheets(*TOLD):
            self._told(sheet, by_row)

    @staticmethod
    def _told(sheet: Sheet, by_row: Mapping[str, Decimal]) -> None:
        """Points in a table that tells what stands in one cell of an incident."""
        told = places(POINT.__contains__, sheet.column("field"))
        of = {at: by_row.get(ident, _NONE) for at, ident in enumerate(sheet.column("incident_id"))}
        for column in TOLD[sheet.table]:
            own = sheet.column(column)
            sheet.put(column, {at: coarse(own[at], of[at]) for at in told})
        sheet.drop([at for at in told if says_nothing(sheet.cells.row(at))])

    def _by_row(self, sheets: Callable[..., list[Sheet]]) -> dict[str, Decimal]:
        """Each incident's step: the coarsest of the kinds of target that it has or is corrected to."""
        found = targets(sheets)
        steps = {kinds: max(_step(self.steps["targets"], k) for k in kinds) for kinds in {*found.values()}}
        return {ident: steps[kinds] for ident, kinds in found.items()}


def targets(sheets: Callable[..., list[Sheet]]) -> dict[str, frozenset[str]]:
    """The kinds of target that each incident has or is corrected to."""
    kinds: dict[str, frozenset[str]] = {}
    for sheet in sheets("incidents"):
        one = {kind: frozenset({kind}) for kind in sheet.distinct("target_category")}
        own = (one[kind] for kind in sheet.column("target_category"))
        kinds.update(zip(sheet.column("incident_id"), own, strict=True))
    for sheet in sheets("corrections"):
        for line in sheet.having(lambda name: name == "target_category", "field"):
            if line.get("incident_id") in kinds:
                kinds[line["incident_id"]] |= {line.get("new", "")}
    return kinds


def _each(sheet: Sheet, steps: list[Decimal]) -> None:
    """Every point of a table on the grid of its row."""
    for column in POINT:
        cells = list(zip(sheet.column(column), steps, strict=True))
        near = {cell: coarse(*cell) for cell in {*cells}}
        sheet.put(column, {at: near[cell] for at, cell in enumerate(cells)})


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
