"""Check a file of policy options: its shape, what it refers to, and that scores obey their anchors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from incident_report.data.ageing import currency
from incident_report.data.conditions import problems
from incident_report.data.model import Fault
from incident_report.data.shape import SCHEMAS, shape_faults
from incident_report.data.tables import Report, Row

SCHEMA = SCHEMAS / "policy_options.json"
WORD_RATIO = 1.5  # the longest option may have at most this many times the words of the shortest
LEVELS = range(1, 6)
_LISTS = ("assumptions", "signposts")
_UNREAD = (
    "id", "group", "origin", "aimed_at", "reach", "sources", "incidents", "basis", "rating", "bears_on", "baseline",
    "label", "phrase", "valid", "expect", "test", "is",
)  # fmt: skip
Found = Iterator[tuple[str, str]]


def options_faults(
    doc: Any,
    *,
    columns: Collection[str],
    enums: Mapping[str, Sequence[str]],
    sources: Collection[str],
    series: Collection[str] = (),
    facts: Collection[str] | None = None,
    incidents: Collection[str] | None = None,
    file: str = "policy_options.yml",
) -> list[Fault]:
    """Everything wrong with a file of policy options, one fault a line; empty when it can be used.

    Parameters
    ----------
    doc : parsed YAML
    columns : collection of str
        Columns that incidents have.
    enums : mapping of str to sequence of str
        Column -> allowed values.
    sources, series : collection of str
        Ids in sources.csv and report.yml.
    facts : collection of str, optional
        Names that an ``expect`` or ``test`` may read; None leaves them unchecked.
    incidents : collection of str, optional
        Ids of every incident row before any `as_of` filter; None leaves them unchecked.

    Notes
    -----
    Unequal length of the options is a warning: it biases a reader, it does not break a report.
    """
    if shape := shape_faults(file, doc, SCHEMA):  # meaning is checked only once the shape holds
        return shape
    found = [
        *_ids(doc), *_baseline(doc), *_anchors(doc), *_scores(doc), *_names(doc, series),
        *_references(doc, sources, incidents), *_currency(doc, facts),
    ]  # fmt: skip
    for i, option in enumerate(doc["options"]):
        reach = option["reach"]
        parts = [("bears_on", reach["bears_on"])]
        parts += [(f"excluded[{k}].where", e["where"]) for k, e in enumerate(reach["excluded"])]
        for name, condition in parts:
            lines = problems(condition, tuple(columns), series_ids=tuple(series), enums=enums)
            found += [(f"options[{i}].reach.{name}", line) for line in lines]
    faults = [Fault(file, message, column=where or None) for where, message in found]
    return faults + [Fault(file, text, severity="warning") for text in _asymmetry(doc)]


def words(part: Any) -> int:
    """Number of words that a reader of an option sees, references and headings apart."""
    if isinstance(part, Mapping):
        return sum(words(value) for key, value in part.items() if key not in _UNREAD)
    if isinstance(part, list):
        return sum(words(value) for value in part)
    return len(part.split()) if isinstance(part, str) else 0


def statements(part: Any, at: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every statement that says whose it is, or names what it rests on, with its place."""
    if isinstance(part, Mapping):
        if {"basis", "sources", "incidents"} & set(part):
            yield at, part
        for key, value in part.items():
            yield from statements(value, f"{at}.{key}".lstrip("."))
    elif isinstance(part, list):
        for i, value in enumerate(part):
            yield from statements(value, f"{at}[{i}]")


def check_scores(rows: Sequence[Row], doc: Mapping[str, Any] | None, report: Report) -> None:
    """Scores of further people: each names an option and an objective of the file, and a range."""
    for column, part in (("option", "options"), ("objective", "objectives")):
        known = [x["id"] for x in (doc or {}).get(part, ())]
        for row in rows if doc else ():
            if row.values.get(column) not in known:
                report(row.fault(column, f"is not in policy_options.yml; there are {', '.join(known)}"))
    for row in rows:
        low, high = row.values.get("low"), row.values.get("high")
        if low is not None and high is not None and low > high:
            report(row.fault("low", f"lies above the highest, {high}"))
    if rows and doc is None:
        report(rows[0].fault("option", "has no policy_options.yml to refer to", severity="warning"))


def _ids(doc: Mapping[str, Any]) -> Found:
    for name in ("groups", "objectives", "options", "packages"):
        seen: set[str] = set()
        for i, item in enumerate(doc.get(name, ())):
            if item["id"] in seen:
                yield f"{name}[{i}]", f"the id {item['id']!r} stands twice"
            seen.add(item["id"])


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
    now, wanted = doc["scale"]["now"], {o["id"] for o in doc["objectives"]}
    for i, option in enumerate(doc["options"]):
        at = f"options[{i}].scores"
        for name in sorted(wanted - set(option["scores"])):
            yield at, f"{option['id']}: no score for the objective {name!r}"
        for name, given in option["scores"].items():
            if name not in wanted:
                yield f"{at}.{name}", f"{option['id']}: {name!r} is not an objective of this file"
            if given["low"] > given["high"]:
                yield f"{at}.{name}", f"low {given['low']} lies above high {given['high']}"
            elif option.get("baseline") and not given["low"] <= now <= given["high"]:
                yield f"{at}.{name}", f"what is done now must take in {now}, which means as now"
            elif given["low"] > now and name in red_objectives(option):
                yield (
                    f"{at}.{name}",
                    f"{option['id']} is surely better than now on {name!r}, on which its own red assumption bears",
                )


def red_objectives(option: Mapping[str, Any]) -> set[str]:
    """Objectives that the option's red assumptions bear on."""
    return {o for a in option["assumptions"] if a["rating"] == "red" for o in a["bears_on"]}


def _names(doc: Mapping[str, Any], series: Collection[str]) -> Found:
    """Groups, series, objectives and options that the file names and nobody declares."""
    groups, objectives = ({x["id"] for x in doc[k]} for k in ("groups", "objectives"))
    options = {o["id"] for o in doc["options"]}

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


def _references(doc: Mapping[str, Any], sources: Collection[str], incidents: Collection[str] | None) -> Found:
    for at, statement in statements(doc):
        cited = statement.get("sources", [])
        for name in [s for s in cited if s not in sources]:
            yield f"{at}.sources", f"{name!r} is not in sources.csv"
        for name in [s for s in statement.get("incidents", []) if incidents is not None and s not in incidents]:
            yield f"{at}.incidents", f"{name!r} is not an incident of this campaign"
        if statement.get("basis") == "article" and not cited:
            yield at, "a statement taken from the article must cite it under `sources`"
        if statement.get("basis") == "data" and not (cited or statement.get("incidents")):
            yield at, "a statement taken from data must name `incidents` or `sources`"


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
