"""Versions of an edition: ``v1.0``, ``v1.1`` … in the edition's folder, beside the working copy that builds replace.

A version is a report's folder of its own, with its own provenance, and is never written to. What a build of the
working copy must leave alone, and what of it is not the working copy's, is said here. Light: no pandas.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

PROVENANCE = "provenance.json"
LATEST, LATEST_PAGE = "latest", "latest.html"
MARK = "incident-report version"  # says in a page beside the versions that it is ours
_VERSION = re.compile(r"v(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")
_SUPERSEDED = re.compile(rf"{_VERSION.pattern}-superseded\.html")
_HEAD = 4096


@dataclass(frozen=True)
class Release:
    """What makes a build a version, beside what people have signed.

    Attributes
    ----------
    version : str
        ``1.0``; a correction is ``1.1``.
    before : str
        The version that this one corrects; empty for the first.
    numbers : mapping of key -> figures
        What the report says in numbers, to be compared with by the next version: low, high, verdict.
    changed : tuple of mapping
        Of these, what differs from the version before: key, and before and now, each low, high, verdict.
    corrections : tuple of mapping
        New rows of corrections.csv: incident_id, field, old, new, reason, date.
    added, removed, altered : int
        Incidents that are new, gone, and read differently, whether corrections.csv says so or not.
    rows : tuple of mapping
        Of these, what `corrections` do not say: incident_id, field, old, new; without a field where the whole row came
        or went.
    reason : str
        Why, in the words of whoever signed.
    facts : mapping of name -> value
        Every fact that text can read, as text.
    day_before : str
        When the version before was published.
    statements : tuple of mapping
        What reads differently where the report is read first: id, chapter, before, now (see `changed`).
    earlier : mapping
        Records of the version before, to be compared with; not recorded.
    """

    version: str
    before: str = ""
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    changed: tuple[Mapping[str, Any], ...] = ()
    corrections: tuple[Mapping[str, str], ...] = ()
    added: int = 0
    removed: int = 0
    altered: int = 0
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    day_before: str = ""
    statements: tuple[Mapping[str, str], ...] = ()
    earlier: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def recorded(self) -> dict[str, Any]:
        """As provenance.json has it."""
        return asdict(replace(self, earlier={}))


def recorded_release(known: Mapping[str, Any]) -> Release | None:
    """The release of a report's provenance; None where it is a working copy, or says nothing that can be read."""
    found = known.get("release")
    if not isinstance(found, Mapping) or not isinstance(found.get("version"), str):
        return None
    given = {f.name: found[f.name] for f in fields(Release) if f.name in found}
    for name in ("changed", "corrections", "rows", "statements"):
        given[name] = tuple(given.get(name) or ())
    return Release(**given)


def number(name: str) -> tuple[int, int] | None:
    """The number of a version by its folder's name; None for any other name.

    Examples
    --------
    >>> number("v1.10"), number("v01.0"), number("latest")
    ((1, 10), None, None)
    """
    found = _VERSION.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else None


def versions(edition: Path) -> list[Path]:
    """The versions in an edition's folder, oldest first."""
    if not edition.is_dir():
        return []
    return sorted((p for p in edition.iterdir() if _is_version(p)), key=lambda p: number(p.name) or (0, 0))


def next_version(edition: Path) -> tuple[str, str]:
    """Number of the version to come, and of the one before it: ``("1.0", "")``, then ``("1.1", "1.0")``."""
    numbers = [number(p.name) or (0, 0) for p in edition.iterdir() if number(p.name)] if edition.is_dir() else []
    if not numbers:
        return "1.0", ""
    major, minor = max(numbers)
    return f"{major}.{minor + 1}", f"{major}.{minor}"


def apart(folder: Path) -> Iterator[Path]:
    """What lies at the top of a report's folder and is not that report's: versions, and what points to them."""
    if number(folder.name) or not folder.is_dir():  # a version holds no other
        return
    for path in sorted(folder.iterdir()):
        link = path.name == LATEST and path.is_symlink() and number(path.readlink().name)
        if _is_version(path) or link or _is_page(path):
            yield path


def carry(old: Path, new: Path) -> None:
    """Put what is not the working copy's beside the working copy that replaces it.

    Files are linked, not copied, where the file system can: a version's bytes are never written again. The old
    folder keeps them all, so that at every moment one of the two holds every version.
    """
    for path in apart(old):
        target = new / path.name
        if path.is_symlink():
            target.symlink_to(path.readlink())
        elif path.is_dir():
            shutil.copytree(path, target, copy_function=_linked, symlinks=True)
        else:
            _linked(path, target)


def _linked(source: str | Path, target: str | Path) -> str:
    with suppress(OSError):
        os.link(source, target, follow_symlinks=False)
        return str(target)
    return str(shutil.copy2(source, target))


def _is_version(path: Path) -> bool:
    return number(path.name) is not None and not path.is_symlink() and (path / PROVENANCE).is_file()


def _is_page(path: Path) -> bool:
    """A page of ours that points to a version; what somebody else has put under its name is not one."""
    if path.is_symlink() or not (path.name == LATEST_PAGE or _SUPERSEDED.fullmatch(path.name)):
        return False
    try:
        with path.open("rb") as stream:
            return MARK.encode() in stream.read(_HEAD)
    except OSError:
        return False


def superseded(name: str) -> str:
    """The page beside a version that says that there is a newer one."""
    return f"{name}-superseded.html"
