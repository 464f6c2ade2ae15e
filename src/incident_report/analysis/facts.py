"""`ed.facts`: named results that prose, story, claims, options and every condition read, made when asked for.

A name is a series of the campaign (``rockets``, by its `fact` name in report.yml, else its id) or stands
in `catalogue.CATALOGUE`. Nothing else feeds words.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from incident_report.analysis.remember import Held, held
from incident_report.analysis.result import Result
from incident_report.catalogue import CATALOGUE
from incident_report.reads import taken

if TYPE_CHECKING:
    from incident_report.analysis.edition import Edition


class Facts(Mapping[str, Any]):
    """The catalogue of one edition; each fact is made once, at first use.

    Examples
    --------
    >>> ed.facts.rockets.tally.now          # doctest: +SKIP
    27
    >>> ed.facts["rockets"].verdict         # doctest: +SKIP
    <Verdict.RISE: 'rise'>
    """

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._made: dict[str, Any] = {}
        self._series = {s.fact: s.id for s in edition.series}

    def __getitem__(self, name: str) -> Any:
        return held(self._made, name, lambda: self._make(name))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._series, *CATALOGUE}))

    def __len__(self) -> int:
        return len({*self._series, *CATALOGUE})

    def __contains__(self, name: object) -> bool:
        return name in self._series or name in CATALOGUE

    def __dir__(self) -> list[str]:
        return list(self)

    def _make(self, name: str) -> Any:
        if name in self._series:
            from incident_report.analysis.series_facts import series_facts

            return series_facts(self._edition, self._series[name])
        if name not in CATALOGUE:
            near = difflib.get_close_matches(name, list(self), n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else f"; there are {', '.join(self)}"
            raise KeyError(f"there is no fact {name!r}{hint}")
        module, _, function = CATALOGUE[name].partition(":")
        return getattr(importlib.import_module(module), function)(self._edition)

    def __repr__(self) -> str:
        return f"<facts of {self._edition.quarter}: {', '.join(self)}>"


def own_fact(value: Any) -> bool:
    """Facts that hold results: our own frozen objects, not the edition that everything hangs on."""
    own = str(type(value).__module__).startswith("incident_report.analysis")
    return own and hasattr(value, "__dict__") and not hasattr(value, "facts")


def results_in(value: Any, seen: set[int] | None = None) -> Iterator[Result]:
    """Every `Result` that a fact holds, each once: what a sentence about it rests on.

    Of what a fact works out only when it is asked for, that counts which was asked for here (`reads.taken`), not
    what other cells have asked for before.
    """
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Held):
        if value.token in taken():
            yield from results_in(value.value, seen)
    elif isinstance(value, Result):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from results_in(one, seen)
    elif own_fact(value):
        for one in vars(value).values():
            yield from results_in(one, seen)
