"""Admonitions of GitHub, Jupyter Book, MyST and Quarto, however they were written, as one kind of Div."""

from __future__ import annotations

import re
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node


def callout(kind: str, title: list[Node], content: list[Node]) -> Node:
    """An admonition: its title strong, before what it says."""
    head = [ast.para([ast.strong(title)])] if title else []
    return ast.div([*head, *content], classes=["callout", kind] if re.fullmatch(r"[a-z]{1,20}", kind) else ["callout"])


def named(kind: str) -> list[Node]:
    """The title of an admonition that has none: its kind, which the writer says in the document's language."""
    return [ast.span(ast.words(kind.capitalize()), classes=["word"])]


def of_element(inner: list[Node], element: Any) -> Node:
    """The admonition that an element of HTML says it is, with what was read of it."""
    classes = [
        c.removeprefix("alert-") for c in (element.get("class") or "").split() if c not in ("admonition", "alert")
    ]
    kind = classes[0].lower() if classes else ""
    titled = next(iter(element), None)
    if titled is not None and "admonition-title" in (titled.get("class") or "") and inner:
        return callout(kind, inner[0].get("c", []), inner[1:])
    if "admonition" not in (element.get("class") or "").split():
        return callout(kind, [], inner)
    if inner and inner[0]["t"] == "Header":
        return callout(kind, inner[0]["c"][2], inner[1:])
    return callout(kind, named(kind), inner)
