"""Check a file of policy options: its shape, what it refers to, and that scores obey their anchors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from incident_report.data.ageing import currency
from incident_report.data.conditions import problems
from incident_report.data.documents import members_of
from incident_report.data.model import Fault
from incident_report.data.rows import Report, Row
from incident_report.data.shape import SCHEMAS, Found, Names, doubled, found_faults, shape_faults

SCHEMA = SCHEMAS / "policy_options.json"
FILE = "policy_options.yml"
WORD_RATIO = 1.5  # the longest option may have at most this many times the words of the shortest
LEVELS = range(1, 6)
_LISTS = ("assumptions", "signposts")
_UNREAD = (
    "id", "group", "origin", "aimed_at", "reach", "sources", "incidents", "basis", "rating", "bears_on", "baseline",
    "label", "phrase", "valid", "expect", "test", "is",
)  # fmt: skip
# What a statement must name, of one thing at least, by what it says that it rests on.
_NEEDED = {
    "article": (("sources",), "a statement taken from the article must cite it under `sources`"),
    "data": (("incidents", "sources"), "a statement taken from data must name `incidents` or `sources`"),
}


def options_faults(doc: Any, names: Names) -> list[Fault]:
    """Everything wrong with a parsed file of policy options, one fault a line; empty when it can be used.

    Unequal length of the options is a warning: it biases a reader, it does not break a report.
    """
    if shape := shape_faults(FILE, doc, SCHEMA):  # meaning is checked only once the shape holds
        return shape
    found = [
        *doubled(doc, "groups", "objectives", "options", "packages"), *_baseline(doc), *_anchors(doc), *_scores(doc),
        *_names(doc, names.series), *_references(doc, names.sources), *_currency(doc, names.facts),
        *_conditions(doc, names),
    ]  # fmt: skip
    return [*found_faults(FILE, found), *(Fault(FILE, text, severity="warning") for text in _asymmetry(doc))]


def _conditions(doc: Mapping[str, Any], names: Names) -> Found:
    for i, option in enumerate(doc["options"]):
        parts = [("bears_on", option["reach"]["bears_on"])]
        parts += [(f"excluded[{k}].where", e["where"]) for k, e in enumerate(option["reach"]["excluded"])]
        for name, condition in parts:
            for line in problems(condition, names.columns, series_ids=names.series, enums=names.enums):
                yield f"options[{i}].reach.{name}", line


def words(part: Any) -> int:
    """Number of words that a reader of an option sees, references and headings apart."""
    return sum(len(text.split()) for _, _, text in members_of(part, without=_UNREAD) if isinstance(text, str))


def statements(part: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every statement that says whose it is, or names what it rests on, with its place."""
    for at, _, value in members_of(part):
        if isinstance(value, Mapping) and {"basis", "sources", "incidents"} & set(value):
            yield at, value


def ids_in(doc: Mapping[str, Any], part: str) -> list[str]:
    """Ids of what a part of the file lists: its options, objectives, groups or packages."""
    return [one["id"] for one in doc.get(part, ())]


def incidents_cited(doc: Mapping[str, Any]) -> Found:
    """Every incident that a statement rests on, with its place."""
    for at, statement in statements(doc):
        yield from ((f"{at}.incidents", ident) for ident in statement.get("incidents", ()))


def check_scores(rows: Sequence[Row], doc: Mapping[str, Any] | None, report: Report) -> None:
    """Scores of further people: each names an option and an objective of the file, and a range."""
    if not doc:
        for row in rows[:1]:
            report(row.fault("option", "has no policy_options.yml to refer to", severity="warning"))
    for column, part in (("option", "options"), ("objective", "objectives")):
        known = ids_in(doc or {}, part)
        for row in rows:
            if doc and row.values.get(column) not in known:
                report(row.fault(column, f"is not in policy_options.yml; there are {', '.join(known)}"))
    for row in rows:
        low, high = row.values.get("low", LEVELS[0]), row.values.get("high", LEVELS[-1])
        if low > high:
            report(row.fault("low", f"lies above the highest, {high}"))


def _baseline(doc: Mapping[str, Any]) -> Found:
    if sum(bool(o.get("baseline")) for o in doc["options"]) != 1:
        yield (
            "options",
            "exactly one option must be marked `baseline: true`: what is done now, to hold the others against",
        )


def _anchors(doc: Mapping[str, Any]) -> Found:
    for i, objective in enumerate(doc["objectives"]):
        for key, name in (("anchors", "an anchor"), ("needs_reach", "a level")):
            wrong = [k for k in objective.get(key, {}) if k not in LEVELS]
            if wrong:
                yield (
                    f"objectives[{i}].{key}",
                    f"{wrong[0]!r} is not {name}; levels run from {LEVELS[0]} to {LEVELS[-1]}",
                )


def _scores(doc: Mapping[str, Any]) -> Found:
    """Scores that are missing, reversed, or say more than their anchors and the option's own assumptions allow."""
    now, wanted = doc["scale"]["now"], set(ids_in(doc, "objectives"))
    for i, option in enumerate(doc["options"]):
        at = f"options[{i}].scores"
        for name in sorted(wanted - set(option["scores"])):
            yield at, f"{option['id']}: no score for the objective {name!r}"
        for name, given in option["scores"].items():
            if name not in wanted:
                yield f"{at}.{name}", f"{option['id']}: {name!r} is not an objective of this file"
            if wrong := _wrong_score(option, name, given["low"], given["high"], now):
                yield f"{at}.{name}", wrong


def _wrong_score(option: Mapping[str, Any], name: str, low: int, high: int, now: int) -> str:
    """Why a score cannot stand, or nothing."""
    if low > high:
        return f"low {low} lies above high {high}"
    if option.get("baseline") and not low <= now <= high:
        return f"what is done now must take in {now}, which means as now"
    if low > now and name in red_objectives(option):
        return f"{option['id']} is surely better than now on {name!r}, on which its own red assumption bears"
    return ""


def red_objectives(option: Mapping[str, Any]) -> set[str]:
    """Objectives that the option's red assumptions bear on."""
    return {o for a in option["assumptions"] if a["rating"] == "red" for o in a["bears_on"]}


def _names(doc: Mapping[str, Any], series: Collection[str]) -> Found:
    """Groups, series, objectives and options that the file names and nobody declares."""
    groups, objectives, options = (set(ids_in(doc, part)) for part in ("groups", "objectives", "options"))

    def unknown(at: str, names: Sequence[str], known: Collection[str], what: str) -> Found:
        for name in names:
            if name not in known:
                yield at, f"there is no {what} {name!r}; there are {', '.join(sorted(known)) or 'none'}"

    for i, option in enumerate(doc["options"]):
        yield from unknown(f"options[{i}].group", [option["group"]], groups, "group")
        yield from unknown(f"options[{i}].aimed_at", option["aimed_at"], series, "series")
        for k, assumption in enumerate(option["assumptions"]):
            at = f"options[{i}].assumptions[{k}].bears_on"
            yield from unknown(at, assumption["bears_on"], objectives, "objective")
    for i, package in enumerate(doc.get("packages", ())):
        yield from unknown(f"packages[{i}].options", package["options"], options, "option")


def _references(doc: Mapping[str, Any], sources: Collection[str]) -> Found:
    for at, statement in statements(doc):
        for name in statement.get("sources", ()):
            if name not in sources:
                yield f"{at}.sources", f"{name!r} is not in sources.csv"
        needed, message = _NEEDED.get(statement.get("basis", ""), ((), ""))
        if needed and not any(statement.get(key) for key in needed):
            yield at, message


def _currency(doc: Mapping[str, Any], facts: Collection[str] | None) -> Found:
    """Statements from data without a period or a test, and tests that cannot be read."""
    for at, statement in statements(doc):
        if statement.get("basis") == "data" and not {"valid", "expect"} & set(statement):
            yield at, "a statement taken from data must say how long it holds: `valid: {from: …, to: …}` or `expect: …`"
    yield from currency(doc, facts)


def _asymmetry(doc: Mapping[str, Any]) -> Iterator[str]:
    options = doc["options"]
    for name in _LISTS:
        lengths = {len(o[name]) for o in options}
        if len(lengths) > 1:
            yield f"options have {min(lengths)} to {max(lengths)} {name}; give each the same number"
    sizes = sorted((words(o), o["id"]) for o in options)
    if sizes[0][0] * WORD_RATIO < sizes[-1][0]:
        yield (
            f"{sizes[-1][1]} has {sizes[-1][0]} words and {sizes[0][1]} only {sizes[0][0]};"
            f" keep the longest within {WORD_RATIO:g} times the shortest"
        )
