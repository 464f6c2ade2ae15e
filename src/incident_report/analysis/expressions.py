"""One expression language over the facts: for prose, story, options, claims and every condition.

Expressions are Jinja2's, in its sandbox: no attribute that begins with an underscore, no call but
those that a fact offers, no method of a table, undefined names are errors. Tests read verdicts:
``rockets is rise``, ``us_deaths is known``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

import pandas as pd
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.compiler import CodeGenerator
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

from incident_report.analysis.result import verdict_id
from incident_report.syntax import ExpressionError, names_in

_TEXT_METHODS = frozenset({"upper", "lower", "title", "capitalize", "startswith", "endswith", "strip", "split"})
_TEXT = r"\"[^\"]*\"|'[^']*'"
_CALLED = rf"\((?:{_TEXT}|[^()\"'])*\)"
_FILTERS = rf"(?:\s*\|\s*[A-Za-z_]\w*(?:{_CALLED})?)*"
_CODES: dict[Any, CodeType] = {}  # of texts, by all that the code rests on
_MOST_CODES = 10_000  # an edition has hundreds
_PATH = re.compile(rf"{_TEXT}|((?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\]|{_CALLED})*{_FILTERS})")


class _Unanswered(CodeGenerator):
    """Asks no filter while it compiles, so that what it makes serves every edition, each with filters of its own."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 for text from outside: reads facts, calls nothing else."""

    intercepted_binops = frozenset(["*", "**"])
    code_generator_class = _Unanswered

    def __init__(self, *, autoescape: bool = False, finalize: Callable[..., Any] | None = None) -> None:
        super().__init__(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, optimized=False,
            autoescape=autoescape, finalize=finalize,
        )  # fmt: skip
        self.tests.update(TESTS)
        self._made: dict[Any, Template] = {}
        self._taking: frozenset[tuple[str, Any]] = frozenset()

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        """As Jinja2's own; the same text is made a template once, as where a chart is drawn again."""
        if globals is not None or template_class is not None:
            return super().from_string(source, globals, template_class)
        if source not in self._made:
            self._made[source] = super().from_string(source)
        return self._made[source]

    def compile(self, source: Any, *given: Any, **named: Any) -> Any:
        """As Jinja2's own; the same text is compiled once for all sandboxes whose filters have the same names."""
        if not isinstance(source, str) or any((*given, *named.values())):
            return super().compile(source, *given, **named)
        # Of each filter, compiled code knows its name and what it takes beside its values.
        self._taking = self._taking or frozenset(
            (n, getattr(f, "jinja_pass_arg", None)) for n, f in self.filters.items()
        )
        key = source, self.autoescape, self.finalize is None, self._taking
        if key not in _CODES:
            if len(_CODES) >= _MOST_CODES:
                _CODES.clear()
            _CODES[key] = super().compile(source)
        return _CODES[key]

    def make_globals(self, d: Any) -> Any:
        """As Jinja2's own, in one table: a chain of two is gone through name by name each time a text is filled in."""
        return {**self.globals, **d} if d else self.globals

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only attributes of plain values and of the project's own objects; none of tables."""
        if isinstance(obj, (pd.DataFrame, pd.Series, pd.Index)):
            return False
        if isinstance(obj, str):
            return attr in _TEXT_METHODS
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        """Only what the project or Jinja2 itself offers, and a few methods of text: nothing that could write."""
        home = str(getattr(obj, "__module__", None) or type(getattr(obj, "__self__", None)).__module__)
        own = home.split(".")[0] in ("incident_report", "jinja2", "builtins")
        return own and bool(super().is_safe_callable(obj))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Products stay small: ``'a' * 10**9`` is refused."""
        for value in (left, right):
            if isinstance(value, StrictUndefined):
                str(value)  # it says what is not there
        if operator == "**" or not all(isinstance(v, (int, float)) and abs(v) < 1e12 for v in (left, right)):
            raise SecurityError(f"{operator} takes two numbers of ordinary size")
        return left * right


def _is(*ids: str) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        return verdict_of(value) in ids

    return test


def verdict_of(value: Any) -> str:
    """The id of a verdict, or of whatever carries one.

    Raises
    ------
    ExpressionError
        If it carries none: a slip in the expression must not read as *no*.
    """
    found = getattr(value, "verdict", value)
    if found is None or not hasattr(type(found), "__members__"):
        raise ExpressionError(f"{_named(value)} has no verdict")
    return verdict_id(found)


def is_known(value: Any) -> bool:
    """Whether a value is there at all: unknown is neither zero nor no."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return False
    known = getattr(value, "known", True)
    if isinstance(known, pd.Series):  # a column of a result's table, which is no answer
        return True
    return bool(known() if callable(known) else known)


VERDICTS = ("rise", "fall", "level", "too_few", "not_comparable")

# Where a comparison is not comparable or too small, it is neither a rise nor level: each test names one verdict.
TESTS: dict[str, Callable[..., bool]] = {
    **{name: _is(name) for name in VERDICTS},
    "clear": _is("rise", "fall"),
    "fragile": lambda value: bool(value.fragile),
    "known": is_known,
    "unknown": lambda value: not is_known(value),
    "highest_since": lambda value, *given: _extreme(value, given, max),
    "lowest_since": lambda value, *given: _extreme(value, given, min),
}


def _extreme(value: Any, given: tuple[Any, ...], best: Callable[..., Any]) -> bool:
    """``rockets.tally is highest_since("2020Q1")``: the quarter's count against every one since."""
    counts = value.since(*given)
    if any(not is_known(c) for c in counts) or not counts:
        return False
    return bool(counts[-1] == best(counts) and counts.count(counts[-1]) == 1)


def _named(value: Any) -> str:
    return f"{str(value)[:40]!r}"


_ENV = Sandbox()


def evaluate(text: str, facts: Mapping[str, Any]) -> Any:
    """The value of an expression.

    Parameters
    ----------
    text : str
        Such as ``rockets is rise`` or ``convoys.documented.share > 0.4``.
    facts : mapping of name -> fact

    Raises
    ------
    ExpressionError
        In one line, if it cannot be read, names what is not there, or reads an unknown as a number.

    Examples
    --------
    >>> evaluate("deaths > 3 and deaths is known", {"deaths": 5})
    True
    >>> evaluate("death > 3", {"deaths": 5})
    Traceback (most recent call last):
    ...
    incident_report.syntax.ExpressionError: 'death' is undefined
    """
    if "\n" in text or len(text) > 1000:
        raise ExpressionError("an expression is one line of at most 1,000 characters")
    try:
        compiled, names = _compiled(text)
        value = compiled(**{n: facts[n] for n in names if n in facts})
        if isinstance(value, StrictUndefined):
            str(value)
        return value
    except ExpressionError:
        raise
    except (TemplateError, SecurityError) as error:
        raise ExpressionError(_plain(error)) from None
    except (TypeError, ValueError, ArithmeticError, AttributeError, KeyError, IndexError) as error:
        raise ExpressionError(_plain(error)) from None


@lru_cache(maxsize=4096)
def _compiled(text: str) -> tuple[Any, tuple[str, ...]]:
    """An expression ready to be asked, and the facts that it reads: doubts ask one again and again."""
    return _ENV.compile_expression(text, undefined_to_none=False), names_in(text)


def holds(text: str, facts: Mapping[str, Any]) -> bool:
    """Whether a condition holds; it must come out as yes or no.

    Raises
    ------
    ExpressionError
        As for `evaluate`, and if the value is neither true nor false: an unknown is never a no.
    """
    value = evaluate(text, facts)
    if not isinstance(value, bool):
        raise ExpressionError(f"{text!r} is not a condition: it gives {_named(value)}, not yes or no")
    return value


def describe(text: str, facts: Mapping[str, Any]) -> str:
    """What a condition's names now are, for the line that says what broke: ``rockets is level``."""
    said = []
    for part in _paths(text):
        try:
            value = evaluate(part, facts)
            shown = f"{part} is {verdict_of(value)}" if hasattr(value, "verdict") else f"{part} = {_simple(value)}"
        except ExpressionError as error:
            shown = f"{part}: {error}"
        said.append(shown)
    return "; ".join(said)


def _paths(text: str) -> list[str]:
    """Dotted names in an expression, with calls and filters, in order, each once: ``deaths.events | length``."""
    tests = set(TESTS) | {"and", "or", "not", "is", "in", "true", "false", "none", "True", "False"}
    found = [m[1] for m in _PATH.finditer(text) if m[1]]
    return list(dict.fromkeys(p for p in found if re.split(r"[.(\[|\s]", p)[0] not in tests))


def _simple(value: Any) -> str:
    if not is_known(value):
        return "unknown"
    if isinstance(value, Iterator):  # what a filter gives
        value = list(value)
    if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
        return repr(list(value))
    return repr(value) if isinstance(value, (str, int, float, bool)) else _named(value)


def _plain(error: Exception) -> str:
    if any(sign in str(error) for sign in ("NA", "NoneType", "'None' has no")):
        return "it reads a value that is not known as if it were; ask 'is known' first"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
