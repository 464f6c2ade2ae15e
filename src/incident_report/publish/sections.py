"""The sections of a chapter: cells below one heading, which need nothing of other sections, so that each is kept apart.

A section uses names of its own cells and of the opener: the cells up to the one that opens the edition, and those that
only import. Whether it does is read from the code, never assumed. A chapter with a cell that uses anything else, or
could change what others see, is kept and run as a whole.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from incident_report.present.words import free

OPENER = ""  # in the place of a cell's id: what is read before any section
_FACE = "helpers"  # all that chapters import; what it gives changes nothing that others see
_OPENS = "open_edition"
_REACH_OUT = frozenset(
    {"__import__", "breakpoint", "compile", "delattr", "eval", "exec", "exit", "globals", "input", "locals", "open",
     "quit", "setattr", "vars"}
)  # fmt: skip
_SAFE = (frozenset(dir(builtins)) | {"display"}) - _REACH_OUT
_PROSE = "%%prose"
_CELLS = 1024  # that are read once in a process: more than a report's notebooks have
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Sections:
    """Ids of the code cells of a chapter.

    Attributes
    ----------
    opener : tuple of str
        Those that every section needs.
    parts : tuple of tuple of str
        Those of each section that has any, in order.
    """

    opener: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Plan:
    """What of a chapter is there already.

    Attributes
    ----------
    sections : Sections
    keys : mapping of cell -> str
        What each section is kept under, by its first cell.
    kept : mapping of cell -> outputs
        Of every cell of the sections that need not run.
    read : mapping of cell -> names
        What those sections read, by their first cell.
    """

    sections: Sections
    keys: Mapping[str, str]
    kept: Mapping[str, list[Any]]
    read: Mapping[str, list[str]]

    def part(self, id: str) -> tuple[str, ...]:
        """The section that a cell belongs to; none for the opener's and those without code."""
        return next((part for part in self.sections.parts if id in part), ())

    @property
    def told(self) -> str:
        """How many sections ran, where not all had to."""
        every = len(self.sections.parts)
        return f" ({every - len(self.read)} of {every} sections)" if self.read else ""


def sections(node: Any, own_words: Callable[[str], str] = lambda _id: "") -> Sections | None:
    r"""The sections of a notebook, or None where they may need each other.

    Parameters
    ----------
    node : NotebookNode
    own_words : callable
        What the campaign's language says in place of a cell of prose, by its id.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> code = lambda id, text: v4.new_code_cell(text, id=id)
    >>> cells = [code("open", "from helpers import counts, open_edition, show\ned = open_edition()"),
    ...          v4.new_markdown_cell("## One"), code("a", "found = counts(ed)"), code("b", "show(found)"),
    ...          v4.new_markdown_cell("## Two"), code("c", "show(counts(ed))")]
    >>> sections(v4.new_notebook(cells=cells))
    Sections(opener=('open',), parts=(('a', 'b'), ('c',)))
    >>> cells[-1].source = "show(found)"
    >>> sections(v4.new_notebook(cells=cells)) is None
    True
    """
    cells = [c for c in node.cells if c.cell_type == "markdown" or c.source.strip()]
    sources = {c.get("id", ""): c.source for c in cells if c.cell_type == "code"}
    told = _cells(sources) if len(sources) == sum(c.cell_type == "code" for c in cells) else {}
    opening = next((n for n, cell in enumerate(told.values()) if _OPENS in cell.loaded), None)
    if opening is None:
        return None
    opener = [id for n, (id, cell) in enumerate(told.items()) if n <= opening or cell.imports_alone]
    parts = [own for part in _below_headings(cells) if (own := tuple(id for id in part if id not in opener))]
    said = {id: _said(source, own_words(id)) for id, source in sources.items()}
    return Sections(tuple(opener), tuple(parts)) if _apart(told, said, opener, parts) else None


def _cells(sources: Mapping[str, str]) -> dict[str, _Cell]:
    """What each cell does with names; nothing where one has no id, or cannot be read: whoever runs it says so."""
    try:
        told = {id: _cell("" if source.startswith(_PROSE) else source) for id, source in sources.items()}
    except SyntaxError:
        return {}
    return told if "" not in told else {}


def _apart(
    told: Mapping[str, _Cell], said: Mapping[str, Set[str]], opener: Sequence[str], parts: Sequence[Sequence[str]]
) -> bool:
    """Whether no section needs what another leaves behind, or changes what is not its own."""

    def names(kind: str, ids: Sequence[str]) -> set[str]:
        return set().union(*(getattr(told[id], kind) for id in ids))

    known, face = names("bound", opener), names("imported", opener)
    left = {part: names("left", part) for part in parts}
    everywhere = set().union(*left.values())
    for part in parts:
        foreign, mine = everywhere - left[part], names("bound", part)
        if any((said[id] | told[id].loaded) & foreign or not told[id].alone(mine, known, face) for id in part):
            return False
    return all(told[id].of_face for id in opener)


def _said(source: str, own: str) -> Set[str]:
    """Names that a cell of prose reads, in the notebook's language or the campaign's."""
    return free(source.partition("\n")[2]) | free(own) if source.startswith(_PROSE) else frozenset()


def _below_headings(cells: list[Any]) -> Iterator[list[str]]:
    part: list[str] = []
    for cell in cells:
        if cell.cell_type == "code":
            part.append(cell["id"])
        elif any(line.startswith("#") for line in cell.source.splitlines()):
            yield part
            part = []
    yield part


@dataclass(frozen=True)
class _Cell:
    """What the code of a cell does with names.

    Attributes
    ----------
    bound, left : set of str
        Those that it gives a meaning, and without those of loops within an expression.
    loaded, imported : set of str
    changed : set of str
        What it puts something into, or calls a method of for what that does.
    of_face : bool
        Whether all that it imports is of the notebooks' face.
    imports_alone : bool
        Whether it does nothing else.
    reaches_out : bool
        Whether it says that it means names that are not its own.
    """

    bound: Set[str]
    left: Set[str]
    loaded: Set[str]
    imported: Set[str]
    changed: Set[str]
    of_face: bool
    imports_alone: bool
    reaches_out: bool

    def alone(self, own: Set[str], opener: Set[str], face: Set[str]) -> bool:
        """Whether it uses names of its section, of the opener and of Python alone, and changes nothing but its own."""
        return (
            self.of_face
            and not self.reaches_out
            and self.loaded <= own | opener | _SAFE
            and own.isdisjoint(opener)
            and self.changed <= own | face
        )


@lru_cache(_CELLS)
def _cell(source: str) -> _Cell:
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    bound, imports = _bound(nodes), [n for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom))]
    return _Cell(
        bound=bound,
        left=bound - _looped(nodes),
        loaded={n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)},
        imported={n.asname or n.name for n in nodes if isinstance(n, ast.alias)},
        changed={_root(n) for n in nodes if _changes(n)},
        of_face=all(isinstance(n, ast.ImportFrom) and n.module == _FACE and n.level == 0 for n in imports),
        imports_alone=bool(tree.body) and all(isinstance(n, ast.ImportFrom) for n in tree.body),
        reaches_out=any(isinstance(n, (ast.Global, ast.Delete, ast.AsyncFunctionDef)) for n in nodes),
    )


def _changes(node: ast.AST) -> bool:
    """Whether something is put into an object, or a method of one is called for what it does."""
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return isinstance(node.ctx, ast.Store)
    return (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute)
    )


def _root(node: ast.AST) -> str:
    """The name that ``a.b[c].d(e)`` begins with; none where it begins otherwise."""
    while not isinstance(node, ast.Name):
        inner = next((getattr(node, f) for f in ("value", "func") if isinstance(getattr(node, f, None), ast.AST)), None)
        if inner is None:
            return ""
        node = inner
    return node.id


def _looped(nodes: Sequence[ast.AST]) -> set[str]:
    """Names that nothing but loops within an expression give a meaning."""
    targets = [g.target for n in nodes if isinstance(n, _LOOPS) for g in n.generators]
    within = [n for target in targets for n in ast.walk(target)]
    return {n.id for n in within if isinstance(n, ast.Name)} - _bound(nodes, but=within)


def _bound(nodes: Sequence[ast.AST], but: Sequence[ast.AST] = ()) -> set[str]:
    """Names that a cell gives a meaning, anywhere in it but in some nodes."""
    names: set[str] = set()
    left_out = {id(n) for n in but}
    for node in (n for n in nodes if id(n) not in left_out):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names
