"""References to what has a number: figures, tables, sections, and what MyST gives a label."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

_REFERENCE = re.compile(r"(fig|tab|tbl|sec|lst)-", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One numbered (or unnumbered: ``number == ""``) section, figure or table."""

    kind: str
    id: str
    number: str
    title: str
    level: int = 1
    chapter: str = ""


def _place(name: str, where: str) -> str:
    return f"{name}, {where}" if where else name


def _only_id(block: Node) -> str:
    """The id of the one figure or division in a block; empty where there are none or several, and for a heading."""
    if block["t"] == "Header":
        return ""
    ids = [t[0] for n in ast.nodes(block) if n["t"] in ("Div", "Figure") and (t := ast.attr_of(n)) and t[0]]
    return ids[0] if len(ids) == 1 else ""


class Resolver:
    """Replaces references by links and checks citations."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        known: set[str],
        ambiguous: Collection[str],
        words: Mapping[str, str],
        ids: Collection[str] = (),
    ):
        self._ids = ids
        self.words = words
        self.entries = entries
        self.known = known
        self.ambiguous = ambiguous
        self.faults: list[str] = []
        self._where = ""

    def chapter(self, name: str, blocks: list[Node]) -> list[Node]:
        """Resolve the blocks of one notebook."""
        out: list[Node] = []
        section = cell = ""
        for block in blocks:
            if "cell-place" in ast.classes_of(block):
                cell = dict(block["c"][0][2])["place"]
            if block["t"] == "Header":
                section = f"section “{ast.text_of(block['c'][2])}”"
            self._where = _place(name, cell or _only_id(block) or section)
            out.extend(ast.transform([block], self._node))
        return out

    def _node(self, node: Node) -> Node | list[Node] | None:
        kind = node["t"]
        if kind == "Cite":
            return self._cite(node)
        if kind in ("Para", "Plain"):
            _capitals(node["c"])
        elif kind == "Link" and "see" in node["c"][0][1]:
            return self._see(node)
        elif kind == "Link" and node["c"][2][0].startswith("#"):
            target = node["c"][2][0][1:]
            if "xref" not in node["c"][0][1] and target not in self.entries:
                guess = self._found(target)
                if not guess:
                    return node["c"][1]
                node["c"][2][0] = f"#{guess}"
        return None

    def _found(self, label: str) -> str:
        """The id of what has a label in MyST's sense; empty where nothing has it."""
        guesses = (label, *(ast.target(kind, label) for kind in ("sec", "fig", "tab", "to")))
        return next((id for id in guesses if id in self.entries or id in self._ids), "")

    def _see(self, node: Node) -> Node | list[Node]:
        """A role of MyST that points at a label, with the words it asks for: ``%s`` and ``{number}`` are numbers."""
        (_, _, pairs), inlines, (target, _) = node["c"]
        label = target[1:]
        id = self._found(label)
        if not id:
            self.faults.append(f"{self._where}: unknown reference {target[1:60]}")
            return _written(inlines, Entry("", "", "??", label)) if inlines else ast.words(label)
        entry = self.entries.get(id)
        if entry is None:
            return ast.link(inlines or ast.words(label), f"#{id}")
        if inlines:
            written = _written(inlines, entry)
            return ast.link(written, f"#{id}", ["xref"] * (written != inlines))
        if _by_number(entry, dict(pairs)["kind"]):
            word = self.words.get(entry.kind, entry.kind.capitalize())
            return ast.link(ast.words(f"{word}\u00a0{entry.number}"), f"#{id}", ["xref"])
        return ast.link(ast.words(entry.title or label), f"#{id}")

    def _cite(self, node: Node) -> list[Node] | None:
        citations, fallback = node["c"]
        ours = [bool(_REFERENCE.match(c["citationId"])) for c in citations]
        faults = [f for c, own in zip(citations, ours, strict=True) if (f := self._fault(c["citationId"], own))]
        if faults:
            self.faults.extend(f"{self._where}: {f}" for f in faults)
            return fallback
        if not any(ours):
            return None
        # `@fig-a [@source]` is one Cite to Pandoc: runs of references and of sources come apart.
        out: list[Node] = []
        for own, group in _runs(citations, ours):
            if out:
                out.append({"t": "Space"})
            out.extend(self._links(group) if own else [{"t": "Cite", "c": [group, []]}])
        return out

    def _fault(self, id: str, own: bool) -> str:
        if not own:
            return "" if id in self.known else f"unknown source @{id}"
        if _target(id) in self.ambiguous:
            return f"@{id} could be several sections; give one of them an id, as in `## Heading {{#sec-my-name}}`"
        return "" if _target(id) in self.entries else f"unknown reference @{id}"

    def _links(self, group: list[dict[str, Any]]) -> list[Node]:
        bracket = group[0]["citationMode"]["t"] == "NormalCitation"
        out: list[Node] = [ast.string("(")] if bracket else []
        for i, citation in enumerate(group):
            if i:
                out += [ast.string(";" if bracket else ","), {"t": "Space"}]
            entry = self.entries[_target(citation["citationId"])]
            word = self.words.get(entry.kind, entry.kind.capitalize())
            if citation["citationId"][0].isupper():
                word = word.capitalize()
            if not entry.number:
                inlines = [ast.string("“"), *ast.words(entry.title), ast.string("”")]
            elif citation["citationMode"]["t"] == "SuppressAuthor":
                inlines = [ast.string(entry.number)]
            else:
                inlines = [ast.string(f"{word}\u00a0{entry.number}")]
            out += [*citation["citationPrefix"], *([{"t": "Space"}] if citation["citationPrefix"] else [])]
            out += [ast.link(inlines, f"#{entry.id}", ["xref"]), *citation["citationSuffix"]]
        return [*out, ast.string(")")] if bracket else out


def _by_number(entry: Entry, role: str) -> bool:
    """Whether a reference without words of its own says the number: a section with a title is called by that."""
    return bool(entry.number) and (role == "numref" or entry.kind != "section" or not entry.title)


def _written(inlines: list[Node], entry: Entry) -> list[Node]:
    """The words that a reference brings, filled in."""
    written: list[Node] = ast.transform(inlines, lambda n: _filled(n, entry))
    return written


def _filled(node: Node, entry: Entry) -> Node | None:
    """Words of a reference with the number and the name that they ask for."""
    if node["t"] != "Str":
        return None
    text = node["c"].replace("%s", entry.number).replace("{number}", entry.number).replace("{name}", entry.title)
    return ast.string(text)


def _target(id: str) -> str:
    id = id[:1].lower() + id[1:]
    return "tab-" + id[4:] if id.startswith("tbl-") else id


def _runs(citations: list[Any], ours: list[bool]) -> Iterable[tuple[bool, list[Any]]]:
    run: list[Any] = []
    for i, citation in enumerate(citations):
        if run and ours[i] != ours[i - 1]:
            yield ours[i - 1], run
            run = []
        run.append(citation)
    if run:
        yield ours[-1], run


def _capitals(inlines: list[Node]) -> None:
    """``section 2`` at the beginning of a sentence as ``Section 2``."""
    for i, node in enumerate(inlines):
        if node["t"] != "Link" or "xref" not in node["c"][0][1]:
            continue
        before = inlines[i - 2] if i > 1 and inlines[i - 1]["t"] in ("Space", "SoftBreak") else None
        begins = i == 0 or (before is not None and before["t"] == "Str" and before["c"][-1:] in (".", "?", "!"))
        first = node["c"][1][0] if node["c"][1] else None
        if begins and first and first["t"] == "Str" and first["c"].startswith("section"):
            node["c"][1] = [ast.string("S" + first["c"][1:]), *node["c"][1][1:]]
