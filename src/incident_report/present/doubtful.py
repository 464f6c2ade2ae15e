"""Headlines that rest on a verdict which one plausible doubt would overturn, and do not say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import verdict_id
from incident_report.analysis.series_facts import SeriesFacts
from incident_report.data.model import Fault
from incident_report.data.story import HEADLINE
from incident_report.paths import NOTEBOOKS
from incident_report.present.story import sentences, story_of
from incident_report.present.story_new import computed
from incident_report.present.usage import usage_of
from incident_report.present.words import words_of
from incident_report.syntax import ExpressionError, names_in

LEAD = "lead-"
# Words of a condition that asserts a change, not a count alone.
_CHANGE = re.compile(r"\b(?:rise|fall|level|clear|before|change|ratio|highest_since|lowest_since)\b")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def bare_headlines(ed: Edition) -> Iterator[Fault]:
    """A fault for each headline, of the report or of a chapter, that asserts a fragile verdict without its words.

    A story's sentence asserts the verdicts that its conditions name; a computed one those whose words stand in it
    beside the name of what is counted. The words that own up to the doubt are the language's (usage.yml, ``turns``).
    """
    words, usage, story = words_of(ed), usage_of(ed), story_of(ed)
    shaky = [s for s in (*ed.facts["edition"].series, ed.facts["edition"].all) if s.fragile]
    for part in story.parts if story else ():
        for one in sentences(ed, part) if _is_head(part) else ():
            names = {n for c in one.passage.conditions if _CHANGE.search(c.text) for n in _names(c.text)}
            if story and not one.broken and not usage.turns.search(one.text):
                yield from (_fault(s, story.file, one.passage.line, one.text) for s in shaky if s.series.fact in names)
    for part, text in computed(ed, NOTEBOOKS) if shaky else ():
        said = _headline(text) if _is_head(part) else ""
        verdicts = set() if usage.turns.search(said) else usage.verdicts(said)
        for s in shaky:
            asserted = verdict_id(s.verdict) in verdicts and _named(s, said)
            if asserted and words.phrase("unless", s).strip(", ") not in said:
                yield _fault(s, part, None, said)


def _is_head(part: str) -> bool:
    return part == HEADLINE or part.startswith(LEAD)


def _headline(markdown: str) -> str:
    """The line in bold with which a chapter opens; a headline itself as it is."""
    found = _BOLD.search(markdown)
    return (found[1] if found else markdown.split("\n")[0]).replace("\\", "")


def _named(series: SeriesFacts, text: str) -> bool:
    return any(n.lower() in text.lower() for n in (series.noun, series.singular, series.label))


def _names(test: str) -> Iterator[str]:
    try:
        yield from names_in(test)
    except ExpressionError:  # told where the story is read
        return


def _fault(series: SeriesFacts, file: str, line: int | None, text: str) -> Fault:
    flips = ", ".join(series.found.plausible_flips) if series.found else ""
    return Fault(
        file,
        f"rests on a fragile verdict ({series.series.fact}: {flips} would change it); say what would change it",
        line,
        None,
        text,
    )
