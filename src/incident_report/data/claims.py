"""Check a file of claims: its shape, the arguments of each check, and that what it refers to exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from incident_report.data.conditions import problems
from incident_report.data.model import Fault
from incident_report.data.shape import SCHEMAS, place, shape_errors

SCHEMA = SCHEMAS / "claims.json"
_HARM = ("killed", "wounded", "us_killed", "us_wounded", "munition_count")
_POSTURE = ("us_troops", "us_sites")
_WIDE = ("everything", "nothing")


def claims_faults(
    doc: Any,
    *,
    columns: Collection[str],
    enums: Mapping[str, Sequence[str]],
    sources: Collection[str],
    series: Collection[str] = (),
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
    """
    shape = shape_errors(doc, SCHEMA)
    if shape:  # meaning is checked only once the shape holds
        return [Fault(file, _plain(e, doc), column=place(e) or None) for e in shape]
    found = [
        (key, f"{name!r} is not in sources.csv")
        for key, names in (("article", [doc.get("article")]), ("not_independent", doc.get("not_independent", [])))
        for name in names
        if name is not None and name not in sources
    ]
    seen: set[str] = set()
    for i, claim in enumerate(doc["claims"]):
        at = f"claims[{i}]"
        if claim["id"] in seen:
            found.append((at, f"the id {claim['id']!r} stands twice"))
        seen.add(claim["id"])
        lines = [*_days(claim), *_names(claim["args"], columns, enums, series)]
        lines += _conditions(claim["args"], columns, enums, series)
        found += [(where and f"{at}.{where}", f"{claim['id']}: {message}") for where, message in lines]
    return [Fault(file, message, column=where or None) for where, message in found]


def _plain(error: Any, doc: Any) -> str:
    # jsonschema prints whole sub-documents; a reader needs the claim's name and the first line of it.
    text = " ".join(error.message.split())
    if isinstance(error.instance, date):
        text = f'put the day in quotes: "{error.instance.isoformat()}"'
    if isinstance(error.instance, bool) and "type" in error.schema:
        text = "write yes and no in quotes, or YAML takes them for true and false"
    path = list(error.absolute_path)
    if len(path) > 1 and path[0] == "claims" and isinstance(doc["claims"][path[1]], Mapping):
        text = f"{doc['claims'][path[1]].get('id', 'a claim without id')}: {text}"
    return text if len(text) <= 180 else text[:177] + "..."


def _days(claim: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    days = [("about.from", claim["about"]["from"]), ("about.to", claim["about"]["to"])]
    days += [("args.date", claim["args"]["date"])] if "date" in claim["args"] else []
    days += [("args", e["date"]) for key in ("events", "also") for e in claim["args"].get(key, ())]
    real = True
    for where, text in days:
        try:
            date.fromisoformat(text)
        except ValueError:
            real = False
            yield where, f"{text!r} is not a day of the calendar"
    if real and claim["about"]["from"] > claim["about"]["to"]:
        yield "about", "the claim's days end before they start"


def _names(
    args: Mapping[str, Any],
    columns: Collection[str],
    enums: Mapping[str, Sequence[str]],
    series: Collection[str],
) -> Iterator[tuple[str, str]]:
    if "series" in args and args["series"] not in series:
        yield "args.series", f"there is no series {args['series']!r}; there are {', '.join(sorted(series))}"
    if "column" in args and args["column"] not in columns:
        yield "args.column", f"incidents have no column {args['column']!r}"
    known = enums.get("techniques")
    for name in (*args.get("techniques", ()), *([args["technique"]] if "technique" in args else ())):
        if known and name not in known:
            yield "args", f"{name!r} is not a value of techniques; allowed are {', '.join(sorted(known))}"
    numbers = _POSTURE if "levels" in args else _HARM
    for name in (*args.get("fields", ()), *([args["field"]] if "field" in args else ())):
        if name not in numbers:
            yield "args", f"{name!r} is not a number field; take one of {', '.join(numbers)}"
    if "baseline" in args and args["baseline"] >= args["quarter"]:
        yield "args.baseline", "the baseline must come before the quarter"


def _conditions(
    args: Mapping[str, Any],
    columns: Collection[str],
    enums: Mapping[str, Sequence[str]],
    series: Collection[str],
) -> Iterator[tuple[str, str]]:
    parts = [(f"args.{key}", args[key]) for key in ("where", "test") if key in args]
    parts += [("args.expect", {name: part}) for name, part in args.get("expect", {}).items()]
    parts += [("args", e["where"]) for key in ("events", "also") for e in args.get(key, ()) if "where" in e]
    for where, condition in parts:
        if condition in _WIDE:
            yield where, f"{condition!r} would match any row or none; name a column"
            continue
        for line in problems(condition, tuple(columns), series_ids=tuple(series), enums=enums):
            yield where, line
    for name in args.get("expect", {}):
        if name in ("series", "not", "any", "all"):
            yield "args.expect", f"{name!r} cannot be expected of an incident; name columns"
