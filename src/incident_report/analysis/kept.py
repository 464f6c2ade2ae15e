"""What costs much to work out is kept for other kernels and later builds, under the cells that it read.

What was found is kept as JSON, under the function, its arguments, the edition's parameters, the code of data and
analysis, the libraries, and the content of everything that was read to find it (`incident_report.reads`). What it
would read is only known when it has run, so the names that it read are kept, too, one list for each way it went.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import incident_report
from incident_report import reads
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import REMEMBERS
from incident_report.data.contents import content
from incident_report.errors import UsageError
from incident_report.paths import CODE, LOCK
from incident_report.store import Store, key_of, libraries, open_store

_MOST_LISTS = 8
_RESOLUTION = 0.02  # seconds by which a file may seem older than it is


def kept(edition: Edition, name: str, make: Callable[[], Any], also: tuple[Path, ...] = ()) -> Any:
    """What a function of an edition gives, as JSON has it: from the store, or made now.

    Parameters
    ----------
    edition : Edition
        One of data as they were loaded: a variant is worked out each time, since it reads what it was made of.
    name : str
        Of the function and its arguments.
    make : callable
        Gives a value that JSON can hold, of the edition alone.
    also : tuple of Path
        Folders of code and words beside those of data and analysis that it reaches.
    """
    store, code = _store(), _code(also)
    if store.folder is None or code is None or edition.data.derived:
        return json.loads(json.dumps(make()))
    asked = [name, str(edition.quarter), str(edition.baseline), edition.confidence_floor]
    base = key_of("kept", asked, code, libraries())
    with reads.unwatched():
        lists: list[list[str]] = json.loads(store.get(base) or b"[]")
        for names in lists:
            key = _key(edition, base, names)
            if key and (found := store.get(key)) is not None:
                reads.note_all(names)
                return json.loads(found)
    with reads.within(hidden=True) as (seen, _):
        made = json.dumps(make()).encode()
    with reads.unwatched():
        if key := _key(edition, base, sorted(seen)):
            store.put(key, made)
            others = [one for one in lists if one != sorted(seen)]
            store.put(base, json.dumps([sorted(seen), *others][:_MOST_LISTS]).encode())
    return json.loads(made)


def _key(edition: Edition, base: str, names: list[str]) -> str | None:
    """Of what was read under these names; None where that cannot be told."""
    try:
        return None if reads.WHOLE in names else key_of(base, [[n, content(edition.data, n)] for n in names])
    except (AttributeError, KeyError, TypeError):  # a table or column that there no longer is, too
        return None


@cache
def _store() -> Store:
    if not REMEMBERS:
        return Store(None)
    with reads.unwatched():
        try:
            return open_store()
        except UsageError:  # a build says so; by hand one goes on without
            return Store(None)


@cache
def _code(also: tuple[Path, ...]) -> str | None:
    """Hash of the code that analysis can reach; None where a file is not the one that this process has read."""
    found = hashlib.sha256()
    own = CODE / "incident_report"
    with reads.unwatched():
        folders = (own / "data", own / "analysis", *also)
        files = [*own.glob("*.py"), *(p for folder in folders for p in folder.rglob("*") if p.is_file())]
        for path in sorted(p for p in files if "__pycache__" not in p.parts):
            if path.stat().st_ctime > incident_report.BEGAN - _RESOLUTION:
                return None
            found.update(os.path.relpath(path, own).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        found.update(LOCK.read_bytes() if LOCK.is_file() else b"")
    return found.hexdigest()
