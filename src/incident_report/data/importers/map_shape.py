"""The shape of a map: its keys, what each takes, and the short forms that people write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from incident_report.data.conditions import GROUPS
from incident_report.data.importers.table import key
from incident_report.data.package import default_package

TEXTS = (
    "country", "place", "governorate", "target_name", "munition_detail", "attributed_to", "claimed_by", "claim_note",
    "summary",
)  # fmt: skip
PEOPLE = ("killed", "wounded", "us_killed", "us_wounded", "munition_count")
DECIDED = ("attack_method", "target_category", "outcome", "intercepted", "confidence", "techniques")
ORIGINAL = {"target_category": "original_target", "attack_method": "original_method"}
REASONED = ("leave_out", "state_operations")
_Form = Callable[[Any], Any]
_PRECISIONS = ("day", "week", "month")


def _form(pattern: str, words: str) -> dict[str, Any]:
    """A text of a form, with the words that say which."""
    return {"type": "string", "pattern": pattern, "description": words}


_text = _form(r"\S", "must not be empty")
_cell = {"type": ["string", "number", "boolean"]}
_texts = {"type": "array", "items": _text, "minItems": 1}
_cells = {"type": "array", "items": _cell}
_day = _form("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "must be a day like 2020-07-01")
_ident = _form("^[A-Za-z][A-Za-z0-9_]*$", "takes letters, digits and underscores, a letter first")
_prefix = _form("^[A-Za-z0-9_.]{1,20}$", "takes 1 to 20 letters, digits, dots and underscores")
_url = _form(r"^https?://\S+$", "must be an address that begins with https://")
_when: dict[str, Any] = {}  # checked by words.condition_faults


def _keys(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def _coded(values: list[str]) -> dict[str, Any]:
    to = {"enum": values}
    codes = {"type": "object", "additionalProperties": to}
    return _keys(column=_text, codes=codes, otherwise=to)


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of a map whose short forms are written out (see `written_out`)."""
    package = default_package()

    def values(column: str) -> list[str]:
        return list(package.labels("incidents", column))

    text = _keys(
        columns=_texts, join={"type": "string"}, value=_text, codes={"type": "object", "additionalProperties": _cell},
        otherwise={"type": "string"}, unknown=_cells, without=_texts, when=_when,
    )  # fmt: skip
    people = _keys(best=_text, low=_text, high=_text, unknown=_cells, to={"type": "integer", "minimum": 0}, when=_when)
    rules = {c: {"type": "array", "items": _keys(("to", "when"), to={"enum": values(c)}, when=_when)} for c in DECIDED}
    reasons = _keys(("reason", "when"), reason=_text, when=_when)
    codes = {"type": "object", "additionalProperties": _cell}
    precision = {**_coded(list(_PRECISIONS)), "properties": {
        **_coded(list(_PRECISIONS))["properties"], "rule": {"enum": ["days in words"]},
    }}  # fmt: skip
    series = _keys(
        ("id", "label", "noun", "singular", "where"), id=_ident, label=_text, noun=_text, singular=_text,
        where={"type": "object", "additionalProperties": {"type": "array", "items": _text, "minItems": 1}},
    )  # fmt: skip
    return _keys(
        ("name", "id", "date"),
        name=_text, url=_url, stamp=_keys(column=_text), licence=_text, title=_text,
        wording=_keys((), **dict.fromkeys(("actors", "targets", "country", "scope", "strap", "unit"), _text)),
        only_deadly={"type": "boolean"},
        sheet={"type": ["string", "integer"]}, records=_text, header={"type": "integer", "minimum": 1, "maximum": 100},
        decimal={"enum": [".", ","]},
        needs=_texts, also={"type": "object", "additionalProperties": _texts},
        refuse={"type": "array", "items": _keys(("reason", "columns"), reason=_text, columns=_texts)},
        join={"type": "object", "additionalProperties": _texts}, free_text={"type": "array", "items": _text},
        id=_keys(columns=_texts, prefix=_prefix, digits={"type": "integer", "minimum": 1, "maximum": 40}),
        date=_keys(column=_text, formats=_texts, year=_text, month=_text, day=_text, end=_text, precision=precision),
        coordinates=_keys(latitude=_text, longitude=_text, point=_text, points=_cells,
                          order={"enum": ["latitude first", "longitude first"]},
                          precision=_coded(values("coordinate_precision"))),
        **{c: {"type": "array", "items": text} for c in TEXTS},
        **{c: {"type": "array", "items": people} for c in PEOPLE},
        **rules, **{c: {"type": "array", "items": reasons} for c in REASONED},
        original=_keys((), **{c: _keys(columns=_texts, codes=codes) for c in ORIGINAL}),
        sources=_keys(columns=_texts, split=_text, url=_text, published=_text, most={"type": "integer", "minimum": 1},
                      prefix=_form("^[a-z0-9]{1,20}$", "takes 1 to 20 small letters and digits")),
        series={"type": "array", "items": series, "minItems": 1}, weaknesses=_texts,
        coverage=_keys(start=_day, end=_day, note=_text),
    )  # fmt: skip


def written_out(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A map with its short forms written out and its columns named as tables name theirs; unknown things stay."""
    made = {name: _FORMS[name](value) if name in _FORMS else value for name, value in raw.items()}
    return {name: value for name, value in made.items() if value is not None}


COLUMN_KEYS = (
    "column", "best", "low", "high", "year", "month", "day", "end", "latitude", "longitude", "point", "url",
    "published",
)  # fmt: skip
_LISTS = ("formats", "unknown", "without", "points")
ALSO = {"columns": "column", "best": "value"}  # what people write for them


def _spec(value: Any, plain: str) -> Any:
    """How something is made, from a column's name alone (or, for columns, a list of names) or from keys."""
    if isinstance(value, str) or (plain == "columns" and isinstance(value, list)):
        value = {plain: value}
    if not isinstance(value, dict):
        return value
    made, also = dict(value), ALSO.get(plain, plain)
    if also in made and plain not in made:
        made[plain] = made.pop(also)
    return {name: _part(name, part) for name, part in made.items()}


def _part(name: str, value: Any) -> Any:
    if name in COLUMN_KEYS:
        return key(value) if isinstance(value, str) else value
    if name in _LISTS:
        return _listed(value)
    return _PARTS[name](value) if name in _PARTS else value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _precision(value: Any) -> Any:
    return {"otherwise": value} if isinstance(value, str) else _spec(value, "column")


def _each(value: Any, plain: str) -> Any:
    return [_spec(one, plain) for one in value] if isinstance(value, list) else value


def _decided(value: Any) -> Any:
    """Rules in their order, from a list or from a column with codes."""
    return _rules(value) if isinstance(value, dict) else _reasoned(value)


def _reasoned(value: Any) -> Any:
    return [_renamed(one) for one in value] if isinstance(value, list) else value or []


def _rules(value: Mapping[str, Any]) -> Any:
    """A column with codes as rules; anything else as it is."""
    codes, column = value.get("codes"), value.get("column")
    if not isinstance(column, str) or not isinstance(codes, dict) or set(value) - {"column", "codes", "otherwise"}:
        return dict(value)
    rules = [{"to": to, "when": {key(column): [theirs]}} for theirs, to in codes.items()]
    if "otherwise" in value:
        rules.append({"to": value["otherwise"], "when": {key(column): {"known": True}}})
    return rules


def _names(value: Any) -> Any:
    if isinstance(value, str):
        return [key(value)]
    return [key(v) if isinstance(v, str) else v for v in value] if isinstance(value, list) else value


def _renamed(rule: Any) -> Any:
    return {**rule, "when": _condition(rule["when"])} if isinstance(rule, dict) and "when" in rule else rule


def _condition(part: Any) -> Any:
    if isinstance(part, list):
        return [_condition(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {n if n in GROUPS else key(n): _condition(v) if n in GROUPS else v for n, v in part.items()}


def _values(form: _Form) -> _Form:
    """A form for the values of a mapping; anything else stays."""
    return lambda value: {k: form(v) for k, v in value.items()} if isinstance(value, dict) else value


def _other_names(value: Any) -> Any:
    """Columns by what they are called by, with the names that stand for each."""
    return {key(k): _names(v) for k, v in value.items()} if isinstance(value, dict) else value


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_PARTS: dict[str, _Form] = {"columns": _names, "when": _condition, "precision": _precision}
_FORMS: dict[str, _Form] = {
    **{name: lambda value: _each(_listed(value), "columns") for name in TEXTS},
    **{name: lambda value: _each(_listed(value), "best") for name in PEOPLE},
    **dict.fromkeys(DECIDED, _decided),
    **dict.fromkeys(REASONED, _reasoned),
    "id": lambda value: _spec(value, "columns"),
    "stamp": lambda value: _spec(value, "column"),
    "date": lambda value: _spec(value, "column"),
    "sources": lambda value: _spec(value, "columns"),
    "coordinates": lambda value: _spec(value, "point") if isinstance(value, dict) else value,
    "original": _values(lambda value: _spec(value, "columns")),
    "also": _other_names,
    "join": _other_names,
    "needs": _names,
    "free_text": _names,
    "refuse": lambda value: _each(value, "columns"),
    "weaknesses": lambda value: [value] if isinstance(value, str) else value,
    "coverage": _values(_iso),
}
