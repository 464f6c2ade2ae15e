"""One card an option, all alike: heading, what the data show, what follows, what the analyst judges, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.reach import Reach, reaches
from incident_report.data.options import statements
from incident_report.present.options.common import JUDGED, WHOSE, none_listed, reach_trace
from incident_report.present.options.reach import reach_sentence
from incident_report.present.phrase import count, escape, join
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_READ = "incident_report.analysis.reach.read_options"
_RATINGS = ("green", "amber", "red")


def cards(ed: Edition) -> list[Record]:
    """Records of every option's card, in the file's order; one sentence where there are no options."""
    found = reaches(ed)
    if not found:
        return [none_listed("txt-cards")]
    return [record for reach in found for record in card(ed, reach)]


def card(ed: Edition, reach: Reach) -> Iterator[Record]:
    """Heading, observation, inference, judgement and table of one option."""
    option = reach.option
    named = [i for _, s in statements(option.raw) for i in s.get("incidents", ())]
    trace = [Trace(_READ, {"option": option.id}, [option.id, *dict.fromkeys(named)])]
    yield show_prose(f"txt-option-{option.id}", f"### {escape(option.label)}")
    yield show_prose(
        f"txt-option-{option.id}-reach", reach_sentence(ed, reach), role="observation", trace=reach_trace(ed, [reach])
    )
    for role in ("inference", "judgement"):
        statement = option.raw[role]
        text = _cited(ed, statement)
        if role == "judgement" and statement["basis"] == "analyst":
            text = f"*{JUDGED}.* {text}"
        yield show_prose(f"txt-option-{option.id}-{role}", text, role=role, trace=trace)
    yield _table(ed, reach, trace)


def _cites(ed: Edition, given: Sequence[Mapping[str, Any]]) -> str:
    """Citations of statements; an article's own statements are cited where the card turns to the article."""
    known = set(ed.data.sources["source_id"])
    cited = [
        s
        for one in given
        for s in one.get("sources", ())
        if s in known and not (one["basis"] == "article" and s == ed.campaign.article)
    ]
    return f" [{'; '.join('@' + s for s in dict.fromkeys(cited))}]" if cited else ""


def _cited(ed: Edition, statement: Mapping[str, Any]) -> str:
    return escape(statement["text"]) + _cites(ed, [statement])


def _table(ed: Edition, reach: Reach, trace: Sequence[Trace]) -> Record:
    option, raw = reach.option, reach.option.raw
    view = raw["article_view"]
    known = set(ed.data.sources["source_id"])
    view_cites = "; ".join(f"@{s}" for s in view.get("sources", ()) if s in known)
    rows = [_row(ed, "Mechanism", [("", raw["mechanism"])])]
    rows += [_row(ed, f"Assumption {i}", [("", a)]) for i, a in enumerate(raw["assumptions"], 1)]
    rows += [
        _row(ed, "Costs", [("", raw["costs"])]),
        _row(
            ed, "Risks", [("Escalation: ", raw["risks"]["escalation"]), ("Symbolic effect: ", raw["risks"]["symbolic"])]
        ),
        _row(ed, "Timing", [("Effect: ", raw["time_to_effect"]), ("Reversibility: ", raw["reversibility"])]),
        _row(ed, "Signposts", [("", s) for s in raw["signposts"]]),
        _row(ed, "Change of mind", [("", raw["change_mind"])]),
        {
            "field": "In the article",
            "text": escape(view["text"]) + (f" [{view_cites}]" if view_cites else ""),
            "whose": WHOSE[view["basis"]],
        },
    ]
    return show_table(
        pd.DataFrame(rows),
        id=f"tab-option-{option.id}",
        title=f"{option.label}: {_ratings(raw['assumptions'])}",
        columns={
            "field": Column("Field", width=0.15),
            "text": Column("Statement", width=0.76),
            "whose": Column("Whose", width=0.09),
        },
        markdown=("text",),
        trace=trace,
    )


def _row(ed: Edition, field: str, given: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """One row of a card: its statements, their sources, and whose they are, in the same order."""
    parts = [f"{f'*{lead.strip()}* ' if lead else ''}{_text(s)}{_cites(ed, [s])}" for lead, s in given]
    owners = [WHOSE[s["basis"]] for _, s in given]
    whose = owners[0] if len(set(owners)) == 1 else " / ".join([owners[0], *(o.lower() for o in owners[1:])])
    return {"field": field, "text": " ".join(parts), "whose": whose}


def _text(statement: Mapping[str, Any]) -> str:
    text = escape(statement["text"])
    if "rating" in statement:
        return f"**{statement['rating'].upper()}** – {text} {escape(statement['why'])}"
    return text


def _ratings(assumptions: Sequence[Mapping[str, Any]]) -> str:
    """``of three assumptions, one is rated green, one amber and one red``."""
    tally = {r: sum(a["rating"] == r for a in assumptions) for r in _RATINGS}
    kept = [(r, n) for r, n in tally.items() if n]
    total = len(assumptions)
    if len(kept) == 1:
        every = {1: "its one assumption is", 2: "both assumptions are"}.get(
            total, f"all {count(total, 'assumption', 'assumptions')} are"
        )
        return f"{every} rated {kept[0][0]}"
    words = [f"{count(n, '', '').strip()} {r}" for r, n in kept]
    return f"of {count(total, 'assumption', 'assumptions')}, {join(words)}"


def ratings_text(ed: Edition) -> Record | None:
    """What the three ratings and the three kinds of statement mean."""
    doc = ed.data.options
    if not doc:
        return None
    meaning = join([f"**{r.upper()}** – {escape(doc['ratings'][r])}" for r in _RATINGS])
    article = f" [@{ed.campaign.article}]" if ed.campaign.article in set(ed.data.sources["source_id"]) else ""
    return show_prose(
        "txt-ratings",
        f"Ratings of assumptions are the {JUDGED.lower()}: {meaning}. The last column says whose each statement is:"
        f" the article's{article}, the analyst's, or the data's, with rows or sources behind it. Where a row holds two"
        " statements of different owners, they stand in the same order.",
        trace=[Trace(_READ, {}, [o["id"] for o in doc["options"]])],
    )
