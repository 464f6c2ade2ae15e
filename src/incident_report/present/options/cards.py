"""One card an option, all alike: heading, what the data show, what follows, what the analyst judges, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.reach import Reach, reaches
from incident_report.present.options.common import JUDGED, none_listed, reach_trace, whose
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
    trace = [Trace(_READ, {"option": option.id}, [option.id])]
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


def _cited(ed: Edition, statement: Mapping[str, Any]) -> str:
    known = set(ed.data.sources["source_id"])
    cited = [s for s in statement.get("sources", ()) if s in known]
    return escape(statement["text"]) + (f" [{'; '.join('@' + s for s in cited)}]" if cited else "")


def _table(ed: Edition, reach: Reach, trace: Sequence[Trace]) -> Record:
    option, raw = reach.option, reach.option.raw
    rows = [("Mechanism", [raw["mechanism"]])]
    rows += [(f"Assumption {i}", [a]) for i, a in enumerate(raw["assumptions"], 1)]
    rows += [
        ("Costs", [raw["costs"]]),
        ("Risk of escalation", [raw["risks"]["escalation"]]),
        ("Symbolic effect", [raw["risks"]["symbolic"]]),
        ("Time to effect", [raw["time_to_effect"]]),
        ("Reversibility", [raw["reversibility"]]),
        ("Signposts", raw["signposts"]),
        ("Would change our mind", [raw["change_mind"]]),
        ("In the article", [raw["article_view"]]),
    ]
    data = pd.DataFrame(
        [
            {"field": field, "text": " ".join(_text(s) for s in given), "whose": _whose(ed, given)}
            for field, given in rows
        ]
    )
    doc = ed.data.options or {}
    scores = [f"{escape(c['short'])} {raw['scores'][c['id']]['score']}" for c in doc["criteria"] if "computed" not in c]
    low, high = doc["scale"]["low"], doc["scale"]["high"]
    return show_table(
        data,
        id=f"tab-option-{option.id}",
        title=f"{option.label}: {_ratings(raw['assumptions'])}",
        columns={
            "field": Column("Field", width=0.17),
            "text": Column("Statement", width=0.63),
            "whose": Column("Whose judgement", width=0.2),
        },
        markdown=("text", "whose"),
        notes=[f"{JUDGED}, {low} worst to {high} best: {join(scores)}; reasons in @tab-criteria."] if scores else [],
        trace=trace,
    )


def _text(statement: Mapping[str, Any]) -> str:
    text = escape(statement["text"])
    if "rating" in statement:
        return f"**{statement['rating'].upper()}** – {text} {escape(statement['why'])}"
    return text


def _whose(ed: Edition, given: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(dict.fromkeys(whose(ed, s) for s in given))


def _ratings(assumptions: Sequence[Mapping[str, Any]]) -> str:
    """``of three assumptions, one is rated green, one amber and one red``."""
    tally = {r: sum(a["rating"] == r for a in assumptions) for r in _RATINGS}
    kept = [(r, n) for r, n in tally.items() if n]
    total = len(assumptions)
    if len(kept) == 1:
        every = {1: "its one assumption is", 2: "both assumptions are"}.get(total, f"all {total} assumptions are")
        return f"{every} rated {kept[0][0]}"
    words = [f"{count(n, '', '').strip()} {r}" for r, n in kept]
    return f"of {count(total, 'assumption', 'assumptions')}, {join(words)}"


def ratings_text(ed: Edition) -> Record | None:
    """What the three ratings and the three kinds of statement mean."""
    doc = ed.data.options
    if not doc:
        return None
    meaning = join([f"**{r.upper()}** – {escape(doc['ratings'][r])}" for r in _RATINGS])
    return show_prose(
        "txt-ratings",
        f"Ratings of assumptions are the analyst's judgement: {meaning}. The last column says whose each statement"
        f" is: the article's (cited), the data's (rows or sources named), or the {JUDGED.lower()}.",
        trace=[Trace(_READ, {}, [o["id"] for o in doc["options"]])],
    )
