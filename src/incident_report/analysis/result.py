"""A result: the table, the verdict, the rows behind it, and the very call that made it.

An analysis function is written as a plain function that returns an `Outcome`; `@result` turns what it
returns into a `Result` that also holds the call with its real arguments. A trace is therefore captured,
never typed, and `replay` can make the same call again.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Concatenate, ParamSpec, Protocol

import pandas as pd

from incident_report.analysis.names import known
from incident_report.data.frozen import frozen
from incident_report.data.noted import plain

P = ParamSpec("P")
ANALYSES: dict[str, Callable[..., Result]] = {}  # every function that `result` has made, by its whole name


class Edited(Protocol):
    """What a call needs of an edition: all its rows, so that a selection can be named by ids."""

    @property
    def listed(self) -> pd.DataFrame:
        """All incidents up to the edition's last day."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What an analysis function found, before `@result` adds the call.

    Parameters
    ----------
    table : DataFrame
        What a researcher sees and a reader downloads; numbers unrounded.
    rows : iterable of str
        Ids of the incidents, tallies, claims or options behind it.
    verdict : object
        An enumeration's member, or None where the result is not a comparison.
    value : object
        The domain object that sentences read (a `Change`, a tuple of them, a number); attributes that
        a `Result` does not have itself are looked up in a domain object, then in the table.
    """

    table: pd.DataFrame
    rows: Iterable[str] = ()
    verdict: Any = None
    value: Any = None


@dataclass(frozen=True)
class Call:
    """A call that can be made again.

    Parameters
    ----------
    function : str
        Dotted name.
    params : mapping of name -> JSON value
        Every argument beyond the edition, defaults filled in; a selection of rows is
        ``{"rows": [ids]}``.
    """

    function: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        inner = ", ".join(f"{k}={_short(v)}" for k, v in self.params.items())
        return f"{self.function}({inner})"


@dataclass(frozen=True, eq=False)
class Result:
    """A table that knows what it says and where it comes from.

    Shows as its table in JupyterLab, takes ``result["column"]`` and ``result.loc`` as a table does, and
    gives a copy whenever the table leaves it, so that nobody can change what the next reader sees.
    """

    call: Call
    rows: tuple[str, ...]
    verdict: Any
    value: Any
    edition: Any = field(repr=False)
    _table: pd.DataFrame = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """A copy of the table."""
        return self._table.copy()

    @property
    def table_length(self) -> int:
        """Rows of the table, for sentences."""
        return len(self._table)

    @property
    def records(self) -> list[dict[str, Any]]:
        """The table's rows as mappings, for sentences."""
        return [{str(k): v for k, v in row.items()} for row in self._table.to_dict("records")]

    @property
    def verdicts(self) -> set[str]:
        """Every verdict that the result holds: its own and those of its table's lines."""
        lines = self._table["verdict"].dropna() if "verdict" in self._table else ()
        return {verdict_id(v) for v in (self.verdict, *lines) if v is not None} - {""}

    def trace(self, rows: Callable[[tuple[str, ...]], Any] = sorted) -> dict[str, Any]:
        """What a record keeps of the result: the call, the ids of the rows and a hash of the value.

        Parameters
        ----------
        rows : callable
            How the ids are written down; as a sorted list if nothing is said.
        """
        return {
            "function": self.call.function,
            "params": dict(self.call.params),
            "rows": rows(self.rows),
            "value": verdict_id(self.verdict),
            "sha256": self.digest(),
        }

    def digest(self) -> str:
        """SHA-256 over the verdict, the ids and the table: equal for results that say the same."""
        return self._digest

    @functools.cached_property
    def _digest(self) -> str:
        table = self._table.to_json(orient="split", date_format="iso", double_precision=10, default_handler=str)
        text = json.dumps([verdict_id(self.verdict), sorted(self.rows), table])
        return hashlib.sha256(text.encode()).hexdigest()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        # A tuple's or a number's own methods say nothing: ``result.index`` and ``result.count`` are the table's.
        told = () if type(self.value).__module__ == "builtins" else (self.value,)
        # A lazy copy: ``result.iloc[0, 0] = …`` and ``inplace=True`` leave the table as it is.
        for home in (*told, self._table.copy(deep=False)):
            if hasattr(home, name):
                found = getattr(home, name)
                return found.copy() if isinstance(found, (pd.DataFrame, pd.Series)) else found
        raise AttributeError(f"a result of {self.call.function} has no {name!r}")

    def __getitem__(self, key: Any) -> Any:
        found = self._table[key]
        return found.copy() if isinstance(found, (pd.DataFrame, pd.Series)) else found

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.value if isinstance(self.value, (tuple, list)) else self._table)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a Result is no array: write result.table for the whole table, result['column'] for a column")

    def __repr__(self) -> str:
        said = f" {verdict_id(self.verdict)};" if self.verdict is not None else ""
        return f"<{self.call}:{said} {len(self._table)} × {self._table.shape[1]}, from {len(self.rows)} rows>"

    def _repr_html_(self) -> str:
        import html

        said = f"<strong>{html.escape(verdict_id(self.verdict))}</strong> · " if self.verdict is not None else ""
        foot = f"<p><small>{said}{html.escape(str(self.call))} · {len(self.rows)} rows behind it</small></p>"
        # JupyterLab sets every cell to the right; words stand left.
        name = f"result-{hashlib.sha256(str(self.call).encode()).hexdigest()[:8]}"
        words = [i + 2 for i, kind in enumerate(self._table.dtypes) if not pd.api.types.is_numeric_dtype(kind)]
        cells = ",".join(f".jp-RenderedHTMLCommon .{name} :is(td,th):nth-child({i})" for i in words)
        style = f"<style>{cells}{{text-align:left}}</style>" if words else ""
        table = self._table.to_html(max_rows=30, na_rep="", border=0, notebook=True, classes=[name])
        return f"{style}{table}{foot}"


def result(
    function: Callable[Concatenate[Any, P], Outcome],
) -> Callable[Concatenate[Any, P], Result]:
    """Make an analysis function give a `Result` with its own call in it.

    The first parameter is the edition. Every other argument is a text, number, truth value, day,
    None, a list or mapping of these, or a DataFrame of the edition's own rows.

    Raises
    ------
    TypeError
        When called with an argument that no replay could repeat.
    ValueError
        When called with a parameter that there is not; names it and those that there are.

    Examples
    --------
    >>> import pandas as pd
    >>> @result
    ... def deadly(ed, *, least=1):
    ...     kept = ed.listed[ed.listed["killed"] >= least]
    ...     return Outcome(kept, rows=kept["incident_id"])
    >>> class Tiny:
    ...     listed = pd.DataFrame({"incident_id": ["a", "b"], "killed": [0, 2]})
    >>> found = deadly(Tiny())
    >>> found.rows, dict(found.call.params), len(found)
    (('b',), {'least': 1}, 1)
    >>> replay(found.trace(), Tiny()).digest() == found.digest()
    True
    """
    signature = inspect.signature(function)
    name, names = f"{function.__module__}.{function.__qualname__}", list(signature.parameters)[1:]
    further = next((p.name for p in signature.parameters.values() if p.kind is p.VAR_KEYWORD), "")  # of ``**columns``

    @functools.wraps(function)
    def called(ed: Any, *args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            bound = signature.bind(ed, *args, **kwargs)
        except TypeError:
            for one in kwargs:
                known("parameter", one, names)
            raise
        bound.apply_defaults()
        given = dict(list(bound.arguments.items())[1:])
        given |= given.pop(further, {})
        params = {k: _plain(k, v) for k, v in given.items()}
        made = function(ed, *args, **kwargs)
        return Result(
            Call(name, params),
            tuple(dict.fromkeys(map(str, made.rows))),
            made.verdict,
            made.value,
            ed,
            frozen(plain(made.table)),
        )

    ANALYSES[name] = called
    return called


def all_verdicts(results: Iterable[Result]) -> list[str]:
    """Verdicts of several results, each once, sorted."""
    return sorted(set().union(*(r.verdicts for r in results)))


def traces(
    shown: Iterable[Result], read: Iterable[Result] = (), rows: Callable[[tuple[str, ...]], Any] = sorted
) -> list[dict[str, Any]]:
    """What a record keeps of the results that it rests on, each call once.

    Parameters
    ----------
    shown : iterable of Result
        What it shows; these come first, as given.
    read : iterable of Result
        What its words read besides, in an order that no run changes.
    rows : callable
        As for `Result.trace`.
    """

    def by_call(results: Iterable[Result]) -> dict[str, Result]:
        return {json.dumps([r.call.function, dict(r.call.params)], sort_keys=True): r for r in results}

    return [r.trace(rows) for r in (by_call(shown) | dict(sorted(by_call(read).items()))).values()]


def replay(trace: Mapping[str, Any], ed: Edited) -> Result:
    """Make a recorded call again.

    Parameters
    ----------
    trace : mapping
        As from `Result.trace`.
    ed : Edition
        The edition of the report that holds the trace.

    Raises
    ------
    ValueError
        If the trace names no analysis function of this package.
    """
    name = str(trace["function"])
    if name not in ANALYSES and name.startswith("incident_report.analysis."):
        importlib.import_module(".".join(name.split(".")[:3]))
    if name not in ANALYSES:
        raise ValueError(f"{name} is no analysis function that can be called again")
    return ANALYSES[name](ed, **{k: _given(v, ed) for k, v in trace["params"].items()})


def verdict_id(verdict: Any) -> str:
    """The verdict as a word of the data, not of the report: ``rise``, ``too_few``; empty for none."""
    return "" if verdict is None else str(getattr(verdict, "value", verdict))


def _ids(name: str, table: pd.DataFrame) -> list[str]:
    if "incident_id" not in table:
        raise ValueError(f"{name} must be a table with a column incident_id, as where(ed, …) gives it")
    return [*map(str, table["incident_id"])]


def _plain(name: str, value: Any) -> Any:
    """An argument as JSON holds it."""
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, Mapping):
        return {str(k): _plain(name, v) for k, v in value.items()}
    if isinstance(value, Result | pd.DataFrame):
        return {"rows": _ids(name, value._table if isinstance(value, Result) else value)}
    if isinstance(value, Sequence):
        return [_plain(name, v) for v in value]
    if str(type(value).__module__).startswith("incident_report.periods"):
        return str(value)
    raise TypeError(f"{name}: a {type(value).__name__} cannot be written down; give a text, number, day, list or rows")


def _given(value: Any, ed: Edited) -> Any:
    if isinstance(value, Mapping) and set(value) == {"rows"}:
        return ed.listed[ed.listed["incident_id"].isin(list(value["rows"]))]
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
