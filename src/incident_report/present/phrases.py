"""The macros of a phrasebook, each compiled when a text first uses it: a text needs few of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment

_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\(.*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)


def phrases(env: Environment, text: str) -> dict[str, Callable[..., str]]:
    """Every macro of a phrasebook by name; each sees all others, and of two with one name the later serves.

    Parameters
    ----------
    env : Environment
    text : str
        Macros and comments. A macro keeps its line, so that an error is told where it stands.

    Examples
    --------
    >>> told = "{% macro one(n) %}{{ two(n) }}.{% endmacro %} {% macro two(n) %}{{ 2 * n }}{% endmacro %}"
    >>> phrases(Environment(), told)["one"](3)
    '6.'
    """
    found: dict[str, Callable[..., str]] = {}
    for macro in _MACRO.finditer(text):
        found[macro[1]] = _phrase(env, "\n" * text.count("\n", 0, macro.start()) + macro[0], macro[1], found)
    return found


def _phrase(env: Environment, source: str, name: str, others: dict[str, Callable[..., str]]) -> Callable[..., str]:
    @cache
    def made() -> Any:
        return getattr(env.from_string(source, globals=others).module, name)

    def phrase(*values: Any, **named: Any) -> str:
        text: str = made()(*values, **named)  # markup where the environment escapes
        return text

    return phrase
