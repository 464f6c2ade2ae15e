"""What of an edition somebody has to answer for, statement by statement, with what each rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import is_known
from incident_report.analysis.robustness import overview
from incident_report.data.reviews import Line
from incident_report.data.story import HEADLINE
from incident_report.present.story import parts, sentences, written_sentence
from incident_report.present.story_new import computed
from incident_report.present.words import words_of
from incident_report.syntax import names_in

_DOTTED = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
_NO_STATEMENT = ("id", "group", "origin", "label", "phrase", "rating", "basis", "is", "from", "to", "expect")
_NO_PART = ("reach", "aimed_at", "sources", "incidents", "valid", "bears_on", "scores_of")


def lines(ed: Edition, notebooks: Path) -> list[Line]:
    """Headline, key findings, statements of options and claims, in this order.

    Parameters
    ----------
    notebooks : Path
        Folder of the chapters, for what is computed where nobody wrote a story.
    """
    return [*_story(ed), *_computed(ed, notebooks), *_findings(ed), *_options(ed), *_claims(ed)]


def heads(ed: Edition) -> dict[str, str]:
    """What stands above each column of the sheet, and what to do with it."""
    written = words_of(ed).record("review-sheet", {"edition": ed})
    return {name.removeprefix("label-"): text for name, text in written.items() if name.startswith("label-")}


def _kind(ed: Edition, name: str) -> str:
    return words_of(ed).phrase("review_kind", name)


def _story(ed: Edition) -> Iterator[Line]:
    for part in parts(ed):
        for n, one in enumerate(sentences(ed, part), 1):
            tests = [c.text for c in one.passage.conditions]
            asked = [*tests, *(p.text for p in one.passage.pieces if p.kind == "value")]
            yield Line(
                f"story/{part}/{n}",
                _kind(ed, "headline" if part == HEADLINE else "option" if part.startswith("meaning-") else "finding"),
                _plain(written_sentence(ed, one)),
                "; ".join(dict.fromkeys(p.text for p in one.passage.cites())),
                _robustness(ed, asked),
                "; ".join(tests),
            )


def _computed(ed: Edition, notebooks: Path) -> Iterator[Line]:
    for part, text in computed(ed, notebooks):
        yield Line(f"computed/{part}", _kind(ed, "headline" if part == HEADLINE else "finding"), _plain(text))


def _findings(ed: Edition) -> Iterator[Line]:
    """Every verdict that stands behind a headline or a title, and what it survives."""
    found, words = overview(ed), words_of(ed)
    table: list[dict[str, Any]] = found.table.to_dict("records")  # type: ignore[assignment]
    rows = [r for r in table if not r["finding"].startswith("claim.")]  # those come last
    facts = {n: ed.facts[n] for n in ("edition", "options", "claims")}
    names = ("finding", "verdict", "survives", "flips")
    cells = [words.cells("tab-robustness", f"cell-{n}", [r[n] for r in rows], rows, facts) for n in names]
    for row, (finding, verdict, survives, flips) in zip(rows, zip(*cells, strict=True), strict=True):
        yield Line(
            f"finding/{row['finding']}",
            _kind(ed, "verdict"),
            _plain(f"{finding}: {verdict}"),
            robustness=_plain(words.phrase("review_robustness", survives, flips)),
            condition=row["finding"],
        )


def _options(ed: Edition) -> Iterator[Line]:
    for one in (ed.data.options or {}).get("options", ()):
        for at, text, about in _statements(one, ""):
            evidence = [about.get("basis", ""), *about.get("sources", ()), *about.get("incidents", ())]
            yield Line(
                f"option/{one['id']}/{at}",
                _kind(ed, "option"),
                f"{one['label']}: {text}",
                "; ".join(filter(None, evidence)),
                str(about.get("rating", "")),
                _condition(about),
            )


def _statements(value: Any, at: str, about: Mapping[str, Any] | None = None) -> Iterator[tuple[str, str, Any]]:
    """Every sentence of an option: where it stands in the file, itself, and the mapping that it stands in."""
    if isinstance(value, str):
        if value.strip():
            yield at, value, about or {}
    elif isinstance(value, Mapping):
        for key, one in value.items():
            if key not in (*_NO_STATEMENT, *_NO_PART):
                yield from _statements(one, f"{at}/{key}".strip("/"), value if at else {})
    elif isinstance(value, (list, tuple)):
        for n, one in enumerate(value, 1):
            yield from _statements(one, f"{at}/{n}", about)


def _condition(about: Mapping[str, Any]) -> str:
    valid = about.get("valid") or {}
    told = [f"{k} {v}" for k, v in valid.items()] if isinstance(valid, Mapping) else []
    return "; ".join([*told, *([str(about["expect"])] if about.get("expect") else [])])


def _claims(ed: Edition) -> Iterator[Line]:
    fact = ed.facts["claims"]
    tests = {c["id"]: c for c in (ed.data.claims or {}).get("claims", ())}
    words = words_of(ed)
    for one in fact.every if fact.made else ():
        parts = tests.get(one.id, {}).get("parts", ())
        yield Line(
            f"claim/{one.id}",
            _kind(ed, "claim"),
            f"{one.text} ({words.phrase('claim_verdict', str(one.verdict.value))})",
            "; ".join([*one.rows, *one.sources]),
            words.phrase("review_fragile") if one.fragile else "",
            "; ".join(f"{p['says']}: {p.get('expect', '')}".rstrip(": ") for p in parts),
        )


def _robustness(ed: Edition, asked: list[str]) -> str:
    """What the verdicts that some conditions and values read survive, and what flips them."""
    words, told = words_of(ed), {}
    for text in asked:
        for name in names_in(text):
            for path in (p for p in _DOTTED.findall(text) if p.partition(".")[0] == name):
                if found := _judged(ed, path):
                    place, one = found
                    kinds = [", ".join(words.phrase("doubt", k) for k in ks) or "–" for ks in (one.survives, one.flips)]
                    told[place] = f"{place}: {_plain(words.phrase('review_robustness', *kinds))}"
    return "; ".join(told.values())


def _judged(ed: Edition, path: str) -> tuple[str, Any] | None:
    """The longest beginning of a path at which a verdict stands that was put to doubt."""
    names = path.split(".")
    one: Any = ed.facts[names[0]]
    found = None
    for n, name in enumerate(names, 1):
        if n > 1:
            one = getattr(one, name, None)
        if one is None or not is_known(one):
            break
        if hasattr(one, "survives") and hasattr(one, "flips"):
            found = ".".join(names[:n]), one
    return found


def _plain(markdown: str) -> str:
    """Markdown as text: no escapes, no marks."""
    return re.sub(r"\\([^\w\s])", r"\1", re.sub(r"(?<!\\)(\*\*|~~)", "", markdown))
