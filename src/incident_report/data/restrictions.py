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

from incident_report.data.restrictions_check import faults, idle
from incident_report.data.withhold_tables import declared
from incident_report.errors import BuildError

FILE = "restrictions.yml"
COLUMN = "restricted"  # of every table: why a row is withheld; empty for most
PREFIX = "withheld-"  # of ids that stand for withheld ones


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
    persons, passages, places : int
        Names that are not printed, passages of stories, and attacks on a route whose place is told coarsely.
    moving : frozenset of str
        Kinds of target that the rule for routes is about.
    word : str
        What stands where a place is withheld.
    alike : frozenset of str
        What places on a route are told as: several as one and the same, with a number to keep them apart.
    """

    incidents: int = 0
    rows: int = 0
    columns: tuple[str, ...] = ()
    persons: int = 0
    passages: int = 0
    places: int = 0
    moving: frozenset[str] = frozenset()
    word: str = ""
    alike: frozenset[str] = frozenset()

    def plain(self, place: str) -> str:
        """A place without the number that keeps it apart from others told alike; a number of its own name stays."""
        name, _, number = place.rpartition(" (")
        return name if name in self.alike and number.removesuffix(")").isdecimal() else place

    def __str__(self) -> str:
        told = {
            "incidents in outline": self.incidents,
            "rows less": self.rows,
            "columns empty": len(self.columns),
            "persons without a name": self.persons,
            "passages less": self.passages,
            "attacks on routes told more coarsely": self.places,
        }
        return ", ".join(f"{what}: {count}" for what, count in told.items() if count)


def withheld(content: bytes | None) -> Withheld | None:
    """What the restrictions.yml of a public copy says of itself; None where nothing is withheld."""
    own = (yaml.safe_load(content) or {}) if content else {}
    told = own.get("withheld")
    if not told:
        return None
    rows = dict(told.get("rows", {}))
    routes, words = (_over(default_rules()[name], own.get(name, {})) for name in ("routes", "words"))
    return Withheld(
        rows.pop("incidents", 0),
        sum(rows.values()),
        tuple(told.get("columns", ())),
        told.get("persons", 0),
        told.get("passages", 0),
        told.get("places", 0),
        frozenset(routes["targets"]),
        words["place"],
        frozenset((*routes["highways"], words["place"][:1].upper() + words["place"][1:])),
    )


@cache
def default_rules() -> Mapping[str, Any]:
    """The rules that come with the package."""
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name(FILE).read_text("utf-8"))
    return found


def rules(content: bytes | None, package: bytes | None = None) -> dict[str, Any]:
    """A campaign's rules: the default ones, and over them, key by key, what its own file says.

    Parameters
    ----------
    content : bytes or None
        Of its restrictions.yml; None where it has none.
    package : bytes or None
        Of its datapackage.json, which may declare columns and kinds of its own.

    Raises
    ------
    BuildError
        One line a fault. What cannot be read, or names what there is not, withholds nothing, so nothing may be
        built from it.
    """
    base = dict(default_rules())
    if content is None:
        return base
    text, own = _read(content)
    if own and (lines := [f"{FILE}:{line}" for line in faults(text, own, declared(package), base)]):
        raise BuildError(*lines)
    return {key: _over(base.get(key), own[key]) if key in own else value for key, value in {**own, **base}.items()}


def without_effect(content: bytes | None, package: bytes | None, *, roads: bool) -> list[tuple[str, str]]:
    """Rules that hold for nothing here, since this campaign's schema does not have what they name; see `rules`."""
    found, (_, own) = rules(content, package), _read(content or b"")
    listed, default = (declared(schema)["incidents"] for schema in (package, None))
    return list(idle(found, own, listed, default, roads=roads))


def _read(content: bytes) -> tuple[str, Any]:
    """A campaign's file as text, and what it holds."""
    try:
        text = content.decode("utf-8-sig")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise BuildError(f"{FILE}: has an alias (*); write out what it stands for")
        return text, yaml.safe_load(text) or {}
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        raise BuildError(f"{FILE}{where}: cannot be read as YAML; nothing is built until it can") from None


def _over(base: Any, own: Any) -> Any:
    """A mapping of the campaign's laid over the default's; anything else takes its place."""
    if isinstance(base, Mapping) and isinstance(own, Mapping):
        return {k: _over(base.get(k), own[k]) if k in own else base[k] for k in {**base, **own}}
    return own


def unsigned(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The accused persons of some rules whose naming nobody has signed off."""
    return [p for p in found.get("persons", ()) if not p.get("signed_off")]
