"""Headlines that rest on a verdict which one plausible doubt would overturn, and do not say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import verdict_id
from incident_report.analysis.series_facts import SeriesFacts
from incident_report.data.model import Fault
from incident_report.data.story import HEADLINE
from incident_report.paths import NOTEBOOKS
from incident_report.present.story import Sentence, sentences, story_of
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
    shaky = [s for s in (*ed.facts["edition"].series, ed.facts["edition"].all) if s.fragile]
    if shaky:
        yield from _written(ed, shaky)
        yield from _computed(ed, shaky)


def _written(ed: Edition, shaky: Sequence[SeriesFacts]) -> Iterator[Fault]:
    story, turns = story_of(ed), usage_of(ed).turns
    if story is None:
        return
    for one in (s for part in filter(_is_head, story.parts) for s in sentences(ed, part)):
        names = set(_changing(one))
        if not one.broken and not turns.search(one.text):
            yield from (_fault(s, story.file, one.passage.line, one.text) for s in shaky if s.series.fact in names)


def _computed(ed: Edition, shaky: Sequence[SeriesFacts]) -> Iterator[Fault]:
    words, usage = words_of(ed), usage_of(ed)
    for part, text in computed(ed, NOTEBOOKS):
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


def _changing(one: Sentence) -> Iterator[str]:
    """Names of what a sentence's conditions say has changed."""
    for condition in one.passage.conditions:
        if _CHANGE.search(condition.text):
            yield from _names(condition.text)


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
