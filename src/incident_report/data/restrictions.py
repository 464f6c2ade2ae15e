"""What may not leave the project: the rules that come with it, and a campaign's own laid over them.

Light: a check whether a build is due reads them, so nothing here needs pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from incident_report.errors import BuildError

FILE = "restrictions.yml"
COLUMN = "restricted"  # of every table: why a row is withheld; empty for most
PREFIX = "withheld-"  # of ids that stand for withheld ones
_TEXT = {"type": "string", "pattern": r"\S"}
_WORDS = {"type": "string", "pattern": r"^[\w{][\w{}(), -]*$"}  # put into YAML and stories as they are
_STEP = {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 5}, {"const": "none"}]}
_STEPS = {"type": "object", "additionalProperties": _STEP}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "coordinates": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"sites": _STEPS, "targets": _STEPS, "routes": _STEP},
        },
        "given_by_sources": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}},
        "columns": {"type": "object", "propertyNames": {"pattern": r"^\w+\.\w+$"}, "additionalProperties": _TEXT},
        "persons": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "accused_of"],
                "properties": {
                    "name": _TEXT,
                    "spelt": {"type": "array", "items": _TEXT},
                    "accused_of": _TEXT,
                    "signed_off": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["by", "date"],
                        "properties": {"by": _TEXT, "date": {"anyOf": [_TEXT, {"not": {"type": ["number", "null"]}}]}},
                    },
                },
            },
        },
        "words": {"type": "object", "additionalProperties": False, "properties": {"source": _WORDS, "person": _WORDS}},
        # Written by a public build alone: how much the copy that it is made of leaves out.
        "withheld": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "rows": _COUNTS,
                "columns": {"type": "array", "items": _TEXT},
                "persons": {"type": "integer"},
                "passages": {"type": "integer"},
            },
        },
    },
}


@dataclass(frozen=True)
class Withheld:
    """How much a public build leaves out: numbers, and names of columns.

    Attributes
    ----------
    incidents : int
        Rows of which only what counts need is told.
    rows : int
        Rows of other tables.
    columns : tuple of str
        ``table.column``.
    persons, passages : int
        Names that are not printed, and passages of stories.
    """

    incidents: int = 0
    rows: int = 0
    columns: tuple[str, ...] = ()
    persons: int = 0
    passages: int = 0

    def __str__(self) -> str:
        told = {"incidents in outline": self.incidents, "rows less": self.rows, "columns empty": len(self.columns),
                "persons without a name": self.persons, "passages less": self.passages}  # fmt: skip
        return ", ".join(f"{what}: {count}" for what, count in told.items() if count)


def withheld(content: bytes | None) -> Withheld | None:
    """What the restrictions.yml of a public copy says of itself; None where nothing is withheld."""
    told = (yaml.safe_load(content) or {}).get("withheld") if content else None
    if not told:
        return None
    rows = dict(told.get("rows", {}))
    return Withheld(
        rows.pop("incidents", 0),
        sum(rows.values()),
        tuple(told.get("columns", ())),
        told.get("persons", 0),
        told.get("passages", 0),
    )


@cache
def default_rules() -> Mapping[str, Any]:
    """The rules that come with the package."""
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name(FILE).read_text("utf-8"))
    return found


def rules(content: bytes | None) -> dict[str, Any]:
    """A campaign's rules: the default ones, and over them, key by key, what its own file says.

    Parameters
    ----------
    content : bytes or None
        Of its restrictions.yml; None where it has none.

    Raises
    ------
    BuildError
        One line a fault. What cannot be read withholds nothing, so nothing may be built from it.
    """
    base = dict(default_rules())
    if content is None:
        return base
    try:
        own = yaml.safe_load(content.decode("utf-8-sig")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        raise BuildError(f"{FILE}{where}: cannot be read as YAML; nothing is built until it can") from None
    if lines := [*_faults(own)]:
        raise BuildError(*lines)
    return {key: _over(base.get(key), own[key]) if key in own else value for key, value in {**own, **base}.items()}


def _faults(own: Any) -> list[str]:
    from incident_report.data.validator import (
        Draft202012Validator,  # a campaign without such a file does not pay for it
    )

    found = sorted(Draft202012Validator(_SCHEMA).iter_errors(own), key=lambda e: [str(p) for p in e.absolute_path])
    return [f"{FILE}: {'.'.join(map(str, e.absolute_path)) or 'the file'}: {e.message[:160]}" for e in found]


def _over(base: Any, own: Any) -> Any:
    """A mapping of the campaign's laid over the default's; anything else takes its place."""
    if isinstance(base, Mapping) and isinstance(own, Mapping):
        return {k: _over(base.get(k), own[k]) if k in own else base[k] for k in {**base, **own}}
    return own


def unsigned(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The accused persons of some rules whose naming nobody has signed off."""
    return [p for p in found.get("persons", ()) if not p.get("signed_off")]
