"""From another dataset's codes to ours, by rules written in YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.data.conditions import Condition, matches, problems
from incident_report.data.documents import read_document
from incident_report.data.files import Folder
from incident_report.data.model import Fault
from incident_report.data.package import default_package

DECIDED = ("target_category", "attack_method", "outcome")
ORIGINAL = {"target_category": "original_target", "attack_method": "original_method"}
_KEYS = {*DECIDED, "leave_out", "original"}


@dataclass(frozen=True)
class Rule:
    """A condition over the foreign columns, and what follows from it."""

    to: str
    when: Condition


@dataclass
class Decision:
    """What the mapping says of one row."""

    left_out: str = ""
    values: dict[str, str] = field(default_factory=dict)
    unmapped: dict[str, str] = field(default_factory=dict)


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
        """One decision a row."""
        made = [Decision() for _ in range(len(frame))]
        for rule in self.leave_out:
            for decision, hit in zip(made, _hits(frame, rule), strict=True):
                if hit and not decision.left_out:
                    decision.left_out = rule.to
        for column in DECIDED:
            for rule in self.rules[column]:
                for decision, hit in zip(made, _hits(frame, rule), strict=True):
                    if hit:
                        decision.values.setdefault(column, rule.to)
        codes = {
            column: [" / ".join(t for t in row if t) for row in frame[list(named)].itertuples(index=False, name=None)]
            for column, named in self.original.items()
        }
        for i, decision in enumerate(made):
            decision.values.setdefault("outcome", "carried_out")
            for column, kept in ORIGINAL.items():
                original = codes[column][i] if codes[column] else ""
                if column not in decision.values or decision.values[column] == "other":
                    decision.values[column] = "other"
                    decision.values[kept] = original
                    decision.unmapped[column] = original
                else:
                    decision.values[kept] = ""
        return made


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
    if not set(raw) <= _KEYS:
        raise ValueError(f"{path}: a mapping holds {', '.join(sorted(_KEYS))} and nothing else")
    package = default_package()
    leave_out = _rules(path, raw, "leave_out", columns, None, key="reason")
    rules = {}
    for column in DECIDED:
        rules[column] = _rules(path, raw, column, columns, package.labels("incidents", column))
    kept = raw.get("original") or {}
    if not isinstance(kept, dict) or not all(isinstance(v, list) for v in kept.values()):
        raise ValueError(f"{path}: original must name a list of columns for {' and '.join(ORIGINAL)}")
    original = {c: tuple(str(n) for n in kept.get(c, ())) for c in ORIGINAL}
    for column, named in original.items():
        if unknown := sorted(set(named) - set(columns)):
            raise ValueError(f"{path}: original, {column}: the table has no column {', '.join(unknown)}")
    return Mapping(leave_out, rules, original)


def _rules(
    path: Path, raw: dict[str, Any], name: str, columns: Sequence[str], allowed: dict[str, str] | None, key: str = "to"
) -> tuple[Rule, ...]:
    made = []
    listed = raw.get(name, []) or []
    if not isinstance(listed, list):
        raise ValueError(f"{path}: {name} must be a list of rules")
    for i, item in enumerate(listed, 1):
        where = f"{path}: {name}, rule {i}"
        if not isinstance(item, dict) or set(item) != {key, "when"}:
            raise ValueError(f"{where}: a rule has exactly '{key}' and 'when'")
        if not isinstance(item[key], str) or (allowed is not None and item[key] not in allowed):
            raise ValueError(
                f"{where}: {item[key]!r} is not {'a text' if allowed is None else 'one of ' + ', '.join(allowed)}"
            )
        for problem in problems(item["when"], columns):
            raise ValueError(f"{where}: {problem}")
        made.append(Rule(str(item[key]), item["when"]))
    return tuple(made)


def _hits(frame: pd.DataFrame, rule: Rule) -> list[bool]:
    """Rows that a rule matches; an empty field matches nothing."""
    return list(matches(frame, rule.when).fillna(False).astype(bool))
