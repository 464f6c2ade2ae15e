"""The numbers that docs/review.md marks with a dagger, recomputed from the data."""

from __future__ import annotations

import pytest
from editions import founding

from incident_report.analysis.changepoint import change_periods
from incident_report.analysis.claims import Verdict as Claimed
from incident_report.analysis.coverage import coverage_checks
from incident_report.analysis.edition import Edition
from incident_report.analysis.exposure import exposure
from incident_report.analysis.reach import aims, gaps
from incident_report.analysis.robustness import findings, robustness

pytestmark = pytest.mark.xdist_group("founding")  # with others that ask what the founding edition survives


@pytest.fixture(scope="module")
def ed() -> Edition:
    return founding()


def test_a1_the_last_day_of_the_tally(ed: Edition) -> None:
    before, so_far = (robustness(ed, finding=f"rockets.tally.{k}") for k in ("baseline", "year_so_far"))
    assert (len(before.holds_for), len(before.fails_for)) == (8, 0)
    assert (len(so_far.holds_for), so_far.holds_for[-1].isoformat(), len(so_far.fails_for)) == (5, "2020-09-24", 3)
    assert "whole_period" in before.flips and "whole_period" in so_far.flips


def test_a2_no_us_zero_beside_an_unknown_total_without_a_stated_cell(ed: Edition) -> None:
    said = ed.data.evidence
    for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
        rows = ed.data.incidents
        for ident in rows.loc[(rows[part] == 0).fillna(False) & rows[whole].isna(), "incident_id"]:
            cells = said[(said["incident_id"] == ident) & (said["field"] == part) & (said["status"] == "stated")]
            assert "0" in set(cells["value"]), f"{ident} {part}"
    assert claim(ed, "no-us-casualties") is Claimed.PARTLY
    mended = ed.data.corrections[ed.data.corrections["field"].isin(["us_killed", "us_wounded"])]
    assert ((mended["old"] == "0") & mended["new"].fillna("").eq("")).sum() == 13


def claim(ed: Edition, id: str) -> Claimed:
    return next(c.verdict for c in ed.facts.claims.every if c.id == id)


def test_a4_change_points(ed: Edition) -> None:
    found = change_periods(ed, series="rocket_drone")
    rows = found.table.set_index("period")[["before", "after"]].round(1)
    assert rows.loc["2019Q4"].tolist() == [1.0, 5.9] and rows.loc["2020Q3"].tolist() == [3.8, 10.4]
    assert found.value.p_low < 0.9 and not found.value.sure


def test_a5_b3_b5_claims_can_be_refuted(ed: Edition) -> None:
    refuted = {c.id for c in ed.facts.claims.every if c.verdict is Claimed.NOT}
    assert {"g4s-drone", "scope-expanded"} <= refuted and len(refuted) == 3


def test_a6_b11_every_tracker_speaks(ed: Edition) -> None:
    rows = coverage_checks(ed).table
    assert {"jpost", "afp", "isw", "cjtf_oir", "talos"} <= set(rows["tracker"])
    talos = rows[rows["tracker"] == "talos"].iloc[0]
    assert (talos["documented"], talos["tallied"]) == (17, 22)


def test_b1_one_report_decides_munitions(ed: Edition) -> None:
    found = robustness(ed, finding="munitions.trend")
    assert found.verdict.value == "level" and found.fragile and "single_row" in found.flips


def test_b8_b10_options(ed: Edition) -> None:
    leads = [n for n in findings(ed) if n.startswith("options.lead.")]
    assert (len(leads), sum("other_test" in robustness(ed, finding=n).flips for n in leads)) == (7, 2)
    assert gaps(aims(ed).table)[0] == "convoys" and not robustness(ed, finding="options.gap").flips


def test_b16_sites_are_steps(ed: Edition) -> None:
    rows = exposure(ed).table
    now = rows[(rows["period"] == "2020Q3") & (rows["measure"] == "us_sites")]
    assert now["level"].round(1).unique().tolist() == [6.8]
