"""The claims, their verdicts and why."""

from __future__ import annotations

import pandas as pd

from incident_report.analysis.claims import Tested, evaluate, last_known_day, tally_verdicts
from incident_report.analysis.edition import Edition
from incident_report.analysis.verdicts import Verdict
from incident_report.present.claims.words import why
from incident_report.present.phrase import count, day, escape, join, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_FUNCTION = "incident_report.analysis.claims.evaluate"
_MOST_CITED = 3  # sources named in a cell; the trace leads to all of them
_RULES = (
    "*Supported*: the data bear it out, with a source besides the article.",
    "*Partly*: they bear out some of it, or only indirectly, or chance could explain it.",
    "*Not supported*: they say otherwise.",
    "*Cannot be tested*: they do not reach it; the last sentence says what would.",
)


def table(ed: Edition) -> Record | None:
    """Every claim with place, verdict and reason."""
    tested = evaluate(ed)
    if not tested:
        return None
    data = pd.DataFrame(
        {
            "id": [t.id for t in tested],
            "claim": [f"{t.claim} ({t.place})" for t in tested],
            "verdict": [sentence([t.verdict.value]) for t in tested],
            "why": [f"{why(ed, t)}{_cited(t)}" for t in tested],
        }
    )
    plain = data.assign(
        claim=[t.claim for t in tested],
        place=[t.place for t in tested],
        check=[t.check for t in tested],
        basis=[";".join(t.outcome.basis) for t in tested],
        rows=[";".join(t.outcome.rows) for t in tested],
        settle=[t.settle for t in tested],
    )
    return show_table(
        data,
        id="tab-claims",
        title=_title(tested),
        columns={
            "claim": Column("Claim, in our words (its place)", width=0.26),
            "verdict": Column("Verdict", width=0.1),
            "why": Column("Why", width=0.64),
        },
        caption="Each verdict is computed by a named check. Published tallies and documented incidents are tested"
        " apart; every test stands alone, without adjustment for the number of claims.",
        notes=list(_RULES),
        source=_source(ed),
        n=sentence([f"{count(len(tested), 'claim', 'claims')}."]),
        markdown=["why"],
        csv=plain,
        trace=[Trace(_FUNCTION, {"claim": t.id, "check": t.check}, t.outcome.rows, t.verdict.value) for t in tested],
    )


def summary(ed: Edition) -> Record:
    """How many claims have which verdict, and how many this edition is too early for."""
    tested = evaluate(ed)
    if not tested:
        return show_prose("txt-claims-summary", "This campaign lists no claims to test.")
    later = [t for t in tested if t.outcome.facts.get("beyond")]
    counts = {v: n for v, n in tally_verdicts(tuple(t for t in tested if t not in later)).items() if n}
    due = len(tested) - len(later)
    name = escape(ed.campaign.article_name) if ed.campaign.article_name else "the article"
    of = f" of {name}" if ed.campaign.article else ""
    text = [f"{sentence([count(len(tested), 'empirical claim', 'empirical claims')])}{of}"]
    text[0] += " is listed." if len(tested) == 1 else " are listed."
    if due:
        clauses = [_clause(v, n) for v, n in counts.items()]
        text.append(sentence([f"{join(clauses)}."]))
    if later:
        verb = "is" if len(later) == 1 else "are"
        last = last_known_day(ed)
        known = ed.quarter.words if last == ed.quarter.end else day(last)
        text.append(
            f"{sentence([count(len(later), 'claim', 'claims')])} {verb} about days after {known},"
            " and cannot be tested in this edition."
        )
    rows = [r for t in tested for r in t.outcome.rows]
    return show_prose(
        "txt-claims-summary",
        " ".join(text),
        role="observation",
        trace=[Trace(_FUNCTION, {"verdict": v.value}, [t.id for t in tested if t.verdict is v], str(n))
               for v, n in tally_verdicts(tested).items()]
        + [Trace(_FUNCTION, {}, rows)],
    )  # fmt: skip


def _clause(verdict: Verdict, n: int) -> str:
    verb = "is" if n == 1 else "are"
    words = {
        Verdict.SUPPORTED: f"{verb} supported by the data",
        Verdict.PARTLY: f"{verb} partly supported",
        Verdict.NOT: f"{verb} not supported",
        Verdict.UNTESTABLE: "cannot be tested with these data",
    }
    return f"{count(n, '', '').strip()} {words[verdict]}"


def _title(tested: tuple[Tested, ...]) -> str:
    words = {Verdict.PARTLY: "partly supported", Verdict.UNTESTABLE: "beyond these data"}
    clauses = [f"{n} {words.get(v, v.value)}" for v, n in tally_verdicts(tested).items() if n]
    return f"Claims against the data: {join(clauses)}"


def _cited(tested: Tested) -> str:
    ids = tested.outcome.sources[:_MOST_CITED]
    return f" [{'; '.join('@' + s for s in ids)}]" if ids else ""


def _source(ed: Edition) -> str:
    article = (ed.data.claims or {}).get("article") or ed.campaign.article
    cited = f"Claims from [@{article}]; " if article else ""
    return sentence(
        [f"{cited}tested on the published tallies, documented incidents, dated events and posture on file."]
    )
