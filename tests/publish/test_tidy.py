"""A tidied SVG draws what it drew: names lead where they led, and no point moves by more than one sees."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from incident_report.paths import FONTS, ROOT
from incident_report.publish.charts import Drawings
from incident_report.publish.tidy import outline, path, tidied
from nbtypst.typst_compile import png_of

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1">
 <g id="figure_1">
  <g id="axes">
   <defs><path id="m1" d="M 0 0  L 0 2.5 "/></defs>
   <use xlink:href="#m1" x="13.209047" y="0.004"/>
   <g clip-path="url(#p1)"><rect id="r" x="1" y="2"/></g>
  </g>
  <g id="empty"/>
  <text x="1.23456" transform="rotate(-0 1 2)">two  words 1.23456</text>
 </g>
 <clipPath id="p1"><rect/></clipPath>
</svg>"""


def test_what_is_named_stays_under_a_name_of_its_own_and_the_rest_goes():
    found = tidied(SVG, "x")
    ids = re.findall(r'\bid="([^"]*)"', found)
    assert sorted(ids) == sorted(re.findall(r'(?:href="#|url\(#)([^")]*)', found)) == ["x-0", "x-1"]
    assert found.count("<g") == found.count("</g>") == 1
    assert 'x="13.21"' in found and 'y="0"' in found
    assert '<text x="1.23">two  words 1.23456</text>' in found
    assert "xmlns" not in found and "\n" not in found


points = st.tuples(*[st.floats(-500, 500).map(lambda v: round(v, 6))] * 2)
segments = st.one_of(
    st.tuples(st.just("M"), st.lists(points, min_size=1, max_size=1)),
    st.tuples(st.just("L"), st.lists(points, min_size=1, max_size=1)),
    st.tuples(st.just("Q"), st.lists(points, min_size=2, max_size=2)),
    st.tuples(st.just("C"), st.lists(points, min_size=3, max_size=3)),
    st.just(("z", [])),
)
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def drawn(d: str) -> list[tuple[str, float, float]]:
    """Absolute points of a path of either form."""
    out, at, begin = [], (0.0, 0.0), (0.0, 0.0)
    for command, rest in re.findall(r"([MLQCzlqc])([^MLQCzlqc]*)", d):
        values = [float(v) for v in NUMBER.findall(rest)]
        size = {"M": 1, "L": 1, "Q": 2, "C": 3, "z": 0}[command.upper().replace("Z", "z")]
        if command == "z":
            at = begin
            out.append(("z", *at))
        pairs = list(zip(values[::2], values[1::2], strict=True))
        for i in range(0, len(pairs), size or 1):
            origin = at if command.islower() else (0.0, 0.0)
            here = [(x + origin[0], y + origin[1]) for x, y in pairs[i : i + size]]
            out += [(command.upper(), *p) for p in here]
            at = here[-1]
            begin = at if command == "M" else begin
    return out


@given(points, st.lists(segments, max_size=12))
def test_no_point_of_a_path_moves_further_than_one_sees(first, more):
    d = "".join(f"{c} {' '.join(f'{x:f} {y:f}' for x, y in ps)} " for c, ps in [("M", [first]), *more])
    before, after = drawn(d), drawn(path(d))
    assert [c for c, *_ in before] == [c for c, *_ in after]
    for (_, *a), (_, *b) in zip(before, after, strict=True):
        assert a == pytest.approx(b, abs=0.0051 + 1e-9)


@pytest.mark.parametrize("d", ["M 0 0 A 5 5 0 0 1 10 10", "M 0 0 L 1 1 2 2", "m 1 1"])
def test_a_path_of_another_make_is_left_alone(d):
    assert path(d) == d


BOX = (0.0, 0.0, 40.0, 30.0)
corners = st.lists(st.tuples(st.floats(-60, 100), st.floats(-60, 90)), min_size=26, max_size=60)


def turns(points: list[tuple[float, float]], x: float, y: float) -> int:
    """How often a closed line goes round a point: what is filled is where it does."""
    found = 0
    for (x1, y1), (x2, y2) in pairwise([*points, points[0]]):
        if (y1 <= y) != (y2 <= y):
            side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            found += (side > 0) if y2 > y1 else -(side < 0)
    return found


def distance(points: list[tuple[float, float]], x: float, y: float) -> float:
    least = np.inf
    for a, b in pairwise(np.array([*points, points[0]])):
        along = b - a
        share = np.clip(np.dot([x, y] - a, along) / max(np.dot(along, along), 1e-12), 0, 1)
        least = min(least, float(np.hypot(*(a + share * along - [x, y]))))
    return least


@given(corners, st.floats(0, 40), st.floats(0, 30))
def test_an_outline_beyond_its_clip_is_shorter_and_fills_the_same(points, x, y):
    d = "M " + "  L ".join(f"{a:f} {b:f}" for a, b in points) + " z"
    after = [(a, b) for command, a, b in drawn(outline(d, BOX)) if command != "z"]
    assert len(after) <= len(points)
    assume(distance(points, x, y) > 0.11)  # a corner moves by half a tenth either way
    assert turns(after, x, y) == turns(points, x, y)


def picture(svg: bytes) -> np.ndarray:
    """Four dots a point drawn, so that a line's edge is smooth, and one kept."""
    drawn = Image.open(io.BytesIO(png_of(svg, None, ppi=4 * 72, font_paths=[FONTS])))
    return np.asarray(drawn.convert("RGB").reduce(4), dtype=int)


@pytest.mark.parametrize("name", ["fig-where", "fig-reach", "fig-days", "fig-doubts-kinds", "fig-outlook"])
def test_a_chart_is_a_third_shorter_and_looks_the_same(name):
    before = (ROOT / "figures/2020Q3" / f"{name}.svg").read_text("utf-8")
    plain = re.sub(r"<style>@font-face.*?</style>|<metadata>.*?</metadata>", "", before, flags=re.DOTALL)
    after = tidied(re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>", "", plain, flags=re.DOTALL).strip(), "x")
    assert len(after) < 0.67 * len(plain)
    shown = after.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    apart = np.abs(picture(plain.encode()) - picture(shown.encode())).max(axis=2)
    assert apart.max() < 64 and apart.mean() < 0.2


def test_marks_of_several_charts_stand_once_and_each_chart_finds_them():
    chart = (
        b'<svg viewBox="0 0 9 9"><defs><path id="m" d="M 0 0 L 0 2.5" style="stroke: #000000"/></defs>'
        b'<use xlink:href="#m" x="1" y="1"/></svg>'
    )
    drawings = Drawings()
    both = drawings.inline(chart, "a", "") + drawings.inline(chart, "b", "")
    assert re.findall(r'\bid="([^"]*)"', both) == ["a-0"]
    assert re.findall(r'href="#([^"]*)"', both) == ["a-0", "a-0"]
    assert drawings.inline(chart.replace(b"2.5", b"3.5"), "c", "").count('"c-0"') == 1


def test_a_clip_goes_only_where_it_cuts_nothing_off():
    bar = '<path d="M 1 1 L 9 1 L 9 9 L 1 9 z" clip-path="url(#p)" style="fill: #111111{}"/>'
    clip = '<clipPath id="p"><rect x="1" y="0" width="20" height="20"/></clipPath></svg>'
    kept = [tidied(f"<svg>{bar.format(stroke)}{clip}", "x").count("url(#x-0)") for stroke in ("", "; stroke: #222222")]
    assert kept == [0, 1]  # a stroke on the clip's side is cut in half


def test_what_lies_beyond_its_clip_goes_and_what_reaches_into_it_stays():
    clip = '<clipPath id="p"><rect x="0" y="0" width="20" height="20"/></clipPath></svg>'
    kept = [
        tidied(f'<svg><path d="{d}" clip-path="url(#p)"/>{clip}', "x").count("<path")
        for d in ("M 30 0 L 30 40 L 40 9 z", "M 23 0 L 40 9", "M 30 10 L 10 30", "M 30 0 A 5 5 0 0 1 40 1")
    ]
    assert kept == [0, 1, 1, 1]
