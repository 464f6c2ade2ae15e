"""What `make bench` and `make bench-size` measured, as docs/performance.md and its chart: no number there is typed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
RESULTS, PAGE, CHART = (DOCS / f"performance.{kind}" for kind in ("json", "md", "svg"))
TEMPLATE = Path(__file__).with_name("performance.md")
FIRST, AGAIN = 2.0, 0.25  # seconds of CPU in a notebook, at most: to the first chart, for one drawn again
# (what, measured in, at most so many times, of what): the bars that the project holds itself to.
STEPS = (
    ("chapters", "cpu", 0.8, "plain script"),
    ("chapters", "wall", 0.5, "plain script"),
    ("cold build", "wall", 0.65, "plain script"),
    ("cold build", "wall", 0.25, "stock chain"),
    ("one changed value", "wall", 0.45, "cold build"),
    ("one value, no result", "wall", 0.45, "cold build"),
    ("one changed word", "wall", 0.35, "cold build"),
    ("one word of the story", "wall", 0.35, "cold build"),
    ("one changed colour", "wall", 0.2, "cold build"),
    ("nothing changed", "wall", 0.25, ""),
)
# Of many editions: what of the batch is held against what, and how many times that it may be.
MANY = (
    ("wall ÷ one after the other", "wall", 0.9, lambda alone: alone["wall"]),
    ("wall ÷ half of their CPU time, one after the other", "wall", 1.2, lambda alone: alone["cpu"] / 2),
    ("memory, MB", "memory", 4096, lambda alone: 1),
)
# (size, what, measured in, at most, so many times of what size); inf: it must only come to its end.
SIZES = (
    ("100000/20", "check-data", "wall", 10, ""),
    ("100000/20", "check-data", "memory", 1024, ""),
    ("100000/20", "build", "wall", 4, "100/20"),
    ("100000/1", "build", "wall", 6, "100/20"),
    ("1000000/20", "check-data", "wall", 60, ""),
    ("1000000/20", "check-data", "memory", 3072, ""),
    ("1000000/20", "build", "wall", float("inf"), ""),
)
POWER, SLOW = 1.1, 0.1  # of the rows that time may grow with; seconds from which on an analysis is told by name
_NAMES = {"cpu": "CPU", "wall": "wall", "memory": "memory"}
_UNITS = {"cpu": "s", "wall": "s", "memory": "MB"}
Cost = Mapping[str, float]


@dataclass(frozen=True)
class Bar:
    """What the project holds itself to, and what was measured of it: None where nothing was."""

    name: str
    most: float
    measured: float | None

    @property
    def kept(self) -> str:
        """``yes``, ``no`` or ``not measured``."""
        return "not measured" if self.measured is None else "yes" if self.measured <= self.most else "no"


def middle(rounds: Iterable[Cost]) -> dict[str, float]:
    """The median of each cost over the rounds."""
    taken = list(rounds)
    return {kind: statistics.median(one[kind] for one in taken) for kind in taken[0]}


def medians(found: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Of each step, over the rounds."""
    return {name: middle(rounds) for name, rounds in found.get("steps", {}).get("rounds", {}).items()}


def notebooks(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Of each notebook: first, alone and again (s of CPU), loaded (slow libraries by then), slowest (chart again)."""
    made = {}
    for name, rounds in found.get("lab", {}).get("rounds", {}).items():
        again = {cell: statistics.median(one["again"][cell] for one in rounds) for cell in rounds[0]["again"]}
        slowest = max(again, key=again.__getitem__, default="")
        made[name] = {
            "first": statistics.median(one["first"] for one in rounds),
            "loaded": rounds[0]["loaded"],
            "alone": None if rounds[0]["alone"] is None else statistics.median(one["alone"] for one in rounds),
            "slowest": slowest,
            "again": again.get(slowest, 0.0),
        }
    return made


def bars(found: Mapping[str, Any]) -> list[Bar]:
    """Every bar with what was measured."""
    told = (_of_steps(medians(found)), _of_notebooks(notebooks(found)), _of_many(many(found)))
    return [*chain.from_iterable(told), *_of_growth(growth(found)), *_of_sizes(found.get("sizes", {}))]


def _of_steps(told: Mapping[str, Cost]) -> Iterator[Bar]:
    for step, kind, most, of in STEPS:
        known = {step, of or step} <= told.keys()
        ratio = told[step][kind] / (told[of][kind] if of else 1) if known else None
        yield Bar(f"{step}, {_NAMES[kind]}{f' ÷ {of}' if of else f', {_UNITS[kind]}'}", most, ratio)


def _of_notebooks(told: Mapping[str, Mapping[str, Any]]) -> Iterator[Bar]:
    for name, one in told.items():
        yield Bar(f"{name}: first chart, CPU, s", FIRST, one["first"])
        yield Bar(f"{name}: a chart drawn again, CPU, s", AGAIN, one["again"])
    if not told:
        yield from (Bar(f"{what}, CPU, s", most, None) for what, most in (("first chart", FIRST), ("again", AGAIN)))


def many(found: Mapping[str, Any]) -> dict[str, Cost]:
    """What editions cost, one after the other and as a batch."""
    return {name: one[0] for name, one in found.get("many", {}).get("rounds", {}).items()}


def _of_many(told: Mapping[str, Cost]) -> Iterator[Bar]:
    alone, batch = told.get("one after the other"), told.get("as a batch")
    name = f"{alone['editions']:.0f} editions as a batch on two workers" if alone else "a batch on two workers"
    for what, kind, most, of in MANY:
        yield Bar(f"{name}: {what}", most, batch[kind] / of(alone) if alone and batch else None)


def growth(found: Mapping[str, Any]) -> dict[str, tuple[float, float, float]]:
    """Each analysis of both that takes `SLOW` seconds, slowest first: at few rows, at many, and the power between."""
    rounds = found.get("growth", {}).get("rounds", {})
    if not rounds:
        return {}
    (few, (first,)), (most, (last,)) = sorted(rounds.items(), key=lambda rows: int(rows[0]))
    slow = {name: (max(first[name], 0.0001), after) for name, after in last.items() if after >= SLOW and name in first}
    step = math.log(int(most) / int(few))
    grown = {name: (before, after, math.log(after / before) / step) for name, (before, after) in slow.items()}
    return dict(sorted(grown.items(), key=lambda one: -one[1][1]))


def _of_growth(grown: Mapping[str, tuple[float, float, float]]) -> Iterator[Bar]:
    yield Bar("time of each analysis: power of the rows", POWER, max((one[2] for one in grown.values()), default=None))


def _of_sizes(sizes: Mapping[str, Any]) -> Iterator[Bar]:
    for size, step, kind, most, of in SIZES:
        value = _cost(sizes, size, step, kind)
        if of and value is not None:
            whole = _cost(sizes, of, step, kind)
            value = value / whole if whole else None
        against = f" ÷ {said(of)}" if of else f", {_UNITS[kind]}"
        yield Bar(f"{said(size)}: {step}, {_NAMES[kind]}{against}", most, value)


def _cost(sizes: Mapping[str, Any], size: str, step: str, kind: str) -> float | None:
    """What was measured; more than any bar where the step did not come to its end, None where it was not tried."""
    one = sizes.get(size, {}).get("steps", {}).get(step)
    return None if one is None else float(one.get(kind, "nan"))


def said(size: str) -> str:
    """
    >>> said("100000/1"), said("1000/20")
    ('100,000 rows in 1 quarter', '1,000 rows in 20 quarters')
    """
    rows, quarters = map(int, size.split("/"))
    return f"{rows:,} rows in {quarters} quarter{'s' if quarters != 1 else ''}"


def shown(value: float) -> str:
    """
    >>> shown(0.1234), shown(1024), shown(float("inf")), shown(float("nan"))
    ('0.12', '1,024', '–', 'not finished')
    """
    if value != value:
        return "not finished"
    return "–" if value == float("inf") else f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def page(found: Mapping[str, Any]) -> str:
    """docs/performance.md."""
    from jinja2 import Environment, StrictUndefined

    markdown = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701
    template = markdown.from_string(TEMPLATE.read_text("utf-8"))
    sizes = dict(sorted(found.get("sizes", {}).items(), key=lambda s: [*map(int, s[0].split("/"))]))
    told, again = medians(found), notebooks(found)
    return template.render(
        found=found, told=told, notebooks=again, many=many(found), bars=bars(found), sizes=sizes, said=said,
        shown=shown, alt=alternative(told, sizes), first=FIRST, most=AGAIN, growth=growth(found), slow=SLOW,
    )  # fmt: skip


def alternative(told: Mapping[str, Cost], sizes: Mapping[str, Any]) -> str:
    """What the chart shows, in words."""
    steps = "; ".join(f"{name} {one['wall']:.1f} and {one['cpu']:.1f}" for name, one in told.items())
    builds = "; ".join(f"{said(s)} {shown(w)}" for s in sizes if (w := _cost(sizes, s, "build", "wall")) is not None)
    parts = [
        f"Seconds by the clock and of CPU: {steps}." if steps else "",
        f"Builds by size: {builds}." if builds else "",
    ]
    return " ".join(filter(None, parts))


def chart(found: Mapping[str, Any]) -> str:
    """docs/performance.svg: each step's seconds as bars and, where sizes were measured, time against rows."""
    from incident_report.present.charts import canvas
    from incident_report.present.theme import figure_svg, theme
    from incident_report.present.typefaces import carrying

    told, sizes = medians(found), found.get("sizes", {})
    drawn = [draw for draw, data in ((_steps, told), (_growth, sizes)) if data]
    panels = canvas(max(1, len(drawn)), height=max(1, len(drawn)) * 3.0)
    with theme():
        for ax, draw in zip(panels, drawn, strict=False):
            draw(ax, told if draw is _steps else sizes)
    return carrying(figure_svg(panels[0].figure))


def _steps(ax: Any, told: Mapping[str, Cost]) -> None:
    names = list(told)[::-1]
    for shift, kind, label in ((0.2, "wall", "by the clock"), (-0.2, "cpu", "CPU")):
        made = ax.barh([i + shift for i in range(len(names))], [told[n][kind] for n in names], 0.4, label=label)
        ax.bar_label(made, fmt="%.3g", padding=2, fontsize=7)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("seconds")
    ax.margins(x=0.12)
    ax.legend(loc="center right")  # the longest bars are the plain script's, above, and the stock chain's, below


def _growth(ax: Any, sizes: Mapping[str, Any]) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    at = sorted(int(size.split("/")[0]) for size in sizes if size.endswith("/20"))
    for step in ("check-data", "load", "analysis", "build"):
        seconds = [_cost(sizes, f"{rows}/20", step, "wall") for rows in at]
        ax.plot(at, [float("nan") if s is None else s for s in seconds], marker="o", label=step)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("rows in 20 quarters")
    ax.set_ylabel("seconds by the clock")
    ax.legend(loc="upper left")


def write(found: Mapping[str, Any]) -> None:
    """Write the page and its chart."""
    PAGE.write_text(page(found), encoding="utf-8")
    CHART.write_text(chart(found), encoding="utf-8")
