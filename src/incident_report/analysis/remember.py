"""Keep what was worked out with what it was worked out of."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

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
    found = of_rows(edition)
    if name not in found:
        found[name] = make()
    made: T = found[name]
    return made


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
        memo: dict[Any, T] = edition.__dict__.setdefault(place, {})
        key = (name, args, tuple(sorted(kwargs.items())))
        if key not in memo:
            memo[key] = function(edition, *args, **kwargs)
        return memo[key]

    return called
