"""Keep what was worked out with what it was worked out of."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

REMEMBERS = os.environ.get("INCIDENT_REPORT_STORE") != "off"  # off: everything is worked out each time it is asked for

P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Keep what a function of an edition (or of another frozen value) gave, with it, so that it stays true.

    The other arguments must be hashable; what is given back must not be changed.
    """
    if not REMEMBERS:
        return function
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def called(edition: Any, *args: P.args, **kwargs: P.kwargs) -> T:
        memo: dict[Any, T] = edition.__dict__.setdefault("_remembered", {})
        key = (name, args, tuple(sorted(kwargs.items())))
        if key not in memo:
            memo[key] = function(edition, *args, **kwargs)
        return memo[key]

    return called
