"""The Markdown cells of one notebook, read together: formulas, footnotes and references cross from cell to cell.

    text = Jupyter([source, ...])         # all of them, to know which footnotes there are
    blocks = text.read(source, warn)
    ...
    text.finish(blocks)                   # once all are read: notes and references in their places

In between, nodes of the kind ``Wait`` stand for what another cell may say. A formula becomes a Span of class
``formula`` around its Math, whose id a reference may point at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from nbtypst import ast, autolinks, captions, html_formulas, html_source, html_tree, lifted, lost, markdown, myst
from nbtypst.ast import Node, depth
from nbtypst.equations import REFERENCE, Equations
from nbtypst.formulas import ems

_DEEPEST = 100  # nested JSON values, as in what Pandoc reads
_LABELLED = re.compile(
    lifted.MARK.pattern
    + r"(?:[ \t\n]*\{#(?P<label>eq-[\w:.-]{1,80})\}|[ \t]*\((?P<myst>[\w:.-]{1,80})\)(?=[ \t]*(?:\n|\Z)))?"
)
_SEEN = re.compile(r"\{(?:eq|ref|numref)\}`(?:[^`<>]*<)?([^`<>]+)>?`|\]\(#([^)\s]+)\)|@(eq-[\w-]+)")
_KEY = r"-?@[\w][\w:.#$%&+?<>~/-]*"
_CITED = re.compile(
    rf"\[(?P<group>{_KEY}[^\[\]@]*(?:;\s*{_KEY}[^\[\]@;]*)*)\]|(?<![\w@./])@(?P<own>(?:fig|tab|tbl|sec|lst|eq)-[\w-]+)"
    r"|(?<![\w@./])@(?P<bare>\w[\w:-]*)",
    re.IGNORECASE,
)


class Jupyter:
    """Reads the Markdown of one notebook.

    Parameters
    ----------
    sources : iterable of str
        All Markdown of the notebook.
    known : collection of str
        Ids that may be cited without brackets, as in ``@smith``.
    """

    def __init__(self, sources: Iterable[str] = (), known: Collection[str] = ()):
        texts = [ast.printable(s) for s in sources]
        self._labels = frozenset(m[1] for text in texts for m in markdown.NOTE.finditer(text))
        self._known = frozenset(known)
        self._comments = any(map(myst.written_for, texts))
        self._seen = frozenset(label for text in texts for m in _SEEN.finditer(text) for label in m.groups() if label)
        self._equations = Equations(f.tex for text in texts for f in lifted.lift(text)[1])
        self._notes: dict[str, list[Node]] = {}
        self._used: set[str] = set()

    def read(self, text: str, warn: Callable[[str], None]) -> list[Node]:
        """Blocks of one text; `finish` them."""
        marked, formulas = lifted.lift(ast.printable(text))
        piece = _Piece(self._equations, self._known, self._seen, formulas, warn)
        source = ""
        try:
            source = markdown.html(marked, self._labels, warn, comments=self._comments)
            found = html_tree.blocks(source, piece.literal, lambda s: lifted.restored(s, formulas))
        except (markdown.TooDeep, RecursionError):
            found = None
        if found is None or depth(found) > _DEEPEST:
            warn("markup nests too deeply; it is shown as it stands")
            return [ast.code_block(text)]
        if cut := markdown.beyond(marked):
            warn(f"cells behind a table's last column are not shown, nor in Jupyter: {', '.join(cut)[:100]}")
        if missing := lost.unread(_LABELLED.sub(" ", html_source.seen(source)), found):
            warn(lost.message(missing))
        found = ast.transform(captions.arranged(found), self._noted)
        self._used |= {n["c"][1] for n in ast.nodes(found) if n["t"] == "Wait" and n["c"][0] == "note"}
        return list(found)

    def html(self, text: str, warn: Callable[[str], None]) -> list[Node] | None:
        """Blocks of HTML, as an output shows it: with what is clearly a formula, without references and addresses."""
        try:
            source, lifts = html_formulas.lift(ast.printable(text), self._understood)
            piece = _Piece(self._equations, (), (), lifts, warn)
            found = html_tree.blocks(source, lambda s, _: piece.literal(s, True), lambda s: lifted.restored(s, lifts))
            missing = lost.unread(_LABELLED.sub(" ", html_source.seen(source)), found)
        except RecursionError:
            return None
        if missing:
            warn(lost.message(missing))
        return found if depth(found) <= _DEEPEST else None

    def _understood(self, formula: lifted.Formula) -> bool:
        return ems(self._equations.expanded(formula.tex), formula.display) != (0.0, 0.0)

    def _noted(self, node: Node) -> Node | list[Node] | None:
        """Definitions of footnotes, kept; the first of a label holds in other cells."""
        if node["t"] != "Div" or "note-text" not in node["c"][0][1]:
            return None
        label = dict(node["c"][0][2]).get("label", "")
        return {"t": "Wait", "c": ["note-text", label, node["c"][1]]}

    def finish(self, cells: list[list[Node]], warn: Callable[[int, str], None]) -> list[list[Node]]:
        """All cells, read and cleaned, without any ``Wait``.

        Parameters
        ----------
        warn : callable
            Takes the number of the cell in `cells` and a message.
        """
        own = [_definitions(cell) for cell in cells]
        shared: dict[str, list[Node]] = {}
        for found in own:
            shared = {**found, **shared}
        out = []
        for i, cell in enumerate(cells):
            notes = {**shared, **own[i]}
            change = _Finisher(notes, self._used, self._equations, lambda message, i=i: warn(i, message))  # type: ignore[misc]
            out.append(ast.transform(cell, change.node))
        return out


def _definitions(cell: list[Node]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in ast.nodes(cell):
        if node["t"] == "Wait" and node["c"][0] == "note-text":
            found.setdefault(node["c"][1], node["c"][2])
    return found


class _Piece:
    """The inlines of one text."""

    def __init__(
        self,
        equations: Equations,
        known: Collection[str],
        seen: Collection[str],
        formulas: list[lifted.Formula],
        warn: Callable[[str], None],
    ):
        self._equations = equations
        self._known = known
        self._seen = seen
        self._formulas = formulas
        self._warn = warn

    def literal(self, text: str, linked: bool) -> list[Node]:
        """Inlines of plain text: formulas, references, addresses; no link inside a link."""
        out: list[Node] = []
        done = 0
        for found in _LABELLED.finditer(text) if "\ue000" in text else ():
            out += self._words(text[done : found.start()], linked)
            number = int(found[1])
            done = found.end()
            if number >= len(self._formulas):
                continue
            formula = self._formulas[number]
            if found["myst"] and not (formula.display and found["myst"] in self._seen):
                done = found.end(1) + 2  # text between parentheses, no label
                out += self._formula(formula, formula.label)
            else:
                out += self._formula(formula, found["label"] or found["myst"] or formula.label)
        return out + self._words(text[done:], linked)

    def _formula(self, formula: lifted.Formula, label: str) -> list[Node]:
        if only := REFERENCE.fullmatch(formula.tex.strip()):
            return [{"t": "Wait", "c": ["ref", only[2], only[0]]}]
        made = self._equations.add(formula.tex, formula.display, label, self._warn)
        if made is None:
            return []
        tex, id = made
        kind = "DisplayMath" if formula.display else "InlineMath"
        return [{"t": "Wait", "c": ["formula", id, {"t": "Math", "c": [{"t": kind}, tex]}]}]

    def _words(self, text: str, linked: bool) -> list[Node]:
        out: list[Node] = []
        done = 0
        for found in _CITED.finditer(text) if "@" in text and not linked else ():
            made = self._cited(found)
            if made is not None:
                out += [*self._linked(text[done : found.start()], linked), made]
                done = found.end()
        return out + self._linked(text[done:], linked)

    def _cited(self, found: re.Match[str]) -> Node | None:
        if found["group"]:
            return _cite(found["group"].split(";"), found[0], "NormalCitation")
        if found["own"] and found["own"].lower().startswith("eq-"):
            return {"t": "Wait", "c": ["ref", found["own"], found[0]]}
        if found["own"] or found["bare"] in self._known:
            return _cite([found[0]], found[0], "AuthorInText")
        return None

    def _linked(self, text: str, linked: bool) -> list[Node]:
        if linked:
            return html_source.words(text)
        out: list[Node] = []
        for piece, target in autolinks.split(text):
            out += [ast.link([ast.string(piece)], target)] if target else html_source.words(piece)
        return out


def _cite(keys: list[str], source: str, mode: str) -> Node:
    citations: list[dict[str, Any]] = []
    for text in keys:
        found = re.match(r"\s*(-?)@([\w:.#$%&+?<>~/-]*\w)(.*)\Z", text, re.S)
        if found is None:
            return ast.string(source)
        how = "SuppressAuthor" if found[1] else mode
        citations.append(
            {
                "citationId": found[2],
                "citationPrefix": [],
                "citationSuffix": ast.words(found[3]),
                "citationMode": {"t": how},
                "citationNoteNum": 1,
                "citationHash": 0,
            }
        )
    return {"t": "Cite", "c": [citations, ast.words(source)]}


class _Finisher:
    """Puts notes, formulas and references of one cell where they belong."""

    def __init__(
        self,
        notes: dict[str, list[Node]],
        used: Collection[str],
        equations: Equations,
        warn: Callable[[str], None],
    ):
        self._notes = notes
        self._used = used
        self._equations = equations
        self._warn = warn
        self._defined: set[str] = set()  # footnotes whose text this cell has given

    def node(self, node: Node) -> Node | list[Node] | None:
        """What stands for `node`."""
        if node["t"] != "Wait":
            return None
        kind, *rest = node["c"]
        made: list[Node] = getattr(self, f"_{kind.replace('-', '_')}")(*rest)
        return made

    def _note(self, label: str) -> list[Node]:
        content = self._notes.get(label)
        if content is None:
            return ast.words(f"[^{label}]")
        inner = ast.transform(content, self._within_note)
        return [{"t": "Note", "c": inner}]

    def _within_note(self, node: Node) -> Node | list[Node] | None:
        """Inside a note no other note: its label stays as text."""
        if node["t"] == "Wait" and node["c"][0] == "note":
            return ast.words(f"[^{node['c'][1]}]")
        return self.node(node)

    def _note_text(self, label: str, content: list[Node]) -> list[Node]:
        again = label in self._defined
        self._defined.add(label)
        if label in self._used and not again:
            return []
        why = f"the footnote [^{label}] has a text already" if again else f"nothing refers to the footnote [^{label}]"
        self._warn(f"{why}; its text stands where it was written")
        head, *rest = content or [ast.para([])]
        if head["t"] in ("Para", "Plain"):
            return [ast.para([*ast.words(f"[{label}] "), *head["c"]]), *rest]
        return [ast.para(ast.words(f"[{label}]")), *content]

    def _formula(self, id: str, math: Node) -> list[Node]:
        math["c"][1] = REFERENCE.sub(lambda m: self._equations.shown(m, self._warn), math["c"][1])
        return [ast.span([math], id, ["formula"])]

    def _ref(self, label: str, source: str) -> list[Node]:
        found = self._equations.labels.get(label)
        if found is None:
            self._warn(f"no equation has the label {label[:60]}; the reference stays as written")
            return ast.words(source)
        number, id = found
        bare = source.startswith("\\ref")
        return [ast.link([ast.string(number if bare else f"({number})")], f"#{id}", ["xref"])]

    def _see(self, kind: str, label: str, words: list[Node]) -> list[Node]:
        """A reference of MyST: to an equation here, else for `nbtypst.references` to find."""
        if label in self._equations.labels or kind == "eq":
            made = self._ref(label, label)
            return [{**made[0], "c": [made[0]["c"][0], words, made[0]["c"][2]]}] if words and len(made) == 1 else made
        return [{"t": "Link", "c": [ast.attr("", ["see"], kind=kind), words, [f"#{label}", ""]]}]
