"""Names on a map keep clear of marks and, where another spot is free, of borders and roads."""

from __future__ import annotations

import numpy as np
import pytest

from incident_report.present.charts import basemap, canvas
from incident_report.present.charts.basemap import Panel
from incident_report.present.charts.outline import draw_region
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


def test_a_map_without_an_outline_has_lines_of_degrees() -> None:
    bare, outlined = panel(), panel()
    draw_region(bare, None, "Home")
    square = [[44.5, 32.5], [45.5, 32.5], [45.5, 33.5], [44.5, 33.5], [44.5, 32.5]]
    shape = {"type": "Polygon", "coordinates": [square]}
    feature = {"type": "Feature", "properties": {"name": "Home"}, "geometry": shape}
    draw_region(outlined, {"type": "FeatureCollection", "features": [feature]}, "Home")
    named = {t.get_text() for t in bare.axes.texts}
    assert {"33°", "45°"} <= named
    assert len(bare.axes.lines) >= 4
    assert not outlined.axes.lines


@pytest.mark.parametrize("size", [0.02, 0.7, 3.0, 40.0, 350.0])
def test_degrees_are_few_at_every_scale_and_go_round_the_earth(size: float) -> None:
    with theme():
        found = Panel(canvas(width=3, height=3)[0], (178.0, -size / 8, 178.0 + size, size / 8), 1.0, 2.8)
    found.degrees()
    across = [line for line in found.axes.lines if len(set(line.get_xdata())) == 1]
    assert 1 <= len(across) <= 9
    angles = [float(t.get_text().rstrip("°")) for t in found.axes.texts]
    assert all(-180 <= a < 180 for a in angles)
    assert max(line.get_ydata()[0] for line in found.axes.lines if line not in across) <= 90


def test_marks_of_very_many_attacks_grow_on_but_stay_on_the_map():
    areas = [basemap._area(n) for n in (1, 2, 59, 60, 61, 600, 6_000, 60_000)]
    assert areas == sorted(areas) and areas[3] - areas[2] == pytest.approx(areas[1] - areas[0])
    assert areas[-1] < 3 * areas[3]
