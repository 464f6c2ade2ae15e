"""How a ranking of the options depends on the weights, and on doubt about the scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from incident_report.analysis.edition import Edition
from incident_report.analysis.reach import read_options
from incident_report.analysis.tradeoffs import (
    DOUBT,
    DRAWS,
    SEED,
    Acceptability,
    Scores,
    at_weights,
    dominated,
    parse_weights,
    scores,
    smaa,
)  # fmt: skip
from incident_report.present.options.common import JUDGED, capital, none_listed, percent, shade, wrapped
from incident_report.present.phrase import count, escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import INK, WIDTH, show_figure, theme

_SMAA = "incident_report.analysis.tradeoffs.smaa"
_DOUBT = count(int(DOUBT), "point", "points")
OFTEN = 0.05  # an option that ranks first in fewer draws is said hardly ever to


def ranking_text(ed: Edition, weights: str = "") -> Record:
    """Rank at the weights asked for, beside how far it holds under others."""
    table = scores(ed)
    if table is None:
        return none_listed("txt-ranking")
    names = {o.id: o.phrase for o in read_options(ed)}
    if len(table.options) == 1:
        return show_prose("txt-ranking", "Only one option is listed, so there is nothing to rank.")
    chosen = _weights(table, ed, weights)
    _, ranks = at_weights(table, chosen)
    fixed, doubtful = smaa(table, doubt=False), smaa(table, doubt=True)
    top = [i for i, r in enumerate(ranks) if r == 1]
    often = [i for i in range(len(table.options)) if doubtful.first[i] >= OFTEN]
    how = _how(table, chosen, weights)
    shares = [
        f"{escape(names[table.options[i]])} in {percent(doubtful.first[i])}"
        for i in sorted(often, key=lambda i: (-doubtful.first[i], i))
    ]
    same = "the first rank goes to" if len(top) == 1 else "the first rank is shared by"
    lines = [
        f"{how}, {same} {join([escape(names[table.options[i]]) for i in top])}.",
        f"Under {number(DRAWS)} random weightings "
        + (
            f"that option ranks first in {percent(fixed.first[top[0]])} of them with the scores as they stand, and in"
            f" {percent(doubtful.first[top[0]])} when each judged score may be off by {_DOUBT}."
            if len(top) == 1
            else "these options rank first in"
            f" {join([percent(fixed.first[i]) for i in top])} of them with the scores as they stand."
        ),
        f"With that doubt, {count(len(often), 'option ranks', 'options rank')} first in at least"
        f" {percent(OFTEN)} of weightings: {join(shares)}."
        if often
        else "",
        "The rank is thus a statement about weights and judged scores, not a finding from the data.",
    ]
    return show_prose(
        "txt-ranking", sentence(lines), role="judgement", trace=[_trace(table, weights, f"rank 1: {len(often)}")]
    )


def dominance_text(ed: Edition) -> Record | None:
    """Options that another matches or exceeds on every criterion."""
    table = scores(ed)
    if table is None or len(table.options) < 2:
        return None
    names = {o.id: escape(o.phrase) for o in read_options(ed)}
    pairs = dominated(table)
    if not pairs:
        text = "No option is dominated: none is matched or exceeded on every criterion by another."
    else:
        by: dict[str, list[str]] = {}
        for one, other in pairs:
            by.setdefault(one, []).append(names[other])
        said = [f"{names[o]} by {_others(others)}" for o, others in by.items()]
        text = (
            f"{count(len(by), 'option is', 'options are').capitalize()} dominated, that is matched or exceeded on every"
            f" criterion by another and exceeded on at least one: {'; '.join(said)}. Dominance rests on the scores as"
            f" they stand; {_DOUBT} more or less could end it, and options that bear on different attacks may be"
            " pursued together."
        )
    return show_prose(
        "txt-dominance",
        text,
        role="inference",
        trace=[
            Trace("incident_report.analysis.tradeoffs.dominated", {}, [o for p in pairs for o in p], str(len(pairs)))
        ],
    )


def _others(names: list[str]) -> str:
    return join(names) if len(names) < 3 else count(len(names), "other", "others")


def acceptability_figure(ed: Edition, weights: str = "") -> Record | None:
    """Options by rank: share of random weightings, with doubtful scores."""
    table = scores(ed)
    if table is None or len(table.options) < 2:
        return None
    names = {o.id: o.label for o in read_options(ed)}
    result = smaa(table, doubt=True)
    order = sorted(range(len(table.options)), key=lambda i: (result.mean_rank[i], i))
    grid = result.ranks[order]
    n = len(order)
    with theme():
        figure, ax = plt.subplots(figsize=(WIDTH, 0.6 + 0.23 * n))
        most = max(0.5, float(grid.max()))
        edges = np.arange(n + 1) - 0.5
        ax.pcolormesh(edges, edges, [[shade(share / most) for share in row] for row in grid])
        ax.set_ylim(n - 0.5, -0.5)
        for i in range(n):
            for j in range(n):
                if (share := grid[i, j]) >= 0.005:
                    ax.text(j, i, f"{100 * share:.0f}", ha="center", va="center", fontsize=7.5,
                            color=INK)  # fmt: skip
        ax.set_xticks(range(n), [str(r) for r in range(1, n + 1)])
        ax.xaxis.tick_top()
        ax.xaxis.set_label_position("top")
        ax.set_xlabel("Rank (1 is highest); share of weightings, %")
        ax.tick_params(axis="x", length=0)
        ax.set_yticks(range(n), [wrapped(names[table.options[i]], 30) for i in order])
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set_visible(False)
    return show_figure(
        figure,
        id="fig-rank-acceptability",
        title=_title(result),
        alt=_alt(table, result, order, names),
        data=_frame(table, {False: smaa(table, doubt=False), True: result}),
        caption=f"Share of {number(DRAWS)} random weightings, uniform over all, in which each option takes each rank;"
        f" every judged score ({JUDGED.lower()}) varies by up to {_DOUBT} and the computed one within its"
        " interval. Rows are in order of mean rank; an empty cell is below half a percent.",
        source="The campaign's file of policy options; documented incidents for what is computed.",
        trace=[_trace(table, weights, _title(result))],
    )


def ranking_table(ed: Edition, weights: str = "") -> Record | None:
    """Weighted score and rank, never without how far the rank moves."""
    table = scores(ed)
    if table is None or len(table.options) < 2:
        return None
    names = {o.id: o.label for o in read_options(ed)}
    chosen = _weights(table, ed, weights)
    total, ranks = at_weights(table, chosen)
    fixed, doubtful = smaa(table, doubt=False), smaa(table, doubt=True)
    spans = doubtful.rank_range()
    beaten = {one for one, _ in dominated(table)}
    order = sorted(range(len(table.options)), key=lambda i: (doubtful.mean_rank[i], i))
    rows = [
        {
            "option": names[table.options[i]],
            "score": f"{total[i]:.1f}",
            "rank": str(ranks[i]),
            "range": f"{spans[i][0]} to {spans[i][1]}",
            "fixed": percent(fixed.first[i]),
            "doubt": percent(doubtful.first[i]),
            "top": percent(float(doubtful.ranks[i, :3].sum())) if len(table.options) > 3 else "–",
            "dominated": "yes" if table.options[i] in beaten else "no",
        }
        for i in order
    ]
    return show_table(
        pd.DataFrame(rows),
        id="tab-ranking",
        web_only=True,
        title="Ranks with their sensitivity to weights and scores",
        columns={
            "option": Column("Option", width=0.26),
            "score": Column("Score at these weights", "right"),
            "rank": Column("Rank at these weights", "right"),
            "range": Column("Rank, middle 90% of weightings", "right"),
            "fixed": Column("First, scores fixed", "right"),
            "doubt": Column("First, scores varied", "right"),
            "top": Column("First three, scores varied", "right"),
            "dominated": Column("Dominated", "center"),
        },
        caption=f"{_how(table, chosen, weights)} for the second and third column; all others are over"
        f" {number(DRAWS)} random weightings. Rows are in order of mean rank. Scores are the {JUDGED.lower()} except"
        " where computed.",
        source="The campaign's file of policy options; documented incidents for what is computed.",
        csv=_frame(table, {False: fixed, True: doubtful}),
        trace=[_trace(table, weights)],
    )


def central_table(ed: Edition) -> Record | None:
    """The weights that speak for each option, and how sure its first rank is at them."""
    table = scores(ed)
    if table is None or len(table.options) < 2:
        return None
    names = {o.id: o.label for o in read_options(ed)}
    result = smaa(table, doubt=True)
    order = [i for i in np.argsort(-result.first, kind="stable") if result.first[i] >= OFTEN]
    if not order:
        return None
    data = pd.DataFrame(
        [
            {
                "option": names[table.options[i]],
                **{c.id: percent(result.central[i, j]) for j, c in enumerate(table.criteria)},
                "confidence": percent(result.confidence[i]),
            }
            for i in order
        ]
    )
    return show_table(
        data,
        id="tab-central-weights",
        web_only=True,
        title="Whose priorities each option answers: typical weights under which it ranks first",
        columns={
            "option": Column("Option", width=0.28),
            **{c.id: Column(capital(c.short), "right") for c in table.criteria},
            "confidence": Column("First at these weights", "right"),
        },
        caption=f"Mean weights of the weightings in which an option ranks first, for options that do so in at least"
        f" {percent(OFTEN)}; alike would be {percent(1 / len(table.criteria))} each. The last column is the share of"
        " score variations in which it still ranks first at just these weights.",
        source="The campaign's file of policy options; documented incidents for what is computed.",
        csv=pd.DataFrame(
            [
                (o, c.id, result.central[i, j], result.confidence[i])
                for i, o in enumerate(table.options)
                for j, c in enumerate(table.criteria)
            ],
            columns=["option", "criterion", "central_weight", "confidence"],
        ),
        trace=[_trace(table, "")],
    )


def _weights(table: Scores, ed: Edition, text: str) -> dict[str, float]:
    """Weights of the criteria in use; one that was dropped may still be named."""
    given = parse_weights(text, [c["id"] for c in (ed.data.options or {})["criteria"]])
    kept = {c.id: given[c.id] for c in table.criteria}
    total = sum(kept.values())
    return {k: v / total for k, v in kept.items()} if total else parse_weights("", list(kept))


def _how(table: Scores, chosen: dict[str, float], text: str) -> str:
    if not text.strip():
        return "With all criteria weighed alike"
    parts = [f"{escape(c.short)} {percent(chosen[c.id])}" for c in table.criteria]
    return f"With the weights asked for ({join(parts)})"


def _title(result: Acceptability) -> str:
    often = int((result.first >= OFTEN).sum())
    total = count(len(result.first), "option", "options")
    if often == 1:
        return f"One of {total} ranks first in at least {percent(OFTEN)} of weightings"
    return (
        f"{count(often, '', '').strip().capitalize()} of {total} rank first in at least {percent(OFTEN)} of weightings"
    )


def _alt(table: Scores, result: Acceptability, order: list[int], names: dict[str, str]) -> str:
    first = max(range(len(order)), key=lambda i: (result.first[i], -i))
    last = max(range(len(order)), key=lambda i: (result.ranks[i, -1], -i))
    return (
        f"Heat map of {count(len(order), 'option', 'options')} by rank with the share of weightings in each cell."
        f" {names[table.options[first]]} takes the first rank most often ({percent(result.first[first])}),"
        f" {names[table.options[last]]} the last ({percent(result.ranks[last, -1])})."
    )


def _frame(table: Scores, results: dict[bool, Acceptability]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (o, "varied" if doubt else "fixed", r + 1, result.ranks[i, r])
            for doubt, result in results.items()
            for i, o in enumerate(table.options)
            for r in range(len(table.options))
        ],
        columns=["option", "scores", "rank", "share"],
    )


def _trace(table: Scores, weights: str, value: str = "") -> Trace:
    params = {"draws": DRAWS, "seed": SEED, "weights": weights or "alike", "doubt": DOUBT}
    return Trace(_SMAA, params, table.options, value)
