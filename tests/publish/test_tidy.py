"""A tidied SVG draws what it drew: names lead where they led, and no point moves by more than half a hundredth."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.publish.tidy import path, tidied

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
