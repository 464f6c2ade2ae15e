"""From another dataset's codes to ours, by rules written in YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from incident_report.data.conditions import Condition, matches, problems
from incident_report.data.documents import read_document
from incident_report.data.files import Folder
from incident_report.data.model import Fault
from incident_report.data.package import default_package
from incident_report.data.shape import shape_errors

DECIDED = ("target_category", "attack_method", "outcome")
ORIGINAL = {"target_category": "original_target", "attack_method": "original_method"}
_KEYS = {*DECIDED, "leave_out", "original"}


Decision = tuple[str, dict[str, str], dict[str, str]]


@dataclass(frozen=True)
class Rule:
    """A condition over the foreign columns, and what follows from it."""

    to: str
    when: Condition


@dataclass(frozen=True)
class Mapping:
    """A mapping file, checked.

    Attributes
    ----------
    leave_out : rules whose `to` is the reason
    rules : our column -> rules, the first that matches decides
    original : our column -> foreign columns whose text is kept where no rule matched
    """

    leave_out: tuple[Rule, ...]
    rules: dict[str, tuple[Rule, ...]]
    original: dict[str, tuple[str, ...]]

    def decide(self, frame: pd.DataFrame) -> list[Decision]:
        """Of each row: why it is left out, or nothing; our columns; the codes that went to ``other``, by column."""
        left_out = _first(frame, self.leave_out)
        made = pd.DataFrame({column: _first(frame, self.rules[column]) for column in DECIDED})
        made["outcome"] = made["outcome"].replace("", "carried_out")
        for column, kept in ORIGINAL.items():
            cells = zip(frame.index, *map(frame.get, self.original[column]), strict=True)
            codes = pd.Series([" / ".join(filter(None, row[1:])) for row in cells], frame.index, dtype=object)
            other = made[column].isin(("", "other"))
            made[column] = made[column].mask(other, "other")
            made[kept] = codes.where(other, "")
        rows = cast("list[dict[str, str]]", made.to_dict("records"))
        unmapped = [{c: row[kept] for c, kept in ORIGINAL.items() if row[c] == "other"} for row in rows]
        return list(zip(left_out, rows, unmapped, strict=True))


def read_mapping(path: Path, columns: Sequence[str]) -> Mapping:
    """Read and check a mapping file.

    Parameters
    ----------
    columns : sequence of str
        Columns of the table to be mapped; conditions may name no other.

    Raises
    ------
    ValueError
        In one line, naming the file and the first thing wrong.
    """
    faults: list[Fault] = []
    real = path.resolve()
    document = read_document(Folder(real.parent, faults.append), real.name)
    if document is None:
        raise ValueError(f"{path}{f':{faults[0].line}' if faults[0].line else ''}: {faults[0].message}")
    raw = document.value
    for error in shape_errors(raw, _schema()):
        raise ValueError(f"{path}: {_plain(error)}")
    rules = {name: _rules(f"{path}: {name}", raw.get(name) or [], columns) for name in ("leave_out", *DECIDED)}
    original = {c: tuple(map(str, (raw.get("original") or {}).get(c, ()))) for c in ORIGINAL}
    for column, named in original.items():
        if unknown := sorted(set(named) - set(columns)):
            raise ValueError(f"{path}: original, {column}: the table has no column {', '.join(unknown)}")
    return Mapping(rules.pop("leave_out"), rules, original)


def _rules(place: str, listed: list[dict[str, Any]], columns: Sequence[str]) -> tuple[Rule, ...]:
    for i, item in enumerate(listed, 1):
        for problem in problems(item["when"], columns):
            raise ValueError(f"{place}, rule {i}: {problem}")
    return tuple(Rule(item["to"] if "to" in item else item["reason"], item["when"]) for item in listed)


def _schema() -> dict[str, Any]:
    """The shape of a mapping file: rules by what they decide, and the columns whose text is kept."""

    def rules(key: str, value: dict[str, Any]) -> dict[str, Any]:
        rule = {"required": [key, "when"], "maxProperties": 2, "properties": {key: value}}
        return {"type": ["array", "null"], "items": {"type": "object", **rule}}

    package = default_package()
    decided = {column: rules("to", {"enum": list(package.labels("incidents", column))}) for column in DECIDED}
    kept = {"type": ["object", "null"], "additionalProperties": {"type": "array"}}
    leave_out = rules("reason", {"type": "string"})
    return {"additionalProperties": False, "properties": {**decided, "leave_out": leave_out, "original": kept}}


def _plain(error: Any) -> str:
    """What is wrong with a mapping file, by where it is wrong."""
    name, *place = error.absolute_path or [""]
    if not name:
        return f"a mapping holds {', '.join(sorted(_KEYS))} and nothing else"
    if name == "original":
        return f"original must name a list of columns for {' and '.join(ORIGINAL)}"
    if not place:
        return f"{name} must be a list of rules"
    where = f"{name}, rule {place[0] + 1}"
    if len(place) == 1:
        return f"{where}: a rule has exactly '{'reason' if name == 'leave_out' else 'to'}' and 'when'"
    wanted = f"one of {', '.join(error.schema['enum'])}" if "enum" in error.schema else "a text"
    return f"{where}: {error.instance!r} is not {wanted}"


def _first(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.Series:
    """What the first rule that matches says of each row, else nothing; an empty field matches nothing."""
    found = pd.Series("", frame.index, dtype=object)
    for rule in reversed(rules):
        found = found.mask(matches(frame, rule.when).fillna(False).astype(bool), rule.to)
    return found
