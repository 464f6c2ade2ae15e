"""Numbers for sections, figures and tables; cross-references and citations resolved.

    numbered = number(tree, known=set_of_source_ids)      # raises NumberingError with every fault
    numbered.blocks, numbered.figures, numbered.tables, numbered.sections
    blocks = cite(numbered.blocks, references)             # references: CSL-JSON items

`number` puts the key ``number`` ("2.1") on every numbered Header, a Span ``record-label``
("Figure 3.") before every figure's and table's title, and links of class ``xref`` where the text
says ``@fig-x``, ``@tab-x`` or ``@sec-x``. A heading of class ``unnumbered`` has no number, nor have
those below it; nor has a figure or table of that class. `cite` leaves the bibliography in ``Div #refs``
(where the document has one, else at its end), an entry a ``Div #ref-<id>``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbtypst import ast, brackets, pandoc
from nbtypst.ast import Node
from nbtypst.callouts import NUMBERED
from nbtypst.references import Entry, Resolver
from nbtypst.tree import Tree

WORDS = {"figure": "Figure", "table": "Table", "section": "section"}


class NumberingError(ValueError):
    """References, citations or ids that do not resolve; `faults` has one line each."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass
class Numbered:
    """A numbered tree."""

    chapters: list[tuple[str, list[Node]]]
    entries: list[Entry]
    warnings: list[str] = field(default_factory=list)

    @property
    def blocks(self) -> list[Node]:
        """All blocks in document order."""
        return [b for _, blocks in self.chapters for b in blocks]

    @property
    def figures(self) -> list[Entry]:
        """Figures in document order."""
        return [e for e in self.entries if e.kind == "figure"]

    @property
    def tables(self) -> list[Entry]:
        """Tables in document order."""
        return [e for e in self.entries if e.kind == "table"]

    @property
    def sections(self) -> list[Entry]:
        """Headings in document order."""
        return [e for e in self.entries if e.kind == "section"]


def number(
    tree: Tree, *, known: Collection[str] = (), strict: bool = True, words: Mapping[str, str] = WORDS
) -> Numbered:
    """Number `tree` and resolve its references.

    Parameters
    ----------
    known : collection of str
        Ids that may be cited.
    strict : bool
        Whether unknown references, citations and repeated ids raise; else they stay as they were
        written and become warnings (a repeated id is dropped).

    words : mapping
        What ``figure``, ``table`` and ``section`` are called.

    Raises
    ------
    NumberingError
        With all faults, each naming its notebook and record or section.
    """
    counter = _Counter(words)
    chapters = [(name, counter.chapter(name, ast.copied(blocks))) for name, blocks in tree.chapters]
    resolver = Resolver({e.id: e for e in counter.entries if e.id}, set(known), tree.ambiguous, words, counter.ids)
    resolved = [(name, resolver.chapter(name, blocks)) for name, blocks in chapters]
    faults = [*counter.faults, *resolver.faults]
    if faults and strict:
        raise NumberingError(faults)
    return Numbered(resolved, counter.entries, faults)


def _caption_of(node: Node, triple: list[Any]) -> list[Any] | None:
    """The caption of a figure or table that has a number; None of anything else."""
    kind, content = node["t"], node["c"]
    if kind == "Div":
        return content[1][0]["c"][1] if "table-record" in triple[1] else None
    if kind == "Figure":
        return content[1] if content[1][1] or triple[0] else None
    return content[1] if kind == "Table" and "record" not in triple[1] and content[1][1] else None


class _Counter:
    """Walks the tree once and gives out numbers."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words
        self.entries: list[Entry] = []
        self.faults: list[str] = []
        self.ids: dict[str, str] = {}
        self._levels: list[int] = []
        self._bare_below = 0  # level of the unnumbered heading that we are under
        self._counts: dict[str, int] = {}

    def chapter(self, name: str, blocks: list[Node]) -> list[Node]:
        """Number the blocks of one notebook; they are changed in place."""
        holder: Node = {}
        for node in ast.nodes(blocks):
            if (triple := ast.attr_of(node)) is not None:
                if triple[0]:
                    self._claim(name, triple)
                self._number(name, node, triple, holder)
            holder = node
        return blocks

    def _number(self, name: str, node: Node, triple: list[Any], holder: Node) -> None:
        if node["t"] == "Header":
            self._heading(name, node)
        elif caption := _caption_of(node, triple):
            self._captioned("figure" if node["t"] == "Figure" else "table", name, triple, caption)
        elif kind := next((c.removeprefix(NUMBERED) for c in triple[1] if c.startswith(NUMBERED)), ""):
            own = holder["c"][0][0] if holder.get("t") == "Div" else ""  # a label before it
            self._theorem(kind, name, triple[0] or own, node)

    def _theorem(self, kind: str, name: str, id: str, node: Node) -> None:
        """A number behind the first word of a title."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        label = str(self._counts[kind])
        word = next((n for n in ast.nodes(node["c"][1][:1]) if n["t"] == "Str"), None)
        title = ast.text_of(node["c"][1][:1]).partition(" ")[2].strip("()")
        if word:
            word["c"] += f"\u00a0{label}"
        self.entries.append(Entry(kind, id, label, title, 1, name))

    def _claim(self, name: str, triple: list[Any]) -> None:
        id = triple[0]
        if id in self.ids:
            self.faults.append(f"{name}: the id {id} is already used in {self.ids[id]}; ids are unique in a document")
            triple[0] = ""
        else:
            self.ids[id] = name

    def _heading(self, name: str, node: Node) -> None:
        level, triple, inlines = node["c"]
        if self._bare_below and level <= self._bare_below:
            self._bare_below = 0
        if "unnumbered" in triple[1] or self._bare_below:
            if "unnumbered" not in triple[1]:
                triple[1].append("unnumbered")
            self._bare_below = self._bare_below or level
            label = ""
        else:
            self._levels = (self._levels + [0] * level)[:level]
            self._levels[-1] += 1
            label = ".".join(str(n) for n in self._levels)
            triple[2] = [*triple[2], ["number", label]]
        self.entries.append(Entry("section", triple[0], label, ast.text_of(inlines), level, name))

    def _captioned(self, kind: str, name: str, triple: list[Any], caption: list[Any]) -> None:
        if "unnumbered" in triple[1]:
            title = ast.text_of(caption[1][0]) if caption[1] else ""
            self.entries.append(Entry(kind, triple[0], "", title, 1, name))
            return
        series, prefix = (f"web-{kind}", "W") if "web-only" in triple[1] else (kind, "")
        self._counts[series] = self._counts.get(series, 0) + 1
        label = f"{prefix}{self._counts[series]}"
        triple[2] = [kv for kv in triple[2] if kv[0] not in ("title", "n")]
        # a line that is read from the right stands in a Div
        caption[1] = lines = [b for line in caption[1] for b in (line["c"][1] if line["t"] == "Div" else [line])]
        title = ast.text_of(lines[0]) if lines else ""
        mark = ast.span([ast.string(f"{self.words[kind]}\u00a0{label}.")], classes=["record-label"])
        if lines and lines[0]["c"] and "record-title" in ast.classes_of(lines[0]["c"][0]):
            strong = lines[0]["c"][0]["c"][1][0]
            strong["c"] = [mark, {"t": "Space"}, *strong["c"]]
        elif lines and lines[0]["t"] in ("Para", "Plain"):
            lines[0]["c"] = [ast.strong([mark]), {"t": "Space"}, *lines[0]["c"]]
        else:
            lines.insert(0, ast.para([ast.strong([mark])]))
        self.entries.append(Entry(kind, triple[0], label, title, 1, name))


def cite(
    blocks: list[Node],
    references: Iterable[Mapping[str, Any]],
    *,
    csl: str | None = None,
    language: str = "en-GB",
    note: Callable[[str], str] = lambda _id: "",
) -> list[Node]:
    """Format citations and append the bibliography of what is cited.

    Parameters
    ----------
    references : iterable of mappings
        CSL-JSON items; their text is taken literally.
    csl : str, optional
        A citation style (XML text); Pandoc's own is Chicago author-date.
    note : callable
        Source id -> words printed after its entry (for example its reliability), or nothing.

    Returns
    -------
    list of Node
        The blocks, which are changed in place, and the bibliography.
    """
    parts = _citing(blocks)
    used = {c["citationId"] for n in ast.nodes(parts) if n["t"] == "Cite" for c in n["c"][0]}
    if not used:
        return [b for b in blocks if not _is_bibliography(b)]
    meta: dict[str, Any] = {
        "references": [dict(r) for r in references if r["id"] in used],
        "link-citations": not csl or "bibliography" in csl,  # a style without a list of works leaves nothing to link to
        "lang": language,
    }
    if csl:
        meta["csl"] = "data:application/xml;base64," + _base64(csl)
    written = json.loads(pandoc.write(ast.document(parts, meta), "json", "--citeproc"))["blocks"]
    out = brackets.joined(written)
    for node in ast.nodes(out):
        if node["t"] == "Div" and node["c"][0][0].startswith("ref-") and "csl-entry" in node["c"][0][1]:
            words = note(node["c"][0][0].removeprefix("ref-"))
            paragraphs = [b for b in node["c"][1] if b["t"] in ("Para", "Plain")]
            if words and paragraphs:
                mark = ast.span(ast.words(words), classes=["reference-note"])
                paragraphs[-1]["c"] = [*paragraphs[-1]["c"], {"t": "Space"}, mark]
    for part, new in zip(parts, out, strict=False):
        part.clear()
        part.update(new)
    return [*blocks, *out[len(parts) :]]


_HOLDERS = ("Para", "Plain", "Header")
_CITING = ("Cite", "Note")


def _citing(blocks: list[Node]) -> list[Node]:
    """The parts of a document in which sources are cited, and what else a style looks at: all that has to be read.

    That is notes, which some styles count, the place of the bibliography, and a heading at the end, which is its own.
    """
    parts = []
    for node in ast.nodes(blocks, *_HOLDERS):
        bibliography = _is_bibliography(node)
        if node["t"] in _CITING or (bibliography and node["c"][1]):  # in a term, say, or with text of its own
            return blocks
        if bibliography or _holds_citation(node):
            parts.append(node)
    last = [block for block in blocks[-1:] if block["t"] == "Header" and block not in parts[-1:]]
    return [*parts, *last]


def _is_bibliography(node: Node) -> bool:
    """Whether this is the place of the bibliography."""
    return node["t"] == "Div" and node["c"][0][0] == "refs"


def _holds_citation(node: Node) -> bool:
    return node["t"] in _HOLDERS and any(n["t"] in _CITING for n in ast.nodes(node["c"]))


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()
