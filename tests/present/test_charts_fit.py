"""Every chart form, wide and upright, at any number of quarters and length of name: no text cut, none on another."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from incident_report.present import charts
from incident_report.present.fit import fitted
from incident_report.present.theme import MIN_POINTS, PALETTE, smallest_text, theme
from incident_report.present.upright import upright

QUARTERS = [f"{2010 + i // 4}Q{i % 4 + 1}" for i in range(45)]
LABELS = {q: f"Q{q[-1]} {q[:4]}" for q in QUARTERS}
LONG = "Private security companies, contractors and their convoys"  # 57 letters
NAMES = [f"{LONG} {i}" for i in range(12)]
FEW = [1, 2, 4, 8, 9, 16, 45]


def counts(n: int) -> pd.DataFrame:
    values = [(i * 37) % 140 for i in range(n)]
    return pd.DataFrame({"period": QUARTERS[:n], "count": values, "low": [v * 0.7 for v in values],
                         "high": [v * 1.4 + 3 for v in values]})  # fmt: skip


def panels(n: int) -> Axes:
    own, shown = counts(n), {q: LABELS[q] for q in QUARTERS[:n]}
    ax = charts.canvas(1, 3, height=2.2)
    for panel in ax:
        charts.trend(
            own, panel, faint=own.assign(count=own["count"] + 2), labels=shown, title="Foreign security details"
        )
    return ax[0]


def outlook(n: int) -> Axes:
    ax = charts.canvas(1, 3, height=2.1)
    names = list(LABELS.values())[: n + 1]
    for panel in ax:
        charts.ahead(counts(n)["count"], (11, 137), (7, 246), [*names, "Q9 2099"][: n + 1], panel, title="Details")
    return ax[0]


def deaths(n: int) -> Axes:
    rows = [{"period": q, "incident_id": f"{q}-{k}", "who": w, "count": c + 1} for q in QUARTERS[:n]
            for k, (w, c) in enumerate(itertools.product(["american", "other"], [0, 4]))]  # fmt: skip
    kinds = {"american": "American", "other": "Not American", "uncoded": "Not on record whether American"}
    return charts.people(
        pd.DataFrame(rows), periods={q: LABELS[q] for q in QUARTERS[:n]}, kinds=kinds,
        notes=dict.fromkeys(QUARTERS[:n], "7 to 9 (37 of 57 attacks tell)"),
        named={f"{QUARTERS[n - 1]}-1": f"28 September, {LONG}: 5 to 7"},
    )  # fmt: skip


def weeks(n: int) -> Axes:
    days = pd.date_range("2020-07-01", periods=92)
    rows = pd.DataFrame({"date": days.repeat(2), "series": ["a", "b"] * 92})
    events = pd.DataFrame({"date": days[:: max(1, 92 // n)][:n], "label": NAMES[:n]})
    colours, labels = {"a": PALETTE[0], "b": PALETTE[1]}, {"a": "Rockets and drones", "b": LONG}
    return charts.stack(rows, colours=colours, labels=labels, events=events, start="2020-07-01", end="2020-09-30")


def sizes(n: int) -> Axes:
    rows = pd.DataFrame({"period": np.repeat(QUARTERS[:n], 9), "munitions": [1, 1, 2, 3, 3, 3, 9, 20, 31] * n})
    shown = {q: LABELS[q] for q in QUARTERS[:n]}
    return charts.swarm(rows, value="munitions", labels=shown, medians=dict.fromkeys(shown, "12.5"))


def pairs(n: int) -> Axes:
    rows = pd.DataFrame({"what": [f"Embassy or diplomatic site {i}" for i in range(n)]})
    return charts.heat(rows.assign(**{f"Foreign security details {i}": range(n) for i in range(n)}), label="what")


def named_bars(n: int) -> Axes:
    return charts.bars(pd.DataFrame({"what": NAMES[:n], "count": range(n, 0, -1)}), label="what")


def reach(n: int) -> Axes:
    rows = pd.DataFrame(
        {"label": NAMES[:n], "low": 5, "high": 58, "group": ["g", "h"][: min(2, n)] * (n // 2) + ["h"] * (n % 2)}
        if n > 1
        else {"label": NAMES[:1], "low": [5], "high": [58], "group": ["g"]}
    )
    rows = rows.sort_values("group", kind="stable")
    ax = charts.canvas(1, 2, height=charts.bounds_height(rows), sharey=True)
    for panel in ax:
        charts.bounds(
            rows, panel, groups={"g": "Protect", "h": "Press or bargain"}, whole=58, title="Logistics convoys"
        )
    return ax[0]


def dots(n: int) -> Axes:
    return charts.intervals(counts(n), labels={q: LABELS[q] for q in QUARTERS[:n]}, hollow=True, shift=-0.1)


def doubts(n: int) -> Axes:
    variants = [("reported", True), ("window", True), ("single", False)]
    rows = [{"finding": name, "kind": k, "plausible": p, "estimate": 1.5 + i, "low": 1.0, "high": 4.0 + i,
             "holds": True, "verdict": "rise", "neutral": 1.0}
            for name in NAMES[:n] for i, (k, p) in enumerate(variants)]  # fmt: skip
    return charts.specifications(pd.DataFrame(rows), reported="reported")[0]


FORMS: dict[Callable[[int], Axes], list[int]] = {
    panels: FEW, outlook: [1, 3, 6], deaths: [1, 4, 8, 45], weeks: [1, 2, 5], sizes: FEW, named_bars: [1, 3, 12],
    pairs: [1, 3, 9], reach: [1, 4, 12], dots: FEW, doubts: [1, 3],
}  # fmt: skip


def texts(figure: Figure) -> list[tuple[str, Any]]:
    """Text that is seen, with its box; ticks out of sight do not count."""
    figure.draw_without_rendering()
    found = []
    for axes in figure.axes:
        (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        ticks = [t.label1 for t in axes.xaxis.get_major_ticks() if left <= t.get_loc() <= right]
        ticks += [t.label1 for t in axes.yaxis.get_major_ticks() if low <= t.get_loc() <= high]
        own = [*ticks, *axes.texts, axes.title, axes._left_title]  # type: ignore[attr-defined]
        own += axes.get_legend().get_texts() if axes.get_legend() else []
        found += [t for t in own if isinstance(t, Text) and t.get_visible() and t.get_text().strip()]
    return [(t.get_text(), Text.get_window_extent(t)) for t in found]


def cut(figure: Figure) -> list[str]:
    width, height = figure.bbox.width, figure.bbox.height
    return [s for s, b in texts(figure) if b.x0 < -1 or b.y0 < -1 or b.x1 > width + 1 or b.y1 > height + 1]


def met(figure: Figure) -> list[tuple[str, str]]:
    """Texts that share more than a hair."""

    def apart(a: Any, b: Any) -> bool:
        return min(a.x1, b.x1) - max(a.x0, b.x0) < 1.5 or min(a.y1, b.y1) - max(a.y0, b.y0) < 2.5

    return [(s, t) for (s, a), (t, b) in itertools.combinations(texts(figure), 2) if not apart(a, b)]


@pytest.mark.parametrize(("form", "n"), [(f, n) for f, all_n in FORMS.items() for n in all_n],
                         ids=lambda v: getattr(v, "__name__", v))  # fmt: skip
def test_no_text_is_cut_or_meets_another(form: Callable[[int], Axes], n: int) -> None:
    figure = form(n).get_figure()
    assert isinstance(figure, Figure)
    before = [s for s, _ in texts(figure)]
    with theme():
        with fitted(figure):
            assert (cut(figure), met(figure)) == ([], [])
        with upright(figure), fitted(figure):
            assert (cut(figure), met(figure)) == ([], [])
    assert smallest_text(figure) >= MIN_POINTS
    assert [s for s, _ in texts(figure)] == before


@pytest.mark.parametrize("named", [0, 5])
@pytest.mark.parametrize("tall", ["start", "end", "both"])
def test_the_key_of_a_stack_covers_no_block_and_no_line(tall: str, named: int) -> None:
    days = {"start": ["2020-07-02"], "end": ["2020-09-28"], "both": ["2020-07-02", "2020-09-28"]}[tall]
    rows = pd.DataFrame(
        {"date": pd.to_datetime([d for d in days for _ in range(9)]), "series": list("abc") * 3 * len(days)}
    )
    colours = dict(zip("abc", PALETTE, strict=False))
    labels = {k: f"Attacks of kind {k}" for k in "abc"}
    events = pd.DataFrame({"date": pd.date_range("2020-07-01", periods=named, freq="20D"), "label": NAMES[:named]})
    ax = charts.stack(rows, colours=colours, labels=labels, events=events, start="2020-07-01", end="2020-09-30")
    ax.figure.draw_without_rendering()
    key = ax.get_legend()
    assert key is not None
    box = key.get_window_extent()
    assert not any(box.overlaps(p.get_window_extent()) for p in [*ax.patches, *ax.lines])


@pytest.mark.parametrize(
    ("counts", "beside"), [([19, 11, 27, 0], True), ([19, 11, 27, 30], False), ([2, 1, 0, 0], False)]
)
def test_the_number_of_a_line_that_drops_to_the_foot_stands_beside_its_end(counts: list[int], beside: bool) -> None:
    ax = charts.trend(pd.DataFrame({"period": [f"Q{i}" for i in range(4)], "count": counts}))
    last = next(t for t in reversed(ax.texts) if t.get_text() == str(counts[-1]))
    assert (last.get_ha() == "left") == beside


@pytest.mark.parametrize("faint", [None, [None, None], [3, None]])
def test_a_line_of_which_nothing_is_known_is_drawn_empty(faint: list[int | None] | None) -> None:
    own = pd.DataFrame({"period": QUARTERS[:2], "count": pd.array([None, None], dtype="Int64")})
    ax = charts.trend(own, faint=None if faint is None else own.assign(count=pd.array(faint, dtype="Int64")))
    assert [t.get_text() for t in ax.texts] == []
    assert [t.get_text() for t in ax.get_xticklabels()] == QUARTERS[:2]


@pytest.mark.parametrize(
    ("more", "named"), [({"series": ["a", "a", "b", "b"]}, ["series"]), ({}, []), ({"unit": ["x"] * 4}, [])]
)
def test_several_series_in_one_frame_name_the_column_to_select_by(more, named):
    table = pd.DataFrame({"period": ["Q1", "Q2"] * 2, "count": [1, 2, 3, 4], **more})
    with pytest.raises(ValueError, match="Q1") as error:
        charts.trend(table)
    assert [name for name in ("series", "unit") if name in str(error.value)] == named
    assert len(str(error.value).splitlines()) == 1


def beside(first: float, second: float) -> Axes:
    """Two counts so close that the number of the one and that of the other, at its left, have the same place."""
    ax = charts.canvas(width=2.6, height=2.4)[0]
    table = pd.DataFrame({"period": ["a", "b"], "count": [first, second], "low": [first, second]})
    shown = {"low": "count", "high": "count"}
    charts.intervals(table[:1], ax, order=["a", "b"], shift=0.1, numbers=lambda _: "some ten or so", **shown)
    charts.intervals(table[1:], ax, order=["a", "b"], shift=-0.1, **shown).set_ylim(0, 40)
    return ax


@pytest.mark.parametrize(("counts", "shown"), [((10, 30), 2), ((28, 30), 2), ((30, 30), 1)])
def test_a_number_steps_aside_before_it_steps_back(counts: tuple[float, float], shown: int) -> None:
    ax = beside(*counts)
    before = [t.xyann for t in ax.texts]  # type: ignore[attr-defined]
    with fitted(ax.figure):  # type: ignore[arg-type]
        assert sum(t.get_visible() for t in ax.texts) == shown
        moved = [t.xyann for t in ax.texts] != before  # type: ignore[attr-defined]
        assert moved == (counts == (28, 30))
    assert [t.xyann for t in ax.texts] == before  # type: ignore[attr-defined]


@pytest.mark.parametrize("numbers", [True, False])
def test_no_line_crosses_a_number_beside_its_dot(numbers: bool) -> None:
    ax = charts.intervals(counts(3), numbers=numbers)
    assert any(line.get_visible() for line in ax.get_ygridlines()) is not numbers


@pytest.mark.parametrize("named", [[], [0], [2], [0, 3], [1, 2]])
@pytest.mark.parametrize("most", [3, 90])
def test_on_a_phone_lines_of_people_leave_room_for_names_only_where_there_are_names(
    named: list[int], most: int
) -> None:
    rows = pd.DataFrame({"period": QUARTERS[:4], "incident_id": list("abcd"), "who": "x", "count": [most, 2, 1, 3]})
    ax = charts.people(
        rows, periods={q: LABELS[q] for q in QUARTERS[:4]}, kinds={"x": "People"},
        notes=dict.fromkeys(QUARTERS[:4], "3 (21 of 24 attacks tell)"),
        named={"abcd"[i]: f"28 September, {LONG}: 5 to 7" for i in named},
    )  # fmt: skip
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    with theme(), upright(figure), fitted(figure):
        point, seen = figure.dpi / 72, texts(figure)
        labels = [next(b for s, b in seen if s == LABELS[q]) for q in QUARTERS[:4]]
        notes, names = ([b for s, b in seen if s.startswith(start)] for start in ("3 (", "28"))
        marks = [m.get_window_extent() for m in (ax.lines or ax.patches)]
        heads = [max([m, *(n for n in names if m.y1 < n.y0 < m.y1 + 12 * point)], key=lambda b: b.y1) for m in marks]
        tops, over = [b.y1 for b in heads], [figure.bbox.y1, *(n.y0 for n in notes)]
        gaps = [(above - top) / point for above, top in zip(over, tops, strict=False)]
        assert len(names) == len(named) and max(gaps) < 25  # nowhere the room of two lines
        for mark, note, label, gap in zip(marks, notes, labels, [*gaps[1:], 99.0], strict=True):
            assert label.y0 < (mark.y0 + mark.y1) / 2 < label.y1
            assert (mark.y0 - note.y1) / point < gap  # a note stands nearer to its marks than to what comes next


def low_interval() -> Axes:
    table = pd.DataFrame({"period": ["a", "b", "c"], "count": [0, 1, 27]})
    return charts.intervals(table, charts.canvas(height=1.8)[0], low="count", high="count")


def low_end() -> Axes:
    return charts.ahead([1, 9, 27], (0, 2), (0, 41), ["a", "b", "c", "d"], charts.canvas(height=1.8)[0])


def low_line() -> Axes:
    return charts.trend(pd.DataFrame({"period": ["a", "b", "c"], "count": [9, 40, 1]}), charts.canvas(height=1.8)[0])


@pytest.mark.parametrize("form", [low_interval, low_end, low_line])
@pytest.mark.parametrize("narrow", [True, False])
def test_no_number_stands_on_the_axis_line(form: Callable[[], Axes], narrow: bool) -> None:
    ax = form()
    figure, before = ax.get_figure(), [t.xyann for t in ax.texts]  # type: ignore[attr-defined]
    assert isinstance(figure, Figure)
    with theme(), upright(figure) if narrow else nullcontext(), fitted(figure):
        figure.draw_without_rendering()
        # Of the height of a number's box a fifth is below the foot of its figures.
        feet = [b.y0 + 0.215 * b.height for b in (t.get_window_extent() for t in ax.texts if t.get_visible())]
        assert min(feet) > ax.bbox.y0 + 1.5 * figure.dpi / 72
    assert [t.xyann for t in ax.texts] == before  # type: ignore[attr-defined]
