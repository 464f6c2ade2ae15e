"""Check a file of claims: its shape, its conditions, and that what it refers to exists."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from incident_report.data.ageing import currency
from incident_report.data.conditions import problems
from incident_report.data.model import Fault
from incident_report.data.shape import SCHEMAS, shape_faults
from incident_report.periods import Quarter

SCHEMA = SCHEMAS / "claims.json"
Found = Iterator[tuple[str, str]]


def claims_faults(
    doc: Any,
    *,
    columns: Collection[str],
    enums: Mapping[str, Sequence[str]],
    sources: Collection[str],
    series: Collection[str] = (),
    facts: Collection[str] | None = None,
    file: str = "claims.yml",
) -> list[Fault]:
    """Everything wrong with a file of claims, one fault a line; empty when it can be used.

    Parameters
    ----------
    doc : parsed YAML
    columns : collection of str
        Columns that incidents have.
    enums : mapping of str to sequence of str
        Column -> allowed values.
    sources, series : collection of str
        Ids in sources.csv; ids of the campaign's series, with that of all attacks.
    facts : collection of str, optional
        Names that a condition may read; None leaves them unchecked.
    """
    # Meaning is checked only once the shape holds.
    if shape := shape_faults(file, doc, SCHEMA, say=partial(_plain, doc=doc)):
        return shape
    found = [*_cited(doc, sources)]
    seen: set[str] = set()
    known = {"columns": columns, "enums": enums, "series": series}
    for i, claim in enumerate(doc["claims"]):
        at = f"claims[{i}]"
        if claim["id"] in seen:
            found.append((at, f"the id {claim['id']!r} stands twice"))
        seen.add(claim["id"])
        lines = [*_days(claim["about"])]
        bad = list(currency(claim, facts))
        lines += bad or [(where, line) for where, test in tests(claim) for line in _questions(test, known)]
        found += [(f"{at}.{where}", f"{claim['id']}: {message}") for where, message in lines]
    return [Fault(file, message, column=where or None) for where, message in found]


def tests(claim: Mapping[str, Any]) -> Found:
    """Conditions of a claim, each with its place."""
    if "expect" in claim:
        yield "expect", claim["expect"]
    for i, part in enumerate(claim.get("parts", ())):
        if "expect" in part:
            yield f"parts[{i}].expect", part["expect"]


def incidents_in(doc: Mapping[str, Any]) -> Found:
    """Every incident that a condition names, with its place."""
    from incident_report.analysis.expressions import calls_in

    for i, claim in enumerate(doc["claims"]):
        for where, test in tests(claim):
            for call in calls_in(test, "on_file"):
                if call.name == "cell" and call.args and isinstance(call.args[0], str):
                    yield f"claims[{i}].{where}", call.args[0]


def _plain(error: Any, doc: Any) -> str:
    # jsonschema prints whole sub-documents; a reader needs the claim's name and the first line of it.
    text = " ".join(error.message.split())
    if isinstance(error.instance, date):
        text = f'put the day in quotes: "{error.instance.isoformat()}"'
    path = list(error.absolute_path)
    if len(path) > 1 and path[0] == "claims" and isinstance(doc["claims"][path[1]], Mapping):
        name = doc["claims"][path[1]].get("id", "a claim without id")
        if error.validator == "oneOf":
            text = "needs either `parts` to test or `untested: why no data can reach it`"
        elif error.validator == "not":
            text = "a part takes either `expect` or `stated_by` and `denied_by`"
        text = f"{name}: {text}"
    return text if len(text) <= 180 else text[:177] + "..."


def _cited(doc: Mapping[str, Any], sources: Collection[str]) -> Found:
    named = [("article", doc.get("article")), *(("not_independent", s) for s in doc.get("not_independent", ()))]
    for i, claim in enumerate(doc["claims"]):
        for k, part in enumerate(claim.get("parts", ())):
            for key in ("stated_by", "denied_by"):
                named += [(f"claims[{i}].parts[{k}].{key}", s) for s in part.get(key, ())]
    for at, name in named:
        if name is not None and name not in sources:
            yield at, f"{name!r} is not in sources.csv"


def _days(about: Mapping[str, str]) -> Found:
    wrong = [(key, text) for key, text in about.items() if not _is_day(text)]
    for key, text in wrong:
        yield f"about.{key}", f"{text!r} is not a day of the calendar"
    if not wrong and about["from"] > about["to"]:
        yield "about", "the claim's days end before they start"


def _is_day(text: Any) -> bool:
    try:
        return bool(date.fromisoformat(str(text)))
    except ValueError:
        return False


def _questions(test: str, known: Mapping[str, Any]) -> Iterator[str]:
    """Questions to `on_file` that do not exist, lack an argument, or name what the campaign does not have."""
    from incident_report.analysis.expressions import ExpressionError, calls_in
    from incident_report.analysis.on_file import OnFile

    try:
        asked = calls_in(test, "on_file")
    except ExpressionError as error:
        yield str(error)
        return
    for call in asked:
        method = getattr(OnFile, call.name, None)
        if call.name.startswith("_") or not callable(method):
            there = [n for n in dir(OnFile) if not n.startswith("_") and callable(getattr(OnFile, n))]
            yield f"on_file has no question {call.name!r}; there are {', '.join(there)}"
            continue
        try:
            given = inspect.signature(method).bind(None, *call.args, **call.named).arguments
        except TypeError as error:
            yield f"on_file.{call.name}: {error}"
            continue
        for name, value in given.items():
            yield from (f"on_file.{call.name}: {line}" for line in _argument(name, value, known))
        if "test" in given and isinstance(given["test"], Mapping):
            columns, series, enums = (known[k] for k in ("columns", "series", "enums"))
            yield from problems(given["test"], tuple(columns), series_ids=tuple(series), enums=enums)


def _argument(name: str, value: Any, known: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one argument, by the name that questions give it."""
    if name == "series" and value not in known["series"]:
        yield f"there is no series {value!r}; there are {', '.join(sorted(known['series']))}"
    if name in ("column", "columns"):
        for column in [value] if isinstance(value, str) else value:
            if column not in (*known["columns"], "us_troops", "us_sites"):
                yield f"there is no column {column!r}"
    if name in ("technique", "techniques"):
        allowed = known["enums"].get("techniques", ())
        for one in [value] if isinstance(value, str) else value:
            if allowed and one not in allowed:
                yield f"{one!r} is not a value of techniques; allowed are {', '.join(sorted(allowed))}"
    if name == "day" and not _is_day(value):
        yield f"{value!r} is not a day of the calendar"
    if name in ("quarter", "baseline"):
        try:
            Quarter.parse(str(value))
        except ValueError as error:
            yield str(error)
