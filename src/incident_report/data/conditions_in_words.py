"""Conditions in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from incident_report.data.cell_tests import (
    listed_values,
    words_of,
)
from incident_report.data.conditions import GROUPS, Condition, read_test, subconditions

Label = Callable[[str, str], str]


def describe(condition: Condition, label: Label) -> str:
    """A condition in words, for people: ``target category is Airport, or place mentions road``.

    Parameters
    ----------
    condition : str or mapping
        As campaigns write it.
    label : function (value, column) -> text
        How the campaign names a value, such as `Dataset.label`.
    """
    if isinstance(condition, str):
        return {"everything": "every attack", "nothing": "no attack"}[condition]
    several = len(condition) > 1
    return ", and ".join(
        _describe_group(name, part, label, several) if name in GROUPS else _describe_test(name, part, label)
        for name, part in condition.items()
    )


_IN_WORDS = {
    "in": "{} is {}",
    "has": "{} include {}",
    "contains": "{} mentions {}",
    "at_least": "{} is at least {}",
    "at_most": "{} is at most {}",
    "between": "{} is from {}",
    "known": "{} is {}",
}


def _describe_group(name: str, part: Any, label: Label, several: bool) -> str:
    inner = [describe(p, label) for p in subconditions(name, part)]
    if name == "not":
        return f"not ({inner[0]})"
    text = (", and " if name == "all" else ", or ").join(f"({d})" if ", and " in d else d for d in inner)
    return f"({text})" if several and len(inner) > 1 else text


def _describe_test(name: str, part: Any, label: Label) -> str:
    if name == "search":
        return f"a text mentions {', '.join(words_of(part))}"
    kind, value, unknown = read_test(name, part)
    words = ["unknown" if v is None else label(str(v), name) for v in listed_values(value)]
    if kind == "known":
        words = ["known" if value else "not known"]
    shown = " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    if kind == "between":
        shown = " to ".join(words)
    text = _IN_WORDS[kind].format(name.replace("_", " "), shown)
    return f"{text} (otherwise unknown)" if unknown else text
