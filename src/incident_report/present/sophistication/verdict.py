"""Whether the documented incidents can carry a trend in sophistication at all."""

from __future__ import annotations

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import support
from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import rubric
from incident_report.analysis.shifts import FEWEST_EACH, FEWEST_QUARTERS
from incident_report.analysis.sophistication import component_trends, filed
from incident_report.analysis.techniques import reported
from incident_report.present.phrase import escape, join, sentence
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.sophistication.common import chosen, names, nothing, span_of

_FUNCTION = "incident_report.analysis.sophistication.component_trends"


def verdict_text(ed: Edition, series: str = "") -> Record:
    """What can and what cannot be said of sophistication over time, chosen by rule."""
    record = "txt-soph-verdict"
    if (empty := nothing(ed, record, series)) is not None:
        return empty
    one, quarters, rules = chosen(ed, series), filed(ed), rubric(ed)
    assert rules is not None
    trends = component_trends(ed, one.id)
    able = [t for t in trends if t.drift.verdict is not Verdict.TOO_FEW and not t.dimension.one_sided]
    unable = [t for t in trends if t not in able]
    rows = ed.incidents(None, one.id)["incident_id"].tolist()
    noun, trace = escape(one.noun), [Trace(_FUNCTION, {"series": one.id}, rows)]
    if support(ed, one.id, *quarters).changed:
        lines = [
            f"The documented {noun} cannot carry a trend in sophistication: documentation did not keep pace with the"
            " tallies."
        ]
    elif not able:
        lines = [
            f"The documented {noun} cannot carry a trend in sophistication: no dimension is known for"
            f" {FEWEST_EACH} attacks or more in each of {FEWEST_QUARTERS} quarters."
        ]
    else:
        moved = [t for t in able if t.drift.verdict in (Verdict.RISE, Verdict.FALL)]
        over = span_of(quarters)
        lines = [f"{over}, the documented {noun} allow a test for trend in {names(t.dimension.label for t in able)}."]
        for way, word in ((Verdict.RISE, "higher"), (Verdict.FALL, "lower")):
            found = [t.dimension.label for t in moved if t.drift.verdict is way]
            if found:
                lines.append(f"Levels became {word} in {names(found)}.")
        if not moved:
            lines.append("None of these shows a detectable trend.")
        elif still := [t.dimension.label for t in able if t not in moved]:
            lines.append(f"No trend is detectable in {names(still)}.")
        if unable:
            lines.append(f"They cannot carry a trend in {names(t.dimension.label for t in unable)}.")
    blind = {t.dimension.id: t.dimension.label for t in unable}
    told = [r.item for r in reported(ed) if r.item.dimension in blind and not r.coded]
    if told:
        labels = names(dict.fromkeys(blind[i.dimension] for i in told))
        sources = join([f"[@{s}]" for s in sorted({i.source for i in told})])
        lines.append(
            f"What is reported without named attacks ({sources}, @tab-reported) concerns {labels}: a change there would"
            " not show in these figures, and they neither confirm nor refute it."
        )
    return show_prose(record, sentence(lines), role="inference", trace=trace)
