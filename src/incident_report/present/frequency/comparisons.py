"""Change against earlier quarters: rate ratios in a chart, tables and words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import FuncFormatter, NullLocator

from incident_report.analysis.change import ALPHA, FEWEST, Change, Verdict, changes
from incident_report.analysis.counts import BASES, DOCUMENTED, TALLY
from incident_report.analysis.edition import Edition
from incident_report.present.change import (
    KIND_WORDS,
    VERDICT_LABELS,
    VERDICT_WORDS,
    basis_name,
    change_title,
    change_trace,
    change_words,
    quarters_words,
    ratio_number,
    support_words,
    tally_name,
    verdict_label,
)
from incident_report.present.frequency.quarterly import source_line
from incident_report.present.phrase import count, escape, join, number, p_value, sentence
from incident_report.present.records import Column, Record, show_prose, show_table
from incident_report.present.theme import MUTED, WIDTH, series_colours, show_figure, theme

RULE = (
    f"The rule, fixed in advance: *too few to say* below {FEWEST} attacks in both periods together, or where no split"
    f" of them could have reached p < {ALPHA}; otherwise a *clear* rise or fall where the adjusted p is below {ALPHA}."
)


def _against(change: Change) -> str:
    return join([q.label for q in change.quarters_before])


def ratio_text(value: float) -> str:
    """``2.57``; a dash where no ratio can be formed."""
    return ratio_number(value) if math.isfinite(value) else "–"


def interval_text(c: Change) -> str:
    """``1.23–5.74``, or ``0.19 or more``."""
    low = ratio_number(c.test.low)
    return f"{low}–{ratio_number(c.test.high)}" if math.isfinite(c.test.high) else f"{low} or more"


def frame(made: Sequence[Change]) -> pd.DataFrame:
    """Comparisons, unrounded, for publishing."""
    return pd.DataFrame(
        [
            {
                "series": c.series, "basis": c.basis, "kind": c.kind, "count": c.count_now, "days": c.now.days,
                "against": " ".join(str(q) for q in c.quarters_before), "count_before": c.count_before,
                "days_before": c.days_before, "rate_ratio": c.test.ratio, "low": c.test.low, "high": c.test.high,
                "p": c.test.p, "p_holm": c.p_adjusted, "verdict": c.verdict.value,
            }
            for c in made
        ]
    )  # fmt: skip


def change_table(ed: Edition) -> Record | None:
    """Comparisons of published tallies; None where there are none."""
    return _table(ed, TALLY, "tab-change")


def documented_change_table(ed: Edition) -> Record | None:
    """Comparisons of documented incidents; None where there are none."""
    return _table(ed, DOCUMENTED, "tab-change-documented")


def _table(ed: Edition, basis: str, id: str) -> Record | None:
    made = changes(ed, basis)
    name = sentence([basis_name(ed, basis)])
    if not made:
        return None  # the text says so
    rows = [
        {
            "series": ed.find_series(c.series).label,
            "kind": KIND_WORDS[c.kind],
            "against": _against(c),
            "now": f"{number(c.count_now)} in {c.now.days}",
            "before": f"{number(c.count_before)} in {c.days_before}",
            "ratio": ratio_text(c.test.ratio),
            "interval": interval_text(c),
            "p": p_value(c.p_adjusted).removeprefix("p = ").removeprefix("p "),
            "verdict": sentence([verdict_label(ed, c)]),
        }
        for c in made
    ]
    table = pd.DataFrame(rows)
    table.loc[table["series"].eq(table["series"].shift()), "series"] = ""
    baseline = [c for c in made if c.kind == "baseline"] or list(made)
    finding = change_title(ed, baseline)
    return show_table(
        table,
        id=id,
        web_only=basis == DOCUMENTED and bool(changes(ed, TALLY)),  # the text above says the same
        title=f"{name}, {ed.quarter.label} against earlier quarters: {finding[:1].lower()}{finding[1:]}",
        columns={
            "series": Column("Series", width=0.15),
            "kind": Column("Compared with", width=0.14),
            "against": Column("Quarters", width=0.14),
            "now": Column("Now, in days", "right", 0.085),
            "before": Column("Then, in days", "right", 0.09),
            "ratio": Column("Rate ratio", "right", 0.06),
            "interval": Column("95% interval", "right", 0.095),
            "p": Column("Adj. p", "right", 0.065),
            "verdict": Column("Verdict", width=0.175),
        },
        caption="Rate ratio per day covered with its exact interval; conditional exact test, two-sided; p adjusted by"
        f" Holm's method over the {count(len(made), 'comparison', 'comparisons')} of this table. {RULE}",
        source=source_line(ed) if basis == TALLY else "Documented incidents of this edition.",
        notes=_notes(ed, made),
        csv=frame(made),
        trace=[change_trace(c) for c in made],
    )


def _notes(ed: Edition, made: Sequence[Change]) -> list[str]:
    notes = []
    if any(not math.isfinite(c.test.ratio) for c in made):
        notes.append("No ratio can be formed against a count of zero; its interval can.")
    if any(c.kind == "year_so_far" for c in made) and len({c.before for c in made if c.kind == "year_so_far"}):
        used = {q for c in made if c.kind == "year_so_far" for q in c.quarters_before}
        notes.append(f"The year so far is {quarters_words(sorted(used))}, without the edition's own quarter.")
    if any(c.verdict is Verdict.LEVEL and not c.test.low <= 1 <= c.test.high for c in made):
        notes.append("The intervals are not adjusted: one may keep clear of 1 though the adjusted p is not below 0.05.")
    if any("record" in verdict_label(ed, c) for c in made):
        notes.append(
            "*In the record*: the test is clear, but the share of attacks that is documented differs so much between"
            " the periods that the record, not the attacks, may have changed."
        )
    if not any(c.kind == "year_before" for c in made):
        notes.append(f"{ed.quarter.shift(-4).label}, the same quarter a year before, has no count of this kind.")
    return notes


def _nothing(ed: Edition, basis: str) -> str:
    if basis == DOCUMENTED:
        return (
            "No quarter to compare with has a file of incidents, so nothing can be said about change in what is"
            f" documented for {ed.quarter.words}."
        )
    if all(ed.tally(ed.quarter, s.id) is None for s in ed.series):
        return f"No headline tally was published for {ed.quarter.words}, so tallies say nothing about change."
    return f"The headline tally for {ed.quarter.words} has no earlier one of its kind to be compared with."


def change_text(ed: Edition) -> Record:
    """The comparisons in words chosen by the results; published tallies first."""
    paragraphs, traces = [], []
    for basis in BASES:
        made = changes(ed, basis)
        if not made:
            paragraphs.append(_nothing(ed, basis))
            continue
        traces += [change_trace(c) for c in made]
        few = [c for c in made if c.verdict is Verdict.TOO_FEW and c.basis == DOCUMENTED]
        # Against the baseline in words; the year so far and the year before stand in the table and chart.
        whole = any(c.kind == "baseline" for c in made)
        told = [c for c in made if c not in few and (c.kind == "baseline" or not whole)]
        series = {c.series: [x for x in told if x.series == c.series] for c in told}
        for group in series.values():
            words = [change_words(ed, c, caveat=False, follows=i > 0) for i, c in enumerate(group)]
            clear = last_clear(group)
            if clear is not None and basis == DOCUMENTED:
                words.append(support_words(ed, clear))
            paragraphs.append(" ".join(words).strip())
        # A series that another comparison has just spoken of is not too rare to speak of.
        if rare := [s for s in dict.fromkeys(c.series for c in few) if s not in series]:
            nouns = join([escape(ed.find_series(s).noun) for s in rare])
            paragraphs.append(f"Documented {nouns} are {VERDICT_WORDS[few[0].verdict]}.")
    return show_prose("txt-change", *paragraphs, trace=traces, role="inference")


def last_clear(group: Sequence[Change]) -> Change | None:
    """The last comparison of a group that is clear either way: the one that its caveat follows."""
    clear = [c for c in group if c.verdict in (Verdict.RISE, Verdict.FALL)]
    return clear[-1] if clear else None


def ratios_figure(ed: Edition) -> Record | None:
    """Rate ratios on a log axis with exact intervals: tallies hollow, documented filled."""
    made = [c for b in BASES for c in changes(ed, b)]
    drawn = [c for c in made if c.count_now + c.count_before > 0]
    if not drawn:
        return None  # the text says so
    order = [(s.id, b) for s in ed.series for b in BASES]
    drawn.sort(key=lambda c: (order.index((c.series, c.basis)), list(KIND_WORDS).index(c.kind)))
    finite = [v for c in drawn for v in (c.test.low, c.test.high, c.test.ratio) if v > 0 and math.isfinite(v)]
    left, right = max(min([*finite, 0.5]) / 1.3, 0.02), min(max([*finite, 2.0]) * 1.3, 100.0)
    colours = series_colours(ed)
    labels = []
    with theme():
        figure, axes = plt.subplots(figsize=(WIDTH, 0.65 + 0.21 * len(drawn)))
        axes.axvline(1, color=MUTED, lw=0.8, zorder=1)
        for i, c in enumerate(drawn):
            y, colour = -i, colours[c.series]
            low, high = max(c.test.low, left), min(c.test.high, right)
            axes.plot([low, high], [y, y], color=colour, lw=1.4, solid_capstyle="butt", zorder=2)
            for beyond, edge, mark in ((c.test.low < left, left, "<"), (c.test.high > right, right, ">")):
                if beyond:
                    axes.plot([edge], [y], marker=mark, ms=4.5, color=colour, ls="none", clip_on=False, zorder=3)
            if 0 < c.test.ratio < math.inf:
                face = "white" if c.basis == TALLY else colour
                axes.plot([c.test.ratio], [y], "o", ms=5.5, mfc=face, mec=colour, mew=1.3, zorder=4)
            axes.annotate(
                f"{number(c.count_now)} v {number(c.count_before)}  {verdict_label(ed, c)}",
                (1.03, y),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=7.5,
                annotation_clip=False,
                color=colour if c.p_adjusted < ALPHA else MUTED,
            )
            what = "tally" if c.basis == TALLY else "documented"
            labels.append(f"{ed.find_series(c.series).label}, {what}, on {_short(c)}")
        axes.set_xscale("log")
        axes.set_xlim(left, right)
        ticks = [t for t in (0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 25, 100) if left <= t <= right]
        axes.set_xticks(ticks)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_yticks([-i for i in range(len(drawn))], labels)
        axes.set_ylim(-len(drawn) + 0.4, 0.6)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(f"Rate in {ed.quarter.label} over rate before, per day covered (log scale)")
    return show_figure(
        figure,
        id="fig-rate-ratios",
        title=f"Rate ratios, {ed.quarter.label} against earlier quarters, with exact 95% intervals",
        alt=_alt(ed, drawn),
        caption=f"Hollow dots: {escape(tally_name(ed))}. Filled dots: documented incidents. A line that keeps clear"
        " of 1"
        " is a difference that chance alone would rarely make; the verdict also allows for the number of comparisons."
        " An arrow marks an interval that runs past the chart.",
        source=source_line(ed),
        data=frame(drawn),
        trace=[change_trace(c) for c in drawn],
    )


def _short(c: Change) -> str:
    return c.before[0].label if len(c.before) == 1 else f"{c.before[0].label.split()[0]}–{c.before[-1].label}"


def _alt(ed: Edition, drawn: Sequence[Change]) -> str:
    known = [c for c in drawn if math.isfinite(c.test.ratio)]
    text = f"Dot-and-interval chart of {count(len(drawn), 'rate ratio', 'rate ratios')} on a log scale."
    if known:
        top, low = max(known, key=lambda c: c.test.ratio), min(known, key=lambda c: c.test.ratio)
        text += f" Largest: {_named(ed, top)}"
        text += f"; smallest: {_named(ed, low)}." if low is not top else "."
    return text


def _named(ed: Edition, c: Change) -> str:
    return (
        f"{ed.find_series(c.series).label}, {basis_name(ed, c.basis)}, against {_against(c)},"
        f" {number(c.test.ratio, 2)} ({VERDICT_LABELS[c.verdict]})"
    )
