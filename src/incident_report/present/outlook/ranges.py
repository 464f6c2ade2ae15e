"""The outlook as table and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from incident_report.analysis.counts import BASES, DOCUMENTED, TALLY
from incident_report.analysis.coverage import coverages
from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import ALTERNATIVE, MODELS, Outlook, outlooks, predictions
from incident_report.analysis.predictive import AVERAGED, LEVELS
from incident_report.analysis.scores import running
from incident_report.present.change import basis_name, tally_name
from incident_report.present.outlook.common import MODEL_WORDS, chance, percent, source, trace
from incident_report.present.phrase import count, escape, join, number, sentence, span
from incident_report.present.records import Column, Record, Trace, show_prose, show_table


def table(ed: Edition, previous: Mapping[str, Any] | None = None, half_life: float = AVERAGED) -> Record | None:
    """Ranges per series, basis and model; carries the predictions that the next edition scores."""
    made = [o for basis in BASES for o in outlooks(ed, basis, half_life)]
    if not made:
        return None
    rows, csv = [], []
    for o in made:
        for model in MODELS:
            ranges = {f"r{level}": o.range(level, model) for level in LEVELS}
            rows.append(
                {
                    "basis": sentence([basis_name(ed, o.basis)]),
                    "series": ed.find_series(o.series).label,
                    "model": sentence([MODEL_WORDS[model]]),
                    "now": number(o.now.count or 0) + ("*" if o.now.partial else ""),
                    "middle": number(o.median(model)),
                    **{k: f"{number(low)}–{number(high)}" for k, (low, high) in ranges.items()},
                    "more": percent(o.chance_of_more(model)),
                }
            )
            csv.append(
                {
                    "basis": o.basis,
                    "series": o.series,
                    "model": model,
                    "quarter": str(o.quarter),
                    "days": o.days,
                    "count_now": o.now.count,
                    "days_now": o.now.days,
                    "mean": o.mean(model),
                    "median": o.median(model),
                    **{f"low_{level}": o.range(level, model)[0] for level in LEVELS},
                    **{f"high_{level}": o.range(level, model)[1] for level in LEVELS},
                    "probability_of_more": o.chance_of_more(model),
                }
            )
    data = pd.DataFrame(rows)
    same = data[["basis", "series", "now"]].eq(data[["basis", "series", "now"]].shift())
    data.loc[same["basis"] & same["series"], ["series", "now"]] = ""
    data.loc[same["basis"], "basis"] = ""
    partial = [o for o in made if o.now.partial and o.now.window]
    notes = [
        f"\\* Covers {o.now.days} of the {ed.quarter.days} days of {ed.quarter.label}"
        f" ({span(o.now.window.start, o.now.window.end)}); for such a count *more* means a higher daily rate."
        for o in partial[:1]
        if o.now.window
    ]
    shown = show_table(
        data,
        id="tab-outlook",
        title=f"What {made[0].quarter.label} may bring, by series, kind of count and model",
        columns={
            "basis": Column("Kind of count", width=0.18),
            "series": Column("Series", width=0.2),
            "model": Column("Model", width=0.155),
            "now": Column(ed.quarter.label, "right", 0.075),
            "middle": Column("Middle", "right", 0.065),
            "r50": Column("50% range", "right", 0.075),
            "r80": Column("80% range", "right", 0.075),
            "r95": Column("95% range", "right", 0.075),
            "more": Column("Chance of more", "right", 0.1),
        },
        caption=f"Ranges are for the whole of {made[0].quarter.label} ({made[0].days} days) and hold at least the share"
        " of probability named; the middle is the median. They are published in provenance.json, and the next edition"
        " scores them.",
        source=" ".join(source(ed, b) for b in BASES if any(o.basis == b for o in made)),
        notes=notes,
        csv=pd.DataFrame(csv),
        trace=[trace(o, f"{o.range(95)[0]} to {o.range(95)[1]}") for o in made],
    )
    stored = predictions(ed, half_life, running(ed, previous or {}))
    return replace(shown, content={**shown.content, "predictions": stored})


def likelihoods(ed: Edition, half_life: float = AVERAGED) -> Record:
    """Whether next quarter brings more than this one, in ICD 203's words, per series and basis.

    A documented series whose record is thin beside a tally is left out: a rise in what is recorded
    cannot be told from a rise in attacks.
    """
    thin = {c.series for c in coverages(ed) if c.level == "thin"}
    paragraphs, traces, left_out = [], [], []
    for basis in BASES:
        made = [o for o in outlooks(ed, basis, half_life) if o.series != ed.campaign.all_series.id]
        left_out += [o for o in made if basis == DOCUMENTED and o.series in thin]
        made = [o for o in made if basis == TALLY or o.series not in thin]
        if made:
            paragraphs.append(" ".join(_more(ed, o) for o in made))
        traces += [trace(o, percent(o.chance_of_more())) for o in made]
    if left_out:
        nouns = join([escape(ed.find_series(o.series).noun) for o in left_out])
        paragraphs.append(f"No such statement is made on documented {nouns}: too little of the past is on record.")
    if not paragraphs:
        return show_prose("txt-outlook-likelihood", f"No count for {ed.quarter.words} is on file to predict from.")
    return show_prose("txt-outlook-likelihood", *paragraphs, role="judgement", trace=traces)


def _more(ed: Edition, o: Outlook) -> str:
    series = ed.find_series(o.series)
    noun, singular = escape(series.noun), escape(series.singular)
    now, p, other = o.now.count or 0, o.chance_of_more(), o.chance_of_more(ALTERNATIVE)
    if o.now.partial and o.now.window:
        what = f"{noun} in {escape(tally_name(ed))}" if o.basis == TALLY else f"documented {noun}"
        event = (
            f"{what} will come at a higher daily rate in {o.quarter.words} than from"
            f" {span(o.now.window.start, o.now.window.end)}"
        )
    elif now == 0:
        event = (
            f"at least one {singular} will be {'tallied' if o.basis == TALLY else 'documented'} in {o.quarter.words}"
        )
    else:
        verb = f"be counted in {escape(tally_name(ed))}" if o.basis == TALLY else "be documented"
        event = f"more {noun} will {verb} in {o.quarter.words} than the {number(now)} of {ed.quarter.words}"
    same = chance(p) == chance(other)
    second = (
        f"the negative binomial model gives {percent(other)}"
        if same
        else f"by the negative binomial model ({percent(other)}) {chance(other).removesuffix(' that')}"
    )
    return sentence([f"{chance(p)} {event} (gamma-Poisson model, {percent(p)}); {second}."])


def caveat(ed: Edition, half_life: float = AVERAGED) -> Record:
    """How many quarters the ranges rest on, what they take for granted, and where the record is uneven."""
    made = outlooks(ed, DOCUMENTED, half_life) or outlooks(ed, TALLY, half_life)
    if not made:
        return show_prose("txt-outlook-caveat")
    n = max(len(o.past) for o in made)
    text = [
        f"The ranges rest on {count(n, 'quarter', 'quarters')} of counts at most and take for granted that attacks are"
        " recorded as before. They know nothing of plans, talks or deterrence: they say what counts like these"
        " would lead one to expect."
    ]
    thin = [c for c in coverages(ed) if c.level == "thin"]
    lines = []
    for series in dict.fromkeys(c.series for c in thin):
        own = [c for c in coverages(ed) if c.series == series and c.documented is not None]
        values = join(
            [f"{number(c.documented or 0)} against {number(c.tally.count)} in {c.quarter.label}" for c in own]
        )
        lines.append(
            f"Documented {escape(ed.find_series(series).noun)} are a poor guide: set beside {escape(tally_name(ed))}"
            f" over the same days they number {values}, so their range is about what gets recorded as much as about"
            " attacks."
        )
    rows = [r for c in thin for r in c.rows]
    return show_prose(
        "txt-outlook-caveat",
        " ".join([*text, *lines]),
        role="caveat",
        trace=[Trace("incident_report.analysis.coverage.coverages", {}, rows, str(n))],
    )
