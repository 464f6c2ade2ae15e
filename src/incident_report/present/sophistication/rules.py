"""What the chapter follows and why, and the rubric as published."""

from __future__ import annotations

import math

import pandas as pd

from incident_report.analysis.comparability import Support, support
from incident_report.analysis.coverage import coverages
from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import rubric
from incident_report.analysis.sophistication import filed
from incident_report.data.conditions import describe
from incident_report.data.model import Series
from incident_report.present.labels import label
from incident_report.present.phrase import escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.sophistication.common import NO_RUBRIC, chosen

_COVERAGE = "incident_report.analysis.comparability.support"


def scope_text(ed: Edition, series: str = "") -> Record:
    """Which series the chapter follows over time, and whether documentation allows it."""
    one, quarters = chosen(ed, series), filed(ed)
    status = support(ed, one.id, *quarters)
    lines = [
        "Everything in this chapter rests on documented incidents, not on published tallies.",
        f"It follows {escape(one.noun)} over time.",
    ]
    ratios = _ratios(ed, one)
    if status is Support.STEADY:
        lines.append(f"Documentation of them kept pace with the tallies{f': {ratios}' if ratios else ''}.")
    elif status.changed:
        lines.append(
            f"Documentation of them did not keep pace with the tallies{f': {ratios}' if ratios else ''};"
            " a trend in them may be a trend in documentation."
        )
    bare = [q for q in quarters if ed.tally(q, one.id) is None]
    if bare and status is not Support.UNKNOWN and one.where:
        lines.append(f"For {join([q.label for q in bare])} no tally allows that check.")
    elif status is Support.UNKNOWN and len(quarters) > 1:
        lines.append("Too few quarters have a tally to check whether documentation of them kept pace.")
    others = [s for s in ed.campaign.series if s.id != one.id and support(ed, s.id, *quarters).changed]
    if others:
        told = join([f"{escape(s.noun)} ({_ratios(ed, s)})" for s in others])
        lines.append(f"Not followed over time, because their documentation changed too much: {told}.")
    rows = [t.tally_id for s in (one, *others) for q in quarters if (t := ed.tally(q, s.id))]
    return show_prose(
        "txt-soph-scope",
        sentence(lines),
        role="caveat",
        trace=[Trace(_COVERAGE, {"series": one.id}, rows, status.value)],
    )


def _ratios(ed: Edition, series: Series) -> str:
    found = [c for c in coverages(ed) if c.series == series.id and not math.isnan(c.share)]
    if not found:
        return ""
    told = join([f"{number(c.share, 2)} in {c.quarter.label}" for c in found])
    return f"documented attacks for each tallied one, {told}"


def rubric_table(ed: Edition) -> Record:
    """The rubric as published: levels, wording and the coded fields that decide them."""
    rules = rubric(ed)
    if rules is None:
        return show_prose("tab-rubric", NO_RUBRIC)
    made, last = [], ""
    for dimension in rules.dimensions:
        for level in dimension.levels:
            decided = "no coded field" if level.when == "nothing" else describe(level.when, _word)
            wording = f"{level.wording} Example: {level.example}" if level.example else level.wording
            made.append((dimension.label if dimension.id != last else "", level.number, level.label, wording, decided))
            last = dimension.id
    table = pd.DataFrame(made, columns=["dimension", "level", "label", "wording", "decided"])
    notes = [f"**{escape(d.label)}**: {escape(d.caution)}" for d in rules.dimensions if d.caution]
    notes += [f"**{escape(label(k))}**: {escape(v)}" for k, v in (rules.derived or {}).items()]
    return show_table(
        table,
        id="tab-rubric",
        web_only=True,
        title=f"The rubric: {len(rules.dimensions)} dimensions, scored from coded fields by code",
        columns={
            "dimension": Column("Dimension", width=0.15),
            "level": Column("Level", "right", 0.07),
            "label": Column("Name", width=0.2),
            "wording": Column("What it means", width=0.34),
            "decided": Column("Decided by", width=0.24),
        },
        caption="The highest level whose condition is met decides. Where none is met the attack is unknown on"
        " that dimension, not low.",
        notes=notes,
        wide=True,
        trace=[Trace("incident_report.analysis.rubric.rubric", {}, [d.id for d in rules.dimensions])],
        csv=table.assign(dimension=[d.id for d in rules.dimensions for _ in d.levels]),
    )


def _word(value: str) -> str:
    if len(value) <= 3:  # an acronym or a number
        return value.upper()
    return label(value).lower()
