"""What each option could touch: sentences, chart and tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.reach import Reach, Share, Weighted, reaches, table
from incident_report.data.conditions import describe
from incident_report.present.labels import label
from incident_report.present.options.common import (
    FEWEST,
    REACH,
    WHOSE,
    capital,
    covered,
    limits,
    none_listed,
    percent,
    reach_trace,
    short_limits,
    tallies_words,
    tracker,
    weighted_base,
)  # fmt: skip
from incident_report.present.phrase import count, escape, join, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table


def options_text(ed: Edition) -> Record:
    """Which options there are, for which edition their statements were written, and how to read them."""
    found = reaches(ed)
    if not found:
        return none_listed("txt-options")
    doc = ed.data.options or {}
    written = str(doc.get("written_for", ""))
    phrases = [escape(r.option.phrase) for r in found]
    stale = (
        f"The statements and scores were written for the edition {escape(written)} and are shown as they stand;"
        f" the reach is computed for {escape(str(ed.quarter))}."
        if written and written != str(ed.quarter)
        else ""
    )
    return show_prose(
        "txt-options",
        f"This chapter sets out {count(len(found), 'option', 'options')}, all in one template, for"
        f" {escape(doc['chooser'])}: {join(phrases)}."
        if len(found) > 1
        else f"This chapter sets out one option, for {escape(doc['chooser'])}: {phrases[0]}.",
        stale,
        trace=[Trace("incident_report.analysis.reach.read_options", {}, [r.option.id for r in found], str(len(found)))],
    )


def reach_text(ed: Edition) -> Record:
    """On what the shares rest: documented attacks, and the tallies that weight them."""
    found = reaches(ed)
    if not found:
        return none_listed("txt-reach")
    total = found[0].total.n
    if not total:
        return show_prose(
            "txt-reach",
            f"No documented attack is counted for {ed.quarter.words}, so no option's reach can be computed.",
            role="observation",
        )
    lines = [
        f"The shares rest on {count(total, 'documented attack', 'documented attacks')} counted for {ed.quarter.words}."
    ]
    weighted = found[0].weighted
    if weighted is None:
        lines.append(
            "There is no headline tally for this quarter, so the shares are given for documented attacks only."
        )
    else:
        lines.append(
            f"For the weighted share, the share within each tallied series counts in proportion to the tallies by"
            f" {tracker(ed)}: {tallies_words(ed, weighted)}."
        )
        if len({t.window for t in weighted.tallies}) > 1:
            lines.append("Each tally enters as a rate per day of its own window.")
        if weighted.outside:
            lines.append(
                f"{count(weighted.outside, 'documented attack', 'documented attacks').capitalize()} outside the tallied"
                f" series {'does' if weighted.outside == 1 else 'do'} not enter the weighted share."
            )
    return show_prose("txt-reach", sentence(lines), role="observation", trace=reach_trace(ed, found))


def reach_caveat(ed: Edition) -> Record | None:
    """What the intervals do not cover."""
    found = reaches(ed)
    if not found or not found[0].total.n:
        return None
    return show_prose(
        "txt-reach-caveat",
        "A filter says which attacks an option could touch at all. To touch is not to stop, and attacks that are"
        " kept from one place may come at another. The intervals describe sampling noise only: how far the share"
        " might differ in another quarter of the same kind. They leave out attacks that nobody reported, errors in"
        " coding, and the choice of filter.",
        role="caveat",
    )


def reach_sentence(ed: Edition, reach: Reach) -> str:
    """One option's reach in words (Markdown)."""
    total = reach.total
    subject = capital(reach.option.phrase)
    if not total.n:
        return (
            f"{escape(subject)}: no documented attack is counted for {ed.quarter.label}, so there is no share to give."
        )
    if total.n == 1:
        return _single(ed, reach, subject)
    attacks = f"{total.n} documented attacks of {ed.quarter.label}"
    if len(total.covered) == total.n == 2:
        attacks = f"documented attacks of {ed.quarter.label}"
    if total.settled is not None:
        cause = " adds no measure, so it" if reach.option.filter == "nothing" else ""
        which = "all" if total.settled else "none of the"
        return f"{escape(subject)}{cause} bears by definition on {which} {attacks}."
    part = len(total.covered)
    which = ("both" if part == 2 else "all") if part == total.n else f"{part} of the" if part else "none of the"
    parts = [f"{escape(subject)} could touch {which} {attacks}"]
    if total.n >= FEWEST:
        parts[0] += f" ({percent(part / total.n)}, 95% interval {limits(total.low, total.high)})"
    split = [_within(ed, s) for s in reach.by_series if s.n]
    parts[0] += f": {join(split)}." if split else "."
    if total.unknown:
        most = len(total.covered) + len(total.unknown)
        parts.append(
            f"For {count(len(total.unknown), 'further attack', 'further attacks')} the fields do not tell,"
            f" so it could be as many as {most}."
        )
    parts.append(_weighted_sentence(ed, reach.weighted))
    return sentence(parts)


def _single(ed: Edition, reach: Reach, subject: str) -> str:
    attack = f"the one documented attack of {ed.quarter.label}"
    if reach.total.unknown:
        return f"For {attack} the fields do not tell whether {escape(reach.option.phrase)} could touch it."
    return f"{escape(subject)} {'could' if reach.total.covered else 'could not'} touch {attack}."


def _within(ed: Edition, share: Share) -> str:
    """``11 of 26 rocket attacks``, ``none of 29 convoy attacks``, ``both drone attacks``."""
    series, part = ed.find_series(share.series), len(share.covered)
    if share.n == 1:
        return f"{'the one' if part else 'not the one'} {escape(series.singular)}"
    which = f"{part} of {share.n}" if part else f"none of {share.n}"
    if part == share.n:
        which = "both" if part == 2 else f"all {part}"
    return f"{which} {escape(series.noun)}"


def _weighted_sentence(ed: Edition, weighted: Weighted | None) -> str:
    if weighted is None or weighted_base(ed, weighted) < FEWEST:
        return ""
    how = f"Weighted to the tallies by {tracker(ed)}"
    if weighted.share is None:
        return f"{how}, only bounds can be given: {limits(weighted.low, weighted.high)}."
    same = abs(weighted.high - weighted.low) < 0.005
    tail = "" if same else f" (bounds {limits(weighted.low, weighted.high)})"
    return f"{how} it is {percent(weighted.share)}{tail}."


def _weighted_cell(weighted: Weighted) -> str:
    bounds = short_limits(weighted.low, weighted.high)
    if weighted.share is None:
        return bounds
    return percent(weighted.share) + ("" if weighted.high - weighted.low < 0.005 else f" ({bounds})")


def reach_table(ed: Edition) -> Record | None:
    """Options by series in numbers."""
    found = reaches(ed)
    if not found or not found[0].total.n:
        return None
    series = [s.series for s in found[0].by_series if s.n]
    rows = []
    for r in found:
        t = r.total
        row = {"option": r.option.label, "all": covered(t, "0"), "open": str(len(t.unknown)) if t.unknown else "–"}
        row["interval"] = short_limits(t.low, t.high) if t.n >= FEWEST and t.settled is None else "–"
        row |= {s.series: f"{len(s.covered)} of {s.n}" for s in r.by_series if s.n}
        if (w := r.weighted) is not None:
            row["weighted"] = _weighted_cell(w) if weighted_base(ed, w) >= FEWEST else "–"
        rows.append(row)
    weighted = found[0].weighted
    extra = {"weighted": Column("Weighted to tallies (bounds)", "right", 0.17)} if weighted else {}
    notes = [f"Tallies by {tracker(ed)}: {tallies_words(ed, weighted)}."] if weighted else []
    return show_table(
        pd.DataFrame(rows),
        id="tab-reach",
        web_only=True,
        title="Documented attacks that each option could touch, by series",
        columns={
            "option": Column("Option", width=0.25),
            "all": Column("All documented", "right"),
            "interval": Column("95% interval", "right"),
            "open": Column("Cannot be told", "right"),
            **{s: Column(ed.find_series(s).label, "right") for s in series},
            **extra,
        },
        caption="Documented attacks that each option's filter covers. A dash under an interval: it is settled by"
        " definition, or there are too few attacks.",
        n=f"n = {found[0].total.n} documented attacks, {ed.quarter.label}.",
        source=reach_source(ed, found),
        notes=notes,
        csv=table(ed),
        trace=reach_trace(ed, found),
    )


def filters_table(ed: Edition) -> Record | None:
    """The declared filters in words, with the reason for each."""
    found = reaches(ed)
    if not found:
        return None
    data = pd.DataFrame(
        {
            "option": [r.option.label for r in found],
            "filter": [_filter_words(r) for r in found],
            "reason": [r.option.raw["filter_reason"]["text"] for r in found],
            "whose": [WHOSE[r.option.raw["filter_reason"]["basis"]] for r in found],
        }
    )
    return show_table(
        data,
        id="tab-filters",
        web_only=True,
        title="What decides whether an option could touch an attack",
        columns={
            "option": Column("Option", width=0.2),
            "filter": Column("Attacks that the filter takes", width=0.36),
            "reason": Column("Why", width=0.32),
            "whose": Column("Whose judgement", width=0.12),
        },
        caption="Filters read coded fields only. 'Otherwise unknown' marks fields whose silence says nothing.",
        source="The campaign's file of policy options.",
        trace=[Trace(REACH, {"quarter": ed.quarter}, [r.option.id for r in found])],
    )


def _filter_words(reach: Reach) -> str:
    text = describe(reach.option.filter, lambda v: label(v).lower() if "_" in v else v)
    return capital(text)


def reach_source(ed: Edition, found: Sequence[Reach]) -> str:
    """Where the shares come from."""
    tallied = f"; tallies by {tracker(ed)}" if found[0].weighted else ""
    return f"Documented incidents{tallied}; filters in @tab-filters."
