"""Notebook parameters: what each chapter declares, and whether what was asked for fits.

Papermill itself only logs an unknown parameter and accepts a value of the wrong type, so both are
checked here before a kernel starts.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.errors import BuildError, UsageError
from incident_report.publish.notebooks import nbformat

TAG = "parameters"  # of the cell that declares them
SHARED = ("quarter", "baseline", "data_folder", "confidence_floor", "as_of")
OLD = {"quarter": "edition"}  # what notebooks written earlier call it
_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: ``name: type = default  # help``."""

    name: str
    type: str
    default: str
    help: str


def declared(notebook: Path) -> dict[str, Parameter]:
    """The parameters that a notebook declares, in the order of its cell.

    Raises
    ------
    BuildError
        If the notebook cannot be read, or has not exactly one cell tagged ``parameters``.
    """
    try:
        node = nbformat.read(notebook, as_version=4)
        cells = [c for c in node.cells if TAG in c.metadata.get("tags", [])]
    except Exception as error:  # nbformat raises many kinds; all mean the same to the reader
        raise BuildError(f"{notebook.name}: not a readable notebook ({_last_line(error)})") from error
    if len(cells) != 1:
        raise BuildError(f"{notebook.name}: {len(cells)} cells are tagged {TAG!r}; there must be exactly one")
    try:
        return read_cell(cells[0].source)
    except SyntaxError as error:
        raise BuildError(f"{notebook.name}: the parameters cell is not Python (line {error.lineno})") from error


def read_cell(source: str) -> dict[str, Parameter]:
    """Parameters by name from the source of a parameters cell.

    Notes
    -----
    Papermill's own reading goes by regular expressions and leaves out a line whose help holds an equals
    sign, so the cell is parsed here.
    """
    lines = source.splitlines()
    found: dict[str, Parameter] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name, kind, value = statement.target.id, ast.unparse(statement.annotation), statement.value
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name, kind, value = statement.targets[0].id, "", statement.value
        else:
            continue
        rest = lines[(statement.end_lineno or 1) - 1].encode()[statement.end_col_offset or 0 :].decode()
        default = ast.unparse(value) if value is not None else ""
        found[name] = Parameter(name, kind, default, rest.strip().removeprefix("#").strip())
    return found


def assign(
    notebooks: Sequence[Path], shared: Mapping[str, str], chosen: Mapping[str, str]
) -> dict[Path, dict[str, Any]]:
    """The values that each notebook gets, every one of them declared there and of its type.

    Parameters
    ----------
    notebooks : sequence of Path
    shared : mapping
        Values of the parameters that all chapters have (`SHARED`).
    chosen : mapping of name -> text
        Chapter-specific values as typed on the command line; a name may serve several chapters.

    Raises
    ------
    UsageError
        For an unknown name or a value of the wrong type.
    BuildError
        If a chapter lacks a shared parameter or declares one with a type that is not supported.
    """
    cells = {path: declared(path) for path in notebooks}
    if faults := list(_undeclared(cells, shared)):
        raise BuildError(*faults)
    _check_names(chosen, sorted(set[str]().union(*cells.values())), shared)
    values: dict[Path, dict[str, Any]] = {}
    for path, parameters in cells.items():
        own = {k: convert(parameters[k], text, path.name) for k, text in chosen.items() if k in parameters}
        named = {k if k in parameters else OLD[k]: v for k, v in shared.items()}
        values[path] = {**named, **own}
    return values


def _check_names(chosen: Iterable[str], known: Sequence[str], shared: Collection[str]) -> None:
    for name in chosen:
        if name not in known:
            raise UsageError(f"no notebook has a parameter {name!r}{_suggest(name, known)}")
        if name in shared:
            raise UsageError(f"parameter {name!r} has its own option; see incident-report build --help")


def _undeclared(cells: Mapping[Path, Mapping[str, Parameter]], shared: Iterable[str]) -> Iterator[str]:
    """Shared parameters that a chapter lacks, then parameters whose type is not supported."""
    names = list(shared)
    for path, own in cells.items():
        faults = [name for name in names if name not in own and OLD.get(name) not in own]
        yield from (f"{path.name}: the parameters cell lacks {name!r}" for name in faults)
    for path, own in cells.items():
        faults = [p.name for p in own.values() if _base(p.type) not in _TYPES]
        yield from (f"{path.name}: parameter {name!r} needs a type, one of {', '.join(_TYPES)}" for name in faults)


def convert(parameter: Parameter, text: str, notebook: str) -> Any:
    """A value typed on the command line as the type that the notebook declares.

    Raises
    ------
    UsageError
        If it does not read as that type.
    """
    kind = _TYPES[_base(parameter.type)]
    if kind is str:
        return text
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = text
    if kind is bool and str(text).lower() in ("true", "false", "yes", "no"):
        value = str(text).lower() in ("true", "yes")
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:  # exactly: a bool is an int, too
        raise UsageError(f"parameter {parameter.name!r} of {notebook} is {text!r}; it must be {parameter.type}")
    return value


def _base(annotation: str) -> str:
    return annotation.split("[")[0].strip()


def _suggest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"


def _last_line(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200]
