"""Chapters and sections that earlier builds left in the store, found again where they would come out the same.

They stand under the cells that they read: where all are as they were, nothing need be computed to know. Where one
has changed, calls and facts are asked again (`analysis.asked`): if these give what they gave, and what was read besides
is as it was, then so is the section. It is kept under its new cells, too, so that the next build need not ask.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from incident_report import reads
from incident_report.analysis.asked import again
from incident_report.analysis.edition import Edition
from incident_report.analysis.kept import unchanged
from incident_report.data.contents import content
from incident_report.store import ByReading, Store, key_of

_MOST = 8  # answers of the same questions that are remembered


class Told(NamedTuple):
    """What a kernel told that it has read (`analysis.asked.told`).

    Attributes
    ----------
    names : sequence of str
        Cells of tables and parts of files.
    asked : mapping of name -> hash
        What was asked as a whole, by what it gave; with no hash, what was read besides.
    """

    names: list[str]
    asked: Mapping[str, str]


def together(every: Iterable[Told]) -> Told:
    """What several have read."""
    every = list(every)
    asked = {name: found for one in every for name, found in one.asked.items()}
    return Told(sorted(set(chain.from_iterable(one.names for one in every))), asked)


class Alike:
    """What a store has that an edition would give.

    Parameters
    ----------
    store : Store
    edition : Edition
    whole : str
        Hash of all inputs of the run.
    """

    def __init__(self, store: Store, edition: Edition, whole: str) -> None:
        self._store, self._edition, self._whole = store, edition, whole
        self._known = ByReading(store, self._content)
        self._given: dict[str, tuple[str, set[str]]] = {}

    def find(self, key: str) -> tuple[Told, Any] | None:
        """What is kept under a key where each cell that was read is as it was, and what was read."""
        for names, found in self._known.every(key):
            asked, at = json.loads(found)
            if value := self._store.get(at):
                return Told(names, asked), json.loads(value)
        return None

    def ask(self, key: str) -> tuple[Told, Any] | None:
        """The same where some are not, but what was asked of them gives what it gave."""
        for besides, found in self._known.every(key_of("asked", key)) if unchanged() else ():
            for asked, at in json.loads(found):
                same = all(self._gives(name)[0] == given for name, given in asked.items())
                if same and (value := self._store.get(at)):
                    now = set(besides).union(*(self._gives(name)[1] for name in asked))
                    told = Told(sorted(now), dict.fromkeys(besides, "") | asked)
                    self.keep(key, told, json.loads(value))
                    return told, json.loads(value)
        return None

    def keep(self, key: str, told: Told, value: Any) -> None:
        """Keep something under what was read for it."""
        made = json.dumps(value)
        at = key_of("made", key, made)
        self._store.put(at, made.encode())
        self._known.keep(key, told.names, json.dumps([told.asked, at]).encode())
        asked = {name: given for name, given in told.asked.items() if given}
        if asked:
            besides, base = sorted(told.asked.keys() - asked.keys()), key_of("asked", key)
            there = next((found for names, found in self._known.every(base) if names == besides), b"[]")
            others = [one for one in json.loads(there) if one[0] != asked]
            self._known.keep(base, besides, json.dumps([[asked, at], *others][:_MOST]).encode())

    def _gives(self, name: str) -> tuple[str, set[str]]:
        """Hash of what was asked, asked again, and the cells that it reads now; none where it cannot be asked."""
        if name not in self._given:
            with reads.within() as read:
                try:
                    found = again(name, self._edition)
                except Exception:  # of whatever kind: whoever asks it in the chapter says so
                    found = ""
            self._given[name] = found, read.names
        return self._given[name]

    def _content(self, name: str) -> str:
        return self._whole if name == reads.WHOLE else content(self._edition.data, name)
