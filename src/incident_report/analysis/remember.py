"""Keep what was worked out with what it was worked out of."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, Self, TypeVar, overload

from incident_report.reads import note_all, take, within

REMEMBERS = os.environ.get("INCIDENT_REPORT_STORE") != "off"  # off: everything is worked out each time it is asked for
ROWS_KEPT = 4_000_000  # of all variants of an edition together that are remembered
FEWEST_KEPT = 4

P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Keep what a function of an edition (or of another frozen value) gave, with it, so that it stays true.

    The other arguments must be hashable; what is given back must not be changed.
    """
    return _kept_in("_remembered", function)


def remembered_of_rows(function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """The same where an edition's rows, and what sources say of them, are all that is read.

    Variants that leave these as they are share what was found (`of_rows`).
    """
    return _kept_in("_of_rows", function)


def of_rows(edition: Any) -> dict[Any, Any]:
    """What was worked out of an edition's rows alone, to be handed to one that has the same."""
    found: dict[Any, Any] = edition.__dict__.setdefault("_of_rows", {})
    return found


def shared(edition: Any, name: Any, make: Callable[[], T]) -> T:
    """Something that all editions of the same rows have in common, made once."""
    return held(of_rows(edition), name, make)


def remembered_lately(function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """The same for variants with rows of their own: of large editions the latest few only."""
    found = _kept_in("_lately", function)

    @wraps(function)
    def called(edition: Any, *args: P.args, **kwargs: P.kwargs) -> T:
        made, kept = found(edition, *args, **kwargs), edition.__dict__.get("_lately", {})
        while len(kept) > max(FEWEST_KEPT, ROWS_KEPT // max(1, len(edition.counted))):
            del kept[next(iter(kept))]
        return made

    return called


def _kept_in(place: str, function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    if not REMEMBERS:
        return function
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def called(edition: Any, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (name, args, tuple(sorted(kwargs.items())))
        return held(edition.__dict__.setdefault(place, {}), key, lambda: function(edition, *args, **kwargs))

    return called


class Held(NamedTuple):
    """Something that is held, with what was read for it, what was taken from elsewhere, and a token of its own."""

    value: Any
    names: frozenset[str]
    taken: frozenset[int]
    token: int


_tokens = count()


def held(memo: dict[Any, Any], key: Any, make: Callable[[], T]) -> T:
    """What a memo has, or what is made now. Whoever takes it has read what was read to make it."""
    if (kept := memo.get(key)) is None:
        with within() as (names, taken):
            value = make()
        kept = memo[key] = Held(value, frozenset(names), frozenset(taken), next(_tokens))
    else:
        note_all(kept.names)
        take(kept.taken)
    made: T = kept.value
    return made


def kept_with(of: Any, name: str, make: Callable[[], T]) -> T:
    """What an object has under a name, or what is made now; whoever takes it has read what it was made of.

    A record that was made with it then rests on the results in it (`facts.results_in`).
    """
    found = held(vars(of), name, make)
    take([vars(of)[name].token])
    return found


class kept_property(Generic[T]):
    """`functools.cached_property`, of which every reader has read what the value was made of."""

    def __init__(self, function: Callable[[Any], T]) -> None:
        self._function, self.__doc__ = function, function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, of: None, owner: type) -> Self: ...

    @overload
    def __get__(self, of: object, owner: type | None = None) -> T: ...

    def __get__(self, of: Any, owner: type | None = None) -> Any:
        if of is None:
            return self
        return kept_with(of, self._name, lambda: self._function(of))

    def __set__(self, of: object, value: T) -> None:
        raise AttributeError(f"{self._name} is worked out, not set")
