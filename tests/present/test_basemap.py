"""Names on a map keep clear of marks and, where another spot is free, of borders and roads."""

from __future__ import annotations

import numpy as np
import pytest

from incident_report.present.charts import canvas
from incident_report.present.charts.basemap import Panel
from incident_report.present.theme import theme


def panel() -> Panel:
    with theme():
        return Panel(canvas(width=3, height=3)[0], (44.0, 32.0, 46.0, 34.0), 1.0, 2.8)


@pytest.mark.parametrize(("border", "side"), [(45.1, "right"), (44.9, "left")])
def test_a_name_stands_on_the_side_without_the_border(border: float, side: str) -> None:
    found = panel()
    found.avoid(np.array([[border, 32.5], [border, 33.5]]))
    found.marks(45.0, 33.0, [(1, "#000000", "o", True)], "Town")
    found.names()
    [text] = [t for t in found.axes.texts if t.get_text().startswith("Town")]
    assert text.get_horizontalalignment() == side


def test_a_mark_has_its_number_from_three_attacks_on() -> None:
    for n, told in ((2, []), (3, ["3"])):
        found = panel()
        found.marks(45.0, 33.0, [(n, "#000000", "s", False)], "Town")
        assert [t.get_text() for t in found.axes.texts] == told


@pytest.mark.parametrize(("west", "side"), [(45.8, "right"), (44.1, "left")])
def test_the_note_on_a_frame_stays_on_the_map_and_moves_no_mark(west: float, side: str) -> None:
    found = panel()
    found.frame((west, 33.0, west + 0.1, 33.1), 0.02, "four attacks, enlarged")
    found.marks(45.0, 33.05, [(1, "#000000", "s", False)], "Area")
    found.names()
    [text] = [t for t in found.axes.texts if t.get_text().startswith("four")]
    assert text.get_horizontalalignment() == side
    assert found.axes.collections[0].get_offsets()[0][0] == pytest.approx(45.0)
