"""Check a file of policy options: its shape, what it refers to, and that every option fills the same template."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from incident_report.data.conditions import problems
from incident_report.data.model import Fault
from incident_report.data.shape import SCHEMAS, first_line, place, shape_errors

SCHEMA = SCHEMAS / "policy_options.json"
WORD_RATIO = 1.5  # the longest option may have at most this many times the words of the shortest
_LISTS = ("assumptions", "signposts")
_UNREAD = ("id", "filter", "sources", "incidents", "basis", "rating", "status_quo", "label", "phrase")


def options_faults(
    doc: Any,
    *,
    columns: Collection[str],
    enums: Mapping[str, Sequence[str]],
    sources: Collection[str],
    series: Collection[str] = (),
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
    incidents : collection of str, optional
        Ids of every incident row before any `as_of` filter; None leaves them unchecked.

    Notes
    -----
    Unequal length of the options is a warning: it biases a reader, it does not break a report.
    """
    shape = shape_errors(doc, SCHEMA)
    if shape:  # meaning is checked only once the shape holds
        return [Fault(file, first_line(e), column=place(e) or None) for e in shape]
    found = [*_criteria(doc), *_options(doc), *_references(doc, sources, incidents)]
    for i, option in enumerate(doc["options"]):
        lines = problems(option["filter"], tuple(columns), series_ids=tuple(series), enums=enums)
        found += [(f"options[{i}].filter", line) for line in lines]
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
    """Every statement of the file with its place: mappings that say whose judgement they are."""
    if isinstance(part, Mapping):
        if "basis" in part:
            yield at, part
        for key, value in part.items():
            yield from statements(value, f"{at}.{key}".lstrip("."))
    elif isinstance(part, list):
        for i, value in enumerate(part):
            yield from statements(value, f"{at}[{i}]")


def _twice(items: Sequence[Mapping[str, Any]], at: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for i, item in enumerate(items):
        if item["id"] in seen:
            yield f"{at}[{i}]", f"the id {item['id']!r} stands twice"
        seen.add(item["id"])


def _criteria(doc: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _twice(doc["criteria"], "criteria")
    if doc["scale"]["low"] >= doc["scale"]["high"]:
        yield "scale", "low must be below high"
    if all("computed" in c for c in doc["criteria"]):
        yield "criteria", "at least one criterion must be judged, since a quarter without attacks leaves none computed"


def _options(doc: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _twice(doc["options"], "options")
    if sum(bool(o.get("status_quo")) for o in doc["options"]) != 1:
        yield (
            "options",
            "exactly one option must be marked `status_quo: true`, so that the others can be held against it",
        )
    low, high = doc["scale"]["low"], doc["scale"]["high"]
    judged = {c["id"] for c in doc["criteria"] if "computed" not in c}
    computed = {c["id"] for c in doc["criteria"]} - judged
    for i, option in enumerate(doc["options"]):
        at = f"options[{i}].scores"
        for name in sorted(judged - set(option["scores"])):
            yield at, f"{option['id']}: no score for the criterion {name!r}"
        for name, given in option["scores"].items():
            if name in computed:
                yield at, f"{option['id']}: {name!r} is computed from the data; leave it out"
            elif name not in judged:
                yield at, f"{option['id']}: {name!r} is not a criterion of this file"
            if not low <= given["score"] <= high:
                yield f"{at}.{name}", f"score {given['score']} lies outside {low} to {high}"


def _references(
    doc: Mapping[str, Any], sources: Collection[str], incidents: Collection[str] | None
) -> Iterator[tuple[str, str]]:
    for at, statement in statements(doc):
        cited = statement.get("sources", [])
        for name in [s for s in cited if s not in sources]:
            yield f"{at}.sources", f"{name!r} is not in sources.csv"
        for name in [s for s in statement.get("incidents", []) if incidents is not None and s not in incidents]:
            yield f"{at}.incidents", f"{name!r} is not an incident of this campaign"
        if statement["basis"] == "article" and not cited:
            yield at, "a statement taken from the article must cite it under `sources`"
        if statement["basis"] == "data" and not (cited or statement.get("incidents")):
            yield at, "a statement taken from data must name `incidents` or `sources`"


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
