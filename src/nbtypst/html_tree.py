"""HTML as Pandoc's tree: what a browser would show of it, as far as paper can.

Only elements that are known here become nodes; all others leave their content, and scripts, styles and comments
leave nothing. Text is literal; what a link or a picture points at is for `nbtypst.clean` to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from nbtypst import ast, callouts, html_tables
from nbtypst.ast import Node
from nbtypst.clean import directed
from nbtypst.html_source import BLOCKS, GONE, is_block, root, tidy, unseen, words

_WRAPS = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "Emph"),
    **dict.fromkeys(("strong", "b"), "Strong"),
    **dict.fromkeys(("del", "s", "strike"), "Strikeout"),
    **dict.fromkeys(("u", "ins"), "Underline"),
    "sub": "Subscript",
    "sup": "Superscript",
}
_CODE = frozenset(("code", "kbd", "samp", "tt"))
_OWN = re.compile("h[1-6]|p|hr|pre|blockquote|[uo]l|li|dl|summary|figure|video|nb-note-text|nb-target|table")
_COUNTS = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman"}
_SIZE = re.compile(
    r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,4}(?:\.\d{1,3})?)(%|px|in|cm|mm|pt|r?em)\s*(?:!\s*important\s*)?(?=;|\Z)"
)
_DIRECTION = re.compile(r"(?:^|;)\s*direction\s*:\s*(ltr|rtl)\b")
_EM = 16  # pixels
_ALERT = re.compile(r"\[!(\w+)\][ \t]*(?:\n|\Z)")
Literal = Callable[[str, bool], list[Node]]


def _literal(text: str, _linked: bool) -> list[Node]:
    return words(text)


def blocks(source: str, literal: Literal = _literal, plain: Callable[[str], str] = str) -> list[Node]:
    """The blocks of an HTML fragment.

    Parameters
    ----------
    literal : callable
        Inlines of a text, given with whether it stands in a link; it may find links, formulas and references there.
    plain : callable
        A text that stands in code or in an attribute, as it was written.

    Examples
    --------
    >>> ast.text_of(blocks("<p>H<sub>2</sub>O <!-- no --><br>more<script>x</script>"))
    'H2O more'
    """
    body = root(source)
    return [] if body is None else Reader(literal, plain).blocks(body)


class Reader:
    """Turns elements into nodes; `loose` paragraphs are those that the source calls paragraphs."""

    def __init__(self, literal: Literal, plain: Callable[[str], str]):
        self._literal = literal
        self._plain = plain
        self._linked = False

    def blocks(self, element: Any, kind: str = "Para") -> list[Node]:
        """What stands in `element`; loose text as blocks of `kind`."""
        out: list[Node] = []
        run: list[Node] = []

        def close() -> None:
            if line := tidy(run):
                out.append({"t": kind, "c": line})
            run.clear()

        run += self._text(element.text)
        for child in element:
            if is_block(child):
                close()
                out += self._block(child)
            elif isinstance(child.tag, str):
                run += self._inline(child)
            run += self._text(child.tail)
        close()
        return out

    def inlines(self, element: Any) -> list[Node]:
        """What stands in `element`, as inlines."""
        out = self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                out += self._inline(child)
            out += self._text(child.tail)
        return out

    def _text(self, text: str | None) -> list[Node]:
        return self._literal(text, self._linked) if text else []

    def _inline(self, element: Any) -> list[Node]:
        tag = element.tag
        if tag in GONE or unseen(element):
            return []
        if tag == "br":
            return [{"t": "LineBreak"}]
        if tag == "img":
            return [self._image(element)]
        if tag == "nb-task":
            return [ast.string("☐" if element.get("data-done") is None else "☒")]
        if tag == "nb-note":
            return [{"t": "Wait", "c": ["note", element.get("data-label") or ""]}]
        if tag == "nb-ref":
            kind, label = element.get("data-kind") or "ref", element.get("data-label") or ""
            return [{"t": "Wait", "c": ["see", kind, label, self.inlines(element)]}]
        if tag in _CODE:
            text = re.sub(r"[ \t\r\n\f]", " ", self._plain(element.text_content()))
            return [ast.code(text, ["kbd"] if tag == "kbd" else [])] if text else []
        outside = self._linked
        self._linked = outside or (tag == "a" and bool(element.get("href")))
        inner = self.inlines(element)
        self._linked = outside
        return self._wrapped(element, inner)

    def _wrapped(self, element: Any, inner: list[Node]) -> list[Node]:
        tag = element.tag
        id = element.get("id") or (element.get("name") if tag == "a" else "") or ""
        if tag == "a" and (element.get("href") or "").startswith("#") and not ast.text_of(inner):
            return [{"t": "Wait", "c": ["see", "ref", unquote(element.get("href")[1:]), inner]}]
        if tag == "a" and element.get("href"):
            return [ast.link(inner, self._target(element.get("href")))]
        if tag in _WRAPS:
            return [{"t": _WRAPS[tag], "c": inner}] if inner else []
        if tag == "q":
            return [ast.string("“"), *inner, ast.string("”")]
        if tag == "mark":
            return [ast.span(inner, classes=["mark"])]
        return [ast.span(inner, id)] if id else inner

    def _target(self, target: str) -> str:
        return self._plain(unquote(target) if "%EE%80%80" in target else target)

    def _image(self, element: Any) -> Node:
        sizes = {name: element.get(name) for name in ("width", "height") if element.get(name)}
        for name, number, unit in _SIZE.findall(element.get("style") or ""):
            sizes[name] = f"{float(number) * _EM:g}px" if unit.endswith("em") else f"{number}{unit}"
        alt = " ".join(self._plain(element.get("alt") or "").split())
        made = ast.image(alt, self._target(element.get("src") or ""), **sizes)
        made["c"][0][0] = element.get("id") or ""
        return made

    def _block(self, element: Any) -> list[Node]:
        if unseen(element):
            return []
        made = self._made(element)
        way = element.get("dir") or next(iter(_DIRECTION.findall(element.get("style") or "")), "")
        return [directed(made, way, element.get("lang") or "")] if made and way in ("ltr", "rtl") else made

    def _made(self, element: Any) -> list[Node]:
        tag = element.tag
        if _OWN.fullmatch(tag):
            return list(getattr(self, f"_{tag.replace('-', '_')}")(element))
        if tag not in BLOCKS:  # an inline element with blocks in it
            return [self._within(element, block) for block in self.blocks(element)]
        inner = self.blocks(element)
        classes = (element.get("class") or "").split()
        if "admonition" in classes or "alert" in classes:
            return [callouts.of_element(inner, element)]
        return [ast.div(inner, element.get("id"))] if element.get("id") and tag == "div" else inner

    def _within(self, element: Any, block: Node) -> Node:
        return {**block, "c": self._wrapped(element, block["c"])} if block["t"] in ("Para", "Plain") else block

    def _flat(self, element: Any) -> list[Node]:
        """Inlines even of what holds blocks."""
        if not any(is_block(child) for child in element):
            return self.inlines(element)
        out: list[Node] = []
        for block in self.blocks(element):
            out += [{"t": "Space"}] if out else []
            out += block["c"] if block["t"] in ("Para", "Plain") else ast.words(ast.text_of(block))
        return out

    def _h1(self, element: Any) -> list[Node]:
        head = ast.attr(element.get("id") or "", (element.get("class") or "").split())
        return [{"t": "Header", "c": [int(element.tag[1]), head, tidy(self._flat(element))]}]

    _h2 = _h3 = _h4 = _h5 = _h6 = _h1

    def _p(self, element: Any) -> list[Node]:
        line = tidy(self.inlines(element))
        if len(line) == 1 and line[0]["t"] == "Image" and (id := line[0]["c"][0][0]).startswith("fig-"):
            line[0]["c"][0][0] = ""
            caption = [ast.para(list(line[0]["c"][1]))] if line[0]["c"][1] else []
            return [ast.figure([ast.plain(line)], caption, id, ["record"])]
        return [ast.para(line)] if line else []

    def _hr(self, _element: Any) -> list[Node]:
        return [{"t": "HorizontalRule"}]

    def _pre(self, element: Any) -> list[Node]:
        first = element[0] if len(element) == 1 and element[0].tag == "code" else element
        language = re.search(r"(?:^|\s)language-(\S+)", first.get("class") or "")
        text = self._plain(element.text_content())
        return [ast.code_block(text.removesuffix("\n"), [language[1].lower()] if language else [])]

    def _blockquote(self, element: Any) -> list[Node]:
        inner = self.blocks(element)
        first = element[0] if len(element) and not (element.text or "").strip() else None
        alert = _ALERT.match(first.text or "") if first is not None and first.tag == "p" else None
        if alert is None:
            return [{"t": "BlockQuote", "c": inner}]
        rest = inner[0]["c"][1:]
        shown = [{"t": "Para", "c": tidy(rest)}] if tidy(rest) else []
        return [callouts.callout(alert[1].lower(), callouts.named(alert[1].lower()), [*shown, *inner[1:]])]

    def _ul(self, element: Any) -> list[Node]:
        items = self._items(element)
        if "list-inline" in (element.get("class") or ""):
            return _in_a_line(items)
        return [{"t": "BulletList", "c": items}] if items else []

    _menu = _dir = _ul

    def _ol(self, element: Any) -> list[Node]:
        items = self._items(element)
        start = element.get("start") or "1"
        style = _COUNTS.get(element.get("type") or "", "Decimal")
        first = int(start) if re.fullmatch(r"-?\d{1,9}", start) else 1
        if "list-inline" in (element.get("class") or ""):
            return _in_a_line(items)
        return [{"t": "OrderedList", "c": [[first, {"t": style}, {"t": "Period"}], items]}] if items else []

    def _items(self, element: Any) -> list[list[Node]]:
        items: list[list[Node]] = []
        for child in element:
            if child.tag == "li":
                items.append(self.blocks(child, "Plain"))
            elif isinstance(child.tag, str):
                items.append(self._block(child) if is_block(child) else [ast.plain(self._inline(child))])
            if tail := tidy(self._text(child.tail)):
                items.append([ast.plain(tail)])
        return items

    def _li(self, element: Any) -> list[Node]:
        """An item without its list."""
        return [{"t": "BulletList", "c": [self.blocks(element, "Plain")]}]

    def _dl(self, element: Any) -> list[Node]:
        found: list[list[Any]] = []
        for child in element.iter("dt", "dd"):
            if child.tag == "dt":
                found.append([tidy(self._flat(child)), []])
            else:
                found = found or [[[], []]]
                found[-1][1].append(self.blocks(child, "Plain"))
        return [{"t": "DefinitionList", "c": found}] if found else []

    def _summary(self, element: Any) -> list[Node]:
        return [ast.para([ast.strong(tidy(self._flat(element)))])]

    def _figure(self, element: Any) -> list[Node]:
        caption: list[Node] = []
        for child in element.findall("figcaption"):
            caption += self.blocks(child)
            child.drop_tree()
        body = [ast.plain(b["c"]) if b["t"] == "Para" else b for b in self.blocks(element)]
        if caption and len(body) == 1 and sum(n["t"] == "Image" for n in ast.nodes(body)) == 1:
            return [ast.figure(body, caption, element.get("id") or "", ["record"])]
        return [*body, *caption]

    def _video(self, element: Any) -> list[Node]:
        source = element.get("src") or next((s.get("src") for s in element.iter("source") if s.get("src")), "")
        said = ast.words(f"[{element.tag}: {source or 'embedded'}]")
        return [ast.para([ast.link(said, source)] if source.startswith(("http:", "https:")) else said)]

    _audio = _video

    def _nb_note_text(self, element: Any) -> list[Node]:
        return [ast.div(self.blocks(element), classes=["note-text"], label=element.get("data-label") or "")]

    def _nb_target(self, element: Any) -> list[Node]:
        return [ast.div([], classes=["target"], label=element.get("data-label") or "")]

    def _table(self, element: Any) -> list[Node]:
        out: list[Node] = []
        for stray in html_tables.strays(element):
            out += [ast.para(tidy(self._text(stray)))] if isinstance(stray, str) else self._block(stray)
        return [*out, *html_tables.table(element, lambda cell: self.blocks(cell, "Plain"))]


def _in_a_line(items: list[list[Node]]) -> list[Node]:
    """A list that its style sheet sets in one line, as R's kernel does with vectors; others stay lists."""
    if not items or any(len(item) != 1 or item[0]["t"] not in ("Para", "Plain") for item in items):
        return [{"t": "BulletList", "c": items}] if items else []
    first, *others = (item[0]["c"] for item in items)
    return [ast.para([*first, *(n for item in others for n in [*ast.words(" · "), *item])])]
