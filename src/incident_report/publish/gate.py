"""The coherence gate: a report is checked against itself before it is published; one line a fault.

Each rule is a generator over `Draft`. Rules hold for what this project writes: an edition whose data are
valid, without a story, passes them all, so that a fault names a sentence, a title or a table to mend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse
from typing import Any

import pandas as pd
from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal

from incident_report.analysis.edition import Edition
from incident_report.data import Dataset
from incident_report.present.story import passages
from incident_report.present.usage import Usage, acronyms_of, usage_of
from incident_report.present.words import words_of
from incident_report.publish.collect import Found
from incident_report.publish.direction import unturned
from incident_report.publish.wording import APART, acronym, record_id, sections
from nbtypst import ast, languages
from nbtypst.ast import Node

PAGE_ONE = ("headline", "standfirst", "what-happened", "how-bad", "what-follows", "how-sure", "not-known")
LONGEST_HEADLINE = 14  # words
SCORED = {"mark", "share"}  # columns of tables that rest on options' scores
_NUMBER = re.compile(r"\d(?:[\d.,\u00a0\u202f]*\d)?")
_ACRONYM = re.compile(r"(?<![\w-])[A-Z][A-Z&-]*[A-Z](?![\w-])")


def _astray(content: bytes, printed: Sequence[str]) -> Iterator[str]:
    from incident_report.publish.laid_out import astray

    return astray(content, printed)


@dataclass(frozen=True)
class Draft:
    """A report that is written and not yet published.

    Attributes
    ----------
    records : sequence of Found
    blocks : list of Node
        The numbered tree, citations resolved.
    labels : mapping of record id -> ``Figure 3``
    edition : Edition
    pdf : bytes or None
        The laid-out report, where one was asked for.
    astray : callable
        As `laid_out.astray`.
    """

    records: Sequence[Found]
    blocks: list[Node]
    labels: Mapping[str, str]
    edition: Edition
    pdf: bytes | None = None
    astray: Callable[[bytes, Sequence[str]], Iterable[str]] = _astray

    @cached_property
    def usage(self) -> Usage:
        """Words about words."""
        return usage_of(self.edition)

    @property
    def heads(self) -> Iterator[Found]:
        """Page one's sentences and the leads of chapters: what is read when nothing else is."""
        for one in self.records:
            if one.kind == "prose" and (one.id in PAGE_ONE or one.id.startswith("lead-")):
                yield one

    @property
    def events(self) -> Iterator[tuple[str, str]]:
        """Incidents that a story names where it is read when nothing else is, each with its sentence."""
        for one in self.heads:
            for passage in passages(self.edition, one.id):
                yield from ((piece.text, passage.plain) for piece in passage.cites("incident"))

    @cached_property
    def sections(self) -> list[tuple[int, list[Node]]]:
        """Every section with the ordinal number of its chapter."""
        found, chapter = [], 0
        for section in sections(unturned(self.blocks)):
            chapter += any(b["t"] == "Header" and b["c"][0] == 1 for b in section)
            found.append((chapter, section))
        return found

    @cached_property
    def homes(self) -> dict[str, int]:
        """Chapter of every figure and table, in the order in which they stand."""
        return {id: chapter for chapter, section in self.sections for b in section if (id := record_id(b))}


Rule = Callable[[Draft], Iterator[str]]


def headline(draft: Draft) -> Iterator[str]:
    """A headline of at most fourteen words, which asserts no verdict that the results behind it deny."""
    for one in draft.heads:
        text = " ".join(one.content["paragraphs"])
        words = [w for w in text.split() if re.search(r"\w", w)]
        if one.id == "headline" and len(words) > LONGEST_HEADLINE:
            yield f"{one.id}: has {len(words)} words; at most {LONGEST_HEADLINE} can be read at a glance"
        if one.id == "headline":
            yield from _denied(draft, one, text)


def titles(draft: Draft) -> Iterator[str]:
    """A title asserts nothing that one of its panels denies."""
    for one in draft.records:
        if one.kind in ("figure", "table"):
            yield from _denied(draft, one, str(one.content["title"]))


def _denied(draft: Draft, one: Found, text: str) -> Iterator[str]:
    found = set(one.content.get("verdicts", ()))
    if not found:
        return
    for verdict in sorted(draft.usage.verdicts(text) - found):
        yield f"{one.id}: {text!r} says {verdict}, and what it rests on says {', '.join(sorted(found))}"


def same_values(draft: Draft) -> Iterator[str]:
    """The same question has the same answer wherever it is asked."""
    first: dict[str, tuple[str, str]] = {}
    for one in draft.records:
        for trace in one.content.get("trace", ()):
            if "sha256" not in trace:
                continue
            call = f"{trace['function']}({sorted(trace['params'].items())})"
            where, value = first.setdefault(call, (one.id, trace["sha256"]))
            if value != trace["sha256"]:
                yield f"{one.id}: {trace['function']} gives another value than in {where}"


def cited(draft: Draft) -> Iterator[str]:
    """Every figure and table is named in its section or as its chapter opens, unless a heading alone introduces it."""
    named = _named(draft)
    stands: dict[str, set[int]] = {}  # sections in which it may be named
    introduced: set[str] = set()  # by the heading of a section that holds no text of its own
    opens: dict[int, int] = {}
    for n, (chapter, section) in enumerate(draft.sections):
        held = set(filter(None, map(record_id, section)))
        first = opens.setdefault(chapter, n)
        stands |= {id: {first, n} for id in held}
        if not any(b["t"] == "Para" or "prose" in ast.classes_of(b) for b in section):
            introduced |= held
    for id in filterfalse(introduced.__contains__, draft.homes):
        label = f"{draft.labels.get(id, id)} ({id})"
        if id not in named:
            yield f"{label}: no text names it; write @{id} where it is spoken of"
        elif not named[id] & stands[id]:
            yield f"{label}: is named elsewhere only, and stands adrift in its section"


def _named(draft: Draft) -> dict[str, set[int]]:
    """Sections whose text names something, by its id."""
    named: dict[str, set[int]] = {}
    for n, (_, section) in enumerate(draft.sections):
        for node in ast.nodes(section):
            if node["t"] == "Link" and node["c"][2][0].startswith("#"):
                named.setdefault(node["c"][2][0][1:], set()).add(n)
    return named


def laid_out(draft: Draft) -> Iterator[str]:
    """Lists, outline and links of the PDF lead to the page on which the thing stands."""
    if draft.pdf is not None:
        labels = [label for id in draft.homes if "W" not in (label := draft.labels.get(id, "W"))]
        called = languages.words(words_of(draft.edition).locale.language)
        yield from draft.astray(draft.pdf, [f"{called[kind.lower()]} {n}" for kind, n in map(str.split, labels)])


def doubtful_events(draft: Draft) -> Iterator[str]:
    """An event in a headline that is disputed, or rests on one source, says so."""
    rows = draft.edition.data.incidents.set_index("incident_id")
    for id, text in draft.events:
        row = rows.loc[id]
        if (row["outcome"] == "disputed" or len(row["sources"]) < 2) and not draft.usage.doubt.search(text):
            what = "is disputed" if row["outcome"] == "disputed" else "rests on one source"
            yield f"{id} {what}, and what tells of it does not say so: {text[:120]!r}"


def assumptions(draft: Draft) -> Iterator[str]:
    """An option with a red key assumption shows it wherever its scores are shown."""
    red = draft.edition.facts["options"].red
    for one in draft.records:
        columns = one.content.get("data", {}).get("columns", ()) if one.kind == "table" else ()
        if "option" not in columns or not SCORED & set(columns):
            continue
        for row in one.content["rows"]:
            text = _literal(" ".join(row))
            named = next((o.label for o in red if _literal(row[0]).strip("*").startswith(o.label)), None)
            if named and not draft.usage.red.search(text.replace(named, "")):
                yield f"{one.id}: {named!r} hangs on a red assumption, and its line does not show it"


def thresholds(draft: Draft) -> Iterator[str]:
    """A number whose verdict hangs on a limit is printed on the side of the limit on which it lies."""
    locale = words_of(draft.edition).locale
    for one in draft.records:
        for limit in one.content.get("limits", ()):
            for row, values in zip(one.content["rows"], limit["values"], strict=True):
                printed = _NUMBER.findall(row[limit["column"]])
                for value, text in zip(reversed(values), reversed(printed), strict=False):
                    shown = _read(text, value, locale)
                    if (value < limit["at"]) != (shown < limit["at"]):
                        yield f"{one.id}: {value:g} is printed as {shown:g}, on the other side of {limit['at']:g}"


def _read(text: str, value: float, locale: Locale) -> float:
    """A number as it was written: in the report's language or, where its text is not translated, in English."""
    readings = [float(parse_decimal(text, locale))]
    with suppress(NumberFormatError):
        readings.append(float(parse_decimal(text, Locale("en"))))
    return min(readings, key=lambda one: abs(one - value))


def _literal(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown)


def acronyms(draft: Draft) -> Iterator[str]:
    """Every acronym of our own words is spelled out before or where it is first used."""
    known = acronyms_of(draft.edition)
    text = _running_text(draft.blocks)
    for short, long in known.items():
        found = acronym(short).search(text)
        spelled = text.lower().find(long.lower().replace("'", "’"))
        if found and (spelled < 0 or spelled > found.end() + len(": ")):
            yield f"{short}: is used before it is spelled out ({long})"
    heard = _said_by_data(draft.edition)
    for token in sorted(set(_ACRONYM.findall(text))):
        theirs = rf"\b(?:{re.escape(token)}|{re.escape(token.capitalize())})\b"  # as it is, or a word in capitals
        if token not in known and token not in draft.usage.plain and not re.search(theirs, heard):
            yield f"{token}: is explained nowhere; add it to vocabulary.acronyms in report.yml, or spell it out"


def _said_by_data(edition: Edition) -> str:
    """All that the campaign's own files say: an acronym that stands there is theirs, and check-data's business."""
    data = edition.data
    tables = [k for k, v in vars(data).items() if isinstance(v, pd.DataFrame)]
    documents = (edition.campaign.raw, data.options, data.claims, data.labels)
    return " ".join((_cells(data, tables), *map(str, documents)))


def _cells(data: Dataset, tables: Sequence[str]) -> str:
    frames = [getattr(data, name) for name in tables]
    return " ".join(str(v) for f in frames for c in f if not pd.api.types.is_numeric_dtype(f[c]) for v in f[c])


def _running_text(blocks: list[Node]) -> str:
    return " ".join(_texts(blocks))


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, list):
        for one in tree:
            yield from _texts(one)
    elif isinstance(tree, dict) and tree.get("t") not in APART:
        if tree.get("t") == "Div" and tree["c"][0][0] == "refs":
            return
        if tree.get("t") in ("Para", "Plain"):
            yield ast.text_of(tree)
        else:
            yield from _texts(tree.get("c"))


def names(draft: Draft) -> Iterator[str]:
    """One spelling of each name, in all that is not somebody's own title."""
    wrong = {v: name for name, variants in draft.edition.campaign.names.items() for v in variants}
    rows = _cells(draft.edition.data, ("incidents", "context", "sites")) if wrong else ""
    wrong = {v: name for v, name in wrong.items() if v not in rows}  # of rows, check-data has warned
    texts = [("text", _running_text(draft.blocks))]
    texts += [(one.id, f"{one.content.get('title', '')} {one.content.get('alt', '')}") for one in draft.records]
    for where, text in texts:
        for variant, name in wrong.items():
            if re.search(rf"(?<!\w){re.escape(variant)}(?!\w)", text):
                yield f"{where}: says {variant!r}, where the vocabulary has {name!r}"


def titled(draft: Draft) -> Iterator[str]:
    """Every entry of the bibliography names what is cited, not only who published it."""
    for node in ast.nodes(draft.blocks, "Table"):
        if node["t"] == "Div" and node["c"][0][0].startswith("ref-"):
            text = ast.text_of(node["c"][1])
            if not re.search(r"[“\[]\w|[.!?] \w+ \w+", text):
                yield f"{node['c'][0][0].removeprefix('ref-')}: is cited without a title: {text[:80]!r}"


RULES: tuple[Rule, ...] = (
    headline, titles, same_values, cited, laid_out, doubtful_events, assumptions, thresholds, acronyms, names, titled,
)  # fmt: skip


def faults(draft: Draft) -> list[str]:
    """Every fault of every rule, each once, in the rules' order."""
    return list(dict.fromkeys(f"{rule.__name__.replace('_', ' ')}: {line}" for rule in RULES for line in rule(draft)))
