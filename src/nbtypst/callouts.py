"""Admonitions of GitHub, Jupyter Book, MyST and Quarto, however they were written, as one kind of Div."""

from __future__ import annotations

import re
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

NUMBERED = "numbered-"  # begins the class of what has a number of its own kind: theorems and their like


def callout(kind: str, title: list[Node], content: list[Node]) -> Node:
    """An admonition: its title strong, before what it says."""
    head = [ast.para([ast.strong(title)])] if title else []
    return ast.div([*head, *content], classes=["callout", kind] if re.fullmatch(r"[a-z]{1,20}", kind) else ["callout"])


def named(kind: str) -> list[Node]:
    """The title of an admonition that has none: its kind, which the writer says in the document's language."""
    return [ast.span(ast.words(kind.capitalize()), classes=["word"])]


def of_element(inner: list[Node], element: Any) -> Node:
    """The admonition that an element of HTML says it is, with what was read of it."""
    names = (element.get("class") or "").split()
    kinds = [name.removeprefix("alert-") for name in names if name not in ("admonition", "alert")]
    kind = kinds[0].lower() if kinds else ""
    made = callout(kind, *_titled(inner, element, kind if "admonition" in names else ""))
    made["c"][0][1].extend(name for name in kinds if name.startswith(NUMBERED))
    return made


def _titled(inner: list[Node], element: Any, kind: str) -> tuple[list[Node], list[Node]]:
    """Title and content; one of a `kind` has a title in any case."""
    first = next(iter(element), None)
    if inner and first is not None and "admonition-title" in (first.get("class") or ""):
        return inner[0].get("c", []), inner[1:]
    if kind and inner and inner[0]["t"] == "Header":
        return inner[0]["c"][2], inner[1:]
    return named(kind) if kind else [], inner
