"""Check a file of claims: its shape, its conditions, and that what it refers to exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from incident_report.catalogue import QUESTIONS, question
from incident_report.data.ageing import currency
from incident_report.data.conditions import problems
from incident_report.data.documents import members_of
from incident_report.data.model import Fault
from incident_report.data.shape import SCHEMAS, Found, Names, doubled, found_faults, shape_faults
from incident_report.periods import Period
from incident_report.syntax import ExpressionError, calls_in

SCHEMA = SCHEMAS / "claims.json"
FILE = "claims.yml"
_CITING = ("article", "not_independent", "stated_by", "denied_by")  # keys under which ids of sources stand


def claims_faults(doc: Any, names: Names) -> list[Fault]:
    """Everything wrong with a parsed file of claims, one fault a line; empty when it can be used."""
    # Meaning is checked only once the shape holds.
    if shape := shape_faults(FILE, doc, SCHEMA, say=partial(_plain, doc=doc)):
        return shape
    found = [*_cited(doc, names.sources), *doubled(doc, "claims")]
    for i, claim in enumerate(doc["claims"]):
        lines = list(currency(claim, names.facts))
        lines = lines or [(where, line) for where, test in tests(claim) for line in _questions(test, names)]
        lines = [*_days(claim["about"]), *lines]
        found += [(f"claims[{i}].{where}", f"{claim['id']}: {message}") for where, message in lines]
    return found_faults(FILE, found)


def tests(claim: Mapping[str, Any]) -> Found:
    """Conditions of a claim, each with its place."""
    if "expect" in claim:
        yield "expect", claim["expect"]
    for i, part in enumerate(claim.get("parts", ())):
        if "expect" in part:
            yield f"parts[{i}].expect", part["expect"]


def incidents_in(doc: Mapping[str, Any]) -> Found:
    """Every incident that a condition names, with its place."""
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
    named = [(at, s) for at, key, value in members_of(doc) if key in _CITING for s in _listed(value)]
    for at, name in named:
        if name not in sources:
            yield at, f"{name!r} is not in sources.csv"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


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


def _questions(test: str, names: Names) -> Iterator[str]:
    """Questions to `on_file` that do not exist, lack an argument, or name what the campaign does not have."""
    try:
        asked = calls_in(test, "on_file")
    except ExpressionError as error:
        yield str(error)
        return
    for call in asked:
        if call.name not in QUESTIONS:
            yield f"on_file has no question {call.name!r}; there are {', '.join(QUESTIONS)}"
            continue
        try:
            given = question(call.name).bind(*call.args, **call.named).arguments
        except TypeError as error:
            yield f"on_file.{call.name}: {error}"
            continue
        for name, value in given.items():
            yield from (f"on_file.{call.name}: {line}" for line in _argument(name, value, names))
        if isinstance(given.get("test"), Mapping):
            yield from problems(given["test"], names.columns, series_ids=names.series, enums=names.enums)


def _argument(name: str, value: Any, names: Names) -> Iterator[str]:
    """What is wrong with one argument, by the name that questions give it."""
    columns = [*names.columns, "us_troops", "us_sites"]
    techniques = names.enums.get("techniques"), "{!r} is not a value of techniques; allowed are {}"
    allowed, message = {
        "series": (names.series, "there is no series {!r}; there are {}"),
        **dict.fromkeys(("column", "columns"), (columns, "there is no column {!r}")),
        **dict.fromkeys(("technique", "techniques"), techniques),
    }.get(name, (None, ""))
    for one in value if isinstance(value, (list, tuple)) else (value,):
        if allowed and one not in allowed:
            yield message.format(one, ", ".join(sorted(allowed)))
        if name == "day" and not _is_day(one):
            yield f"{one!r} is not a day of the calendar"
        if name in ("quarter", "baseline"):
            try:
                Period.parse(str(one))
            except ValueError as error:
                yield str(error)
