"""What a notebook's opening cell needs of its kernel: parameters that nobody declared are refused there.

Papermill puts a cell with the values it was given below the parameters cell and only logs a name that
the notebook does not have: `papermill -p quartr 2020Q2` would make a whole chapter on another quarter.
"""

from __future__ import annotations

import ast
import functools
import gc
import inspect
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from incident_report.analysis import open as opening
from incident_report.analysis.edition import Edition
from incident_report.analysis.names import known

INJECTED = "# Parameters"  # first line of papermill's cell
ALIASES = {"edition": "quarter", "quarter": "edition"}  # one is the other's old name
PARAMETERS = tuple(inspect.signature(opening.open_edition).parameters)


def injected(cells: Sequence[str]) -> dict[str, Any]:
    r"""Values that papermill gave under the other name of the quarter.

    Parameters
    ----------
    cells : sequence of str
        The kernel's inputs so far, in order.

    Raises
    ------
    ValueError
        If papermill gave a parameter that no cell above its own assigns, or another kind of value than is assigned
        there; names it and those declared.

    Examples
    --------
    >>> injected(['quarter = "2020Q3"', '# Parameters\nedition = "2020Q2"'])
    {'quarter': '2020Q2'}
    """
    renamed: dict[str, Any] = {}
    for place, cell in enumerate(cells):
        if not cell.lstrip().startswith(INJECTED):
            continue
        declared = {name: value for above in cells[:place] for name, value in _assigned(above).items()}
        if not declared:
            continue  # somebody's own cell that begins like papermill's: there is nothing to hold it against
        for name, value in _assigned(cell).items():
            other = ALIASES.get(name, "")
            if name not in declared and other in declared:
                renamed["quarter"] = ast.literal_eval(value) if value is not None else ""
                warnings.warn(f"parameter {name} is called {other} in this notebook", FutureWarning, stacklevel=3)
            else:
                _fits(name, value, declared[known("parameter", name, declared)])
    return renamed


def _fits(name: str, value: ast.expr | None, own: ast.expr | None) -> None:
    """Refuse text, or anything else, for what the notebook has a number or a truth value for."""
    try:
        given, declared = (ast.literal_eval(one) if one else None for one in (value, own))
    except ValueError:  # worked out, not written
        return
    kind = type(declared)
    if kind in (bool, int, float) and type(given) not in (kind, int if kind is float else kind):
        raise ValueError(f"parameter {name} is {given!r}; it must be {kind.__name__}, as {declared!r} is")


def _assigned(source: str) -> dict[str, ast.expr | None]:
    """Names that a cell assigns at its top level, with what they are given; none where it is no plain Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return {}
    found: dict[str, ast.expr | None] = {}
    for statement in tree.body:
        targets: Iterable[ast.expr] = ()
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        found |= {t.id: statement.value for t in targets if isinstance(t, ast.Name)}  # type: ignore[attr-defined]
    return found


def shell() -> Any:
    """The notebook's kernel, or None outside one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


@functools.cache
def _settle() -> None:
    """Leave what is imported by now out of all searches for cycles: each takes as long as a chart, and finds none."""
    gc.freeze()


@functools.wraps(opening.open_edition)
def open_edition(data_folder: str = "data", **given: Any) -> Edition:
    """As `analysis.open.open_edition`; in a kernel, first look at what papermill was told."""
    for name in given:
        known("parameter", name, PARAMETERS)
    if given.get("edition"):
        warnings.warn("edition= is now called quarter=", DeprecationWarning, stacklevel=2)
    given["quarter"] = given.get("quarter") or given.pop("edition", "")
    kernel = shell()
    if kernel is not None:
        _settle()
    space: Mapping[str, Any] = kernel.user_ns if kernel is not None else {}
    renamed = injected([str(cell) for cell in space.get("In", ())])
    if renamed:
        given = {k: v for k, v in given.items() if k not in ALIASES} | renamed
    return opening.open_edition(data_folder, **given)
