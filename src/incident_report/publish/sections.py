"""The sections of a chapter: cells below one heading, which need nothing of other sections, so that each is kept apart.

A section uses names of its own cells and of the opener: the cells up to the one that opens the edition, and those that
only import. Whether it does is read from the code, never assumed. A chapter with a cell that uses anything else, or
could change what others see, is kept and run as a whole.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
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
    if "" in sources or len(sources) < sum(c.cell_type == "code" for c in cells):
        return None
    try:
        trees = {i: ast.parse("" if s.startswith(_PROSE) else s) for i, s in sources.items()}
    except SyntaxError:  # a magic or a slip: whoever runs it says so
        return None
    opening = next((n for n, tree in enumerate(trees.values()) if _OPENS in _loaded(tree)), None)
    if opening is None:
        return None
    opener = [i for n, (i, tree) in enumerate(trees.items()) if n <= opening or _imports_alone(tree)]
    parts = [own for part in _below_headings(cells) if (own := tuple(i for i in part if i not in opener))]

    def names(ids: Iterable[str], of: Callable[[ast.AST], set[str]]) -> set[str]:
        return set().union(*(of(trees[i]) for i in ids))

    known, face = names(opener, _bound), names(opener, _imported)
    for part in parts:
        mine, left = names(part, _bound), names(part, _left)
        others = names([i for p in parts if p is not part for i in p], _left)
        for i in part:
            said = free(sources[i].partition("\n")[2]) | free(own_words(i)) if sources[i].startswith(_PROSE) else set()
            if (said | _loaded(trees[i])) & (others - left) or not _alone(trees[i], mine, known, face):
                return None
    return Sections(tuple(opener), tuple(parts)) if all(_of_face(trees[i]) for i in opener) else None


def _imports_alone(tree: ast.Module) -> bool:
    return bool(tree.body) and all(isinstance(n, ast.ImportFrom) for n in tree.body)


def _below_headings(cells: list[Any]) -> Iterator[list[str]]:
    part: list[str] = []
    for cell in cells:
        if cell.cell_type == "code":
            part.append(cell["id"])
        elif any(line.startswith("#") for line in cell.source.splitlines()):
            yield part
            part = []
    yield part


def _alone(tree: ast.Module, own: set[str], opener: set[str], face: set[str]) -> bool:
    """Whether a cell uses names of its section, of the opener and of Python alone, and changes nothing but its own."""
    return (
        _of_face(tree)
        and _loaded(tree) <= own | opener | _SAFE
        and own.isdisjoint(opener)
        and not any(isinstance(n, (ast.Global, ast.Delete, ast.AsyncFunctionDef)) for n in ast.walk(tree))
        and all(_root(n) in own | face for n in ast.walk(tree) if _changes(n))
    )


def _of_face(tree: ast.Module) -> bool:
    """Whether all that a cell imports is of the notebooks' face."""
    imports = [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
    return all(isinstance(n, ast.ImportFrom) and n.module == _FACE and n.level == 0 for n in imports)


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


def _imported(tree: ast.AST) -> set[str]:
    return {n.asname or n.name for n in ast.walk(tree) if isinstance(n, ast.alias)}


def _loaded(tree: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _left(tree: ast.AST) -> set[str]:
    """Names that a cell leaves behind: not those of loops within an expression."""
    inner = [g.target for n in ast.walk(tree) if isinstance(n, _LOOPS) for g in n.generators]
    loops = {n.id for target in inner for n in ast.walk(target) if isinstance(n, ast.Name)}
    return _bound(tree) - (loops - _bound(tree, but=inner))


def _bound(tree: ast.AST, but: Collection[ast.AST] = ()) -> set[str]:
    """Names that a cell gives a meaning, anywhere in it but within some nodes."""
    names: set[str] = set()
    left_out = {id(n) for one in but for n in ast.walk(one)}
    for node in (n for n in ast.walk(tree) if id(n) not in left_out):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names
