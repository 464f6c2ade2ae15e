"""The specification curve shows every variant that comes out otherwise, and says which change the verdict."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from incident_report.present.charts.specification import FLIPPED, specification


def table(rows: list[tuple[str, bool, float, str, bool]]) -> pd.DataFrame:
    columns = ["kind", "plausible", "estimate", "verdict", "holds"]
    made = pd.DataFrame(rows, columns=columns)
    return made.assign(low=made["estimate"] / 2, high=made["estimate"] * 2)


ROWS = [
    ("as_reported", True, 2.6, "rise", True),
    ("single_row", True, 2.6, "rise", True),
    ("single_row", True, 2.4, "level", False),
    ("single_row", True, 2.4, "level", False),
    ("floor", True, math.nan, "not_comparable", False),
    ("whole_period", False, 2.3, "level", False),
]


def test_variants_stand_by_kind_and_flips_are_named() -> None:
    ax = specification(table(ROWS), groups=("Plausible", "Stress"), verdicts={"level": "no change"})
    assert [t.get_text() for t in ax.get_yticklabels()] == [
        "as_reported", "Plausible", "single_row", "floor", "Stress", "whole_period",
    ]  # fmt: skip
    said = [(t.get_text(), t.get_color()) for t in ax.texts]
    assert said == [("no change", FLIPPED), ("not_comparable", FLIPPED), ("no change", FLIPPED)]
    dots = [line for line in ax.lines if line.get_marker() in ("o", "D", "x")]
    assert len(dots) == 5  # two alike are drawn once, one without an estimate as a cross


@pytest.mark.parametrize(
    ("estimate", "other", "dots"), [(0.1, 0.3 - 0.2, 1), (0.1, 0.1 + 4e-8, 1), (math.nan, math.nan, 1), (0.1, 0.101, 2)]
)
def test_variants_that_print_alike_are_drawn_once(estimate: float, other: float, dots: int) -> None:
    alike = [("single_row", True, value, "level", True) for value in (estimate, other)]
    ax = specification(table([("as_reported", True, 0.4, "level", True), *alike]))
    assert len([line for line in ax.lines if line.get_marker() in ("o", "x")]) == 1 + dots


def test_a_difference_may_be_negative_and_limits_missing() -> None:
    rows = table([("as_reported", True, -0.3, "level", True), ("floor", True, 0.1, "level", True)])
    ax = specification(rows.assign(low=math.nan, high=math.inf), neutral=0)
    assert ax.get_xscale() == "linear" and ax.get_xlim()[0] < -0.3 < 0.1 < ax.get_xlim()[1]


def test_an_infinite_ratio_does_not_stretch_the_axis() -> None:
    rows = table([("as_reported", True, 2.0, "rise", True), ("floor", True, math.inf, "rise", True)])
    ax = specification(rows)
    assert math.isfinite(ax.get_xlim()[1])


def test_a_verdict_beside_its_mark_covers_lines_and_no_mark() -> None:
    ax = specification(table(ROWS), verdicts={"level": "no change"})
    marks = [line for line in ax.lines if line.get_marker() in ("o", "D", "x")]
    lines = [line for line in ax.lines if line not in marks] + ax.get_xgridlines()
    for text in ax.texts:
        ground = text.get_bbox_patch()
        assert ground is not None and ground.get_facecolor() == (1.0, 1.0, 1.0, 1.0)  # the page's own, in either scheme
        over = text.get_zorder()
        assert max(line.get_zorder() for line in lines) < over < min(mark.get_zorder() for mark in marks)
