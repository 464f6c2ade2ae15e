"""Reading an expression over the facts: what it names and what it asks; `analysis.expressions` answers it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import jinja2.parser
from jinja2 import Environment, TemplateError, nodes

_ENV = Environment(autoescape=True)  # it parses and renders nothing


class ExpressionError(ValueError):
    """An expression that cannot be read or answered; the message is one line."""


def names_in(text: str) -> tuple[str, ...]:
    """The facts that an expression reads, sorted."""
    tree = _tree(text)
    found = {n.name for n in tree.find_all(nodes.Name) if n.ctx == "load"}
    return tuple(sorted(found | ({tree.name} if isinstance(tree, nodes.Name) else set())))


@lru_cache(maxsize=4096)
def _tree(text: str) -> nodes.Expr:
    """An expression, whole and nothing but it; nobody changes it, and checks ask for the same ones again and again."""
    try:
        parser = jinja2.parser.Parser(_ENV, text, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise ExpressionError(f"expected the end, found {str(parser.stream.current.value)!r}")
    except TemplateError as error:
        raise ExpressionError(str(error).splitlines()[0]) from None
    return tree


def value_name(text: str) -> str:
    """The fact that a printed value is of: a name with what hangs on it, and filters; no sum, no typed number.

    Raises
    ------
    ExpressionError
        If it is anything else.

    Examples
    --------
    >>> value_name("rockets.tally.of('2020Q1') | small")
    'rockets'
    """
    node = _tree(text)
    while not isinstance(node, nodes.Name):
        if isinstance(node, (nodes.Filter, nodes.Getattr, nodes.Getitem, nodes.Call)) and node.node is not None:
            node = node.node
        else:
            raise ExpressionError("write a fact's name, such as rockets.tally.now, and filters behind |")
    return str(node.name)


class Asked(NamedTuple):
    """A method called on a fact, with its arguments."""

    name: str
    args: tuple[Any, ...]
    named: Mapping[str, Any]


def calls_in(text: str, fact: str) -> tuple[Asked, ...]:
    """Methods that an expression calls on one fact, in order.

    Raises
    ------
    ExpressionError
        If it cannot be read, or an argument is not written out.

    Examples
    --------
    >>> calls_in('on_file.level("us_sites", 6)', "on_file")
    (Asked(name='level', args=('us_sites', 6), named={}),)
    """
    tree = _tree(text)
    found = []
    for call in (*((tree,) if isinstance(tree, nodes.Call) else ()), *tree.find_all(nodes.Call)):
        node = call.node
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == fact:
            args = tuple(_written_out(a) for a in call.args)
            found.append(Asked(node.attr, args, {k.key: _written_out(k.value) for k in call.kwargs}))
    return tuple(found)


def _written_out(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Const):
        return node.value
    if isinstance(node, (nodes.List, nodes.Tuple)):
        return [_written_out(n) for n in node.items]
    if isinstance(node, nodes.Dict):
        return {_written_out(p.key): _written_out(p.value) for p in node.items}
    raise ExpressionError("an argument must be written out: a text, a number, a list or a mapping")
