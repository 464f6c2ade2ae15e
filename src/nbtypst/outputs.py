"""Outputs of code cells as blocks: records, pictures, formulas, tables, terminal text, errors."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from nbtypst import ansi, ast, charts, lifted, pandoc, records
from nbtypst.ast import Node
from nbtypst.cell_options import texts_of
from nbtypst.clean import Cleaner
from nbtypst.drawing import NotDrawn, Renderer
from nbtypst.fragments import Fragments
from nbtypst.html_styles import with_classes
from nbtypst.images import Store, decode, encode

# Richest first; a formula before its picture, a picture before HTML that needs scripts to draw one.
PRIORITY = (
    records.MIME,
    "text/latex",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "text/html",
    "text/markdown",
    "text/plain",
)
_SCRIPT = "application/javascript"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_STATIC = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
_LIVE = "An output of this cell needs a browser to be drawn."
ROWS = 2_100  # most rows of a table in HTML
_TAG = re.compile(r"<[^>]{0,2000}>")
_SOUND = re.compile(r"data:(?:audio|video|application|font)/[\w.+-]+[^\"'\s<>]*")  # what paper cannot carry
_SVG = re.compile(r"(?is)(?<!,)<svg\b[^>]*>.*?</svg\s*>")
_HIDDEN = re.compile(r"(?is)(?<!,)<(script|style|head|template|svg|iframe)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")


@dataclass
class Place:
    """Where outputs stand: what they may use, and what they are called in messages.

    Parameters
    ----------
    characters, line : int
        Most characters of one output, and of one of its lines.
    options : dict
        The cell's own wishes: ``alt``, ``caption``, ``id``.
    renderer : Renderer
        What draws charts.
    """

    fragments: Fragments
    cleaner: Cleaner
    store: Store
    stem: str
    cell: int
    characters: int = 20_000
    line: int = 2_000
    options: dict[str, str] | None = None
    priority: tuple[str, ...] = PRIORITY
    renderer: Renderer = field(default_factory=Renderer)


def joined(value: Any) -> str:
    """A notebook's multi-line string (text or list of lines)."""
    return "".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def merge_streams(outputs: list[Any]) -> list[Any]:
    """Consecutive pieces of the same stream as one output."""
    out: list[Any] = []
    for output in outputs:
        if output.get("output_type") == "stream" and out:
            last = out[-1]
            if last.get("output_type") == "stream" and last.get("name") == output.get("name"):
                out[-1] = {**last, "text": joined(last.get("text", "")) + joined(output.get("text", ""))}
                continue
        out.append(output)
    return out


def is_picture(output: dict[str, Any]) -> bool:
    """Whether an output is, or becomes, a picture."""
    data = output.get("data") or {}
    return any(mime in data for mime in _STATIC) or bool(charts.scripted(data))


def blocks(output: dict[str, Any], place: Place, index: int) -> list[Node]:
    """Blocks of one output."""
    kind = output.get("output_type")
    if kind == "stream":
        return _terminal(joined(output.get("text", "")), place, "stream", _stream_of(output))
    if kind == "error":
        text = "\n".join(map(str, output.get("traceback") or []))
        said = text if text.strip() else f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"
        return _terminal(said, place, "error")
    data, metadata = output.get("data") or {}, output.get("metadata") or {}
    if (chart := charts.scripted(data)) and (drawn := _chart(chart, data, metadata, place, index)) is not None:
        return drawn
    special = _special(data, place)
    return _richest(data, metadata, place, index) if special is None else special


def _stream_of(output: dict[str, Any]) -> str:
    return "stderr" if output.get("name") == "stderr" else "stdout"


def _terminal(text: str, place: Place, *classes: str) -> list[Node]:
    return ansi.terminal(text, list(classes), place.characters, place.line) if text.strip() else []


def _richest(data: dict[str, Any], metadata: dict[str, Any], place: Place, index: int) -> list[Node]:
    """The best form that can be shown, under a note where a better one is lost."""
    lost, bare = "", charts.bare(joined(data.get("text/plain", "")))
    for mime in (mime for mime in place.priority if mime in data):
        found = _representation(mime, data[mime], metadata, place, index)
        if found is not None:
            return [_note(lost)] * (lost != "" and mime not in _STATIC) + found
        lost = _loss(mime, data, place) or lost
        if lost == _LIVE and bare:
            break
    return _unprintable(data, lost, place) if data else []


def _unprintable(data: dict[str, Any], lost: str, place: Place) -> list[Node]:
    if lost == _LIVE:
        return [_note(lost)]
    place.cleaner.warn(f"an output has no form that can be printed: {', '.join(sorted(map(str, data)))[:100]}")
    return [_note(lost or "An output of this cell can be shown only in a live notebook.")]


def _loss(mime: str, data: dict[str, Any], place: Place) -> str:
    """What is said where a form cannot be shown; nothing where it is no loss."""
    if mime in _STATIC:
        return "A picture of this output cannot be shown."
    if mime != "text/html" or not charts.in_html(joined(data[mime])):
        return ""
    place.cleaner.warn("an output needs a browser to be drawn (HTML with scripts): a note stands for it")
    return _LIVE


def _special(data: dict[str, Any], place: Place) -> list[Node] | None:
    """JSON, scripts and widgets that nothing richer stands for: a note with their text."""
    if any(mime in data and mime != "text/plain" for mime in place.priority):
        return None
    if "application/json" in data:
        return _json(data["application/json"], place)
    if _SCRIPT in data:
        place.cleaner.warn("an output is a script: a note stands for it")
        text = joined(data.get("text/plain", ""))
        return [_note(_LIVE), *([] if charts.bare(text) else _terminal(text, place, "result"))]
    if _WIDGET not in data:
        return None
    place.cleaner.warn("a widget needs a live notebook; its plain text is shown")
    text = joined(data.get("text/plain", ""))
    return [_note("A widget, which can be shown only in a live notebook."), *_terminal(text, place, "result")]


def _json(value: Any, place: Place) -> list[Node]:
    """JSON as text, under a note."""
    place.cleaner.warn("an output of JSON is shown as text")
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    except (TypeError, ValueError, RecursionError):
        text = str(value)
    return [_note("Data (JSON):"), *ansi.terminal(text, ["result"], place.characters, place.line)]


def _note(text: str) -> Node:
    return ast.div([ast.para(ast.words(f"[{text}]"))], classes=["output-note"])


def _chart(mime: str, data: dict[str, Any], metadata: dict[str, Any], place: Place, index: int) -> list[Node] | None:
    """A chart that scripts draw: drawn where that can be done here, else None where it has a picture, else a note."""
    name = ast.printable(charts.named(mime, data[mime]))
    try:
        drawing = charts.drawn(mime, data[mime], place.renderer)
        described = {"alt": f"Chart: {name}", **(place.options or {}), **texts_of(metadata)}
        if found := _picture("image/svg+xml", drawing, described, place, index):
            return found
        why = "the drawing cannot be shown"
    except NotDrawn as error:
        why = ast.printable(str(error))
    if any(kind in data for kind in _STATIC):
        return None
    place.cleaner.warn(f"a chart needs scripts: {name}; a note stands for it ({why})")
    text = joined(data.get("text/plain", ""))
    said = [] if charts.bare(text) else _terminal(text, place, "result")
    away = f" {why[0].upper()}{why[1:]}." if why.startswith("it would load ") else ""
    note = _note(f"Chart: {name}. It can be shown only in a live notebook.{away}")
    return [note, *said]


def _representation(mime: str, value: Any, metadata: dict[str, Any], place: Place, index: int) -> list[Node] | None:
    """Blocks of one representation; None to try the next one."""
    if mime == records.MIME:
        return records.blocks(value, place.fragments, place.cleaner, place.store)
    if mime.startswith("image/"):
        return _picture(mime, joined(value), metadata, place, index)
    text = joined(value)
    if mime == "text/latex":
        return _latex(text, place)
    if mime == "text/html":
        return _html(text, place)
    if mime == "text/markdown":
        return [place.fragments.blocks(text, place.cleaner)] if len(text) <= place.characters * 5 else None
    return _terminal(text, place, "result")


def _picture(mime: str, text: str, metadata: dict[str, Any], place: Place, index: int) -> list[Node] | None:
    is_xml = mime == "image/svg+xml" and "<" in text[:200]
    content = text.encode("utf-8", "replace") if is_xml else decode(text)
    name = place.store.add(f"{place.stem}-output-{index + 1}", content) if content else None
    if name is None:
        place.cleaner.warn(f"a picture ({mime}) cannot be shown{': ' * bool(place.store.why)}{place.store.why}")
        return None
    own = metadata.get(mime)
    own = own if isinstance(own, dict) else {}
    wishes = {**(place.options or {}), **texts_of(metadata), **texts_of(own)}
    picture = ast.image(_described(wishes, place), name, **_size(own))
    caption, id = wishes.get("caption", ""), wishes.get("id", "")
    if not caption and not id:
        return [ast.para([picture])]
    lines = [ast.para([place.fragments.inlines(caption, place.cleaner)])] if caption else []
    return [ast.figure([ast.plain([picture])], lines, id, ["record"], title=caption)]


def _described(wishes: dict[str, str], place: Place) -> str:
    """A picture's description; that there is none is warned about."""
    if alt := " ".join(wishes.get("alt", "").split()):
        return alt
    place.cleaner.warn("a picture has no alt text (give the cell or the output a metadata field `alt`)")
    return f"Picture made by code cell {place.cell}; no description was given."


def _size(own: dict[str, Any]) -> dict[str, str]:
    width = own.get("width")
    return {"width": f"{width:g}px"} if isinstance(width, int | float) and 1 <= width <= 5000 else {}


_BLANK_LINES = re.compile(r"\n\s*\n")


def _latex(text: str, place: Place) -> list[Node] | None:
    """A formula, or LaTeX text such as a table; None when it is too long."""
    text = text.strip()
    if len(text) > 50_000:
        return None
    formula = lifted.alone(text)
    if formula is None:
        return [place.fragments.blocks(text, place.cleaner, pandoc.LATEX)]
    formula = ast.printable(formula.strip().removeprefix("\\displaystyle").strip())
    written = f"$${_BLANK_LINES.sub(chr(10), formula)}$$"
    if place.fragments.text and [f.source for f in lifted.lift(written)[1]] == [written]:
        return [place.fragments.blocks(written, place.cleaner)]  # macros and numbers hold in outputs too
    math = {"t": "Math", "c": [{"t": "DisplayMath"}, formula]}
    return [ast.para([ast.span([math], "", ["formula"])])]


def _as_image(match: re.Match[str]) -> str:
    """A drawing inside HTML as an image of it, described by its title."""
    drawing = match.group(0)
    title = re.search(r"(?is)<title[^>]*>(.*?)</title>|aria-label\s*=\s*[\"']([^\"']*)", drawing)
    said = " ".join(_TAG.sub("", title.group(1) or title.group(2) or "").split()) if title else ""
    if "http://www.w3.org/2000/svg" not in drawing[:2000]:
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg"{drawing[4:]}'
    return f'<img alt="{escape(unescape(said))}" src="data:image/svg+xml;base64,{encode(drawing)}">'


def _html(text: str, place: Place) -> list[Node] | None:
    """HTML's text and tables; None where nothing remains without its scripts."""
    text = _SVG.sub(_as_image, _SOUND.sub("", text))
    visible = _HIDDEN.sub("", with_classes(text) if len(text) <= place.characters * 100 else text)
    if not _TAG.sub("", visible).strip() and "<img" not in visible.lower():
        return None
    limit = place.characters * 50
    note = ""
    ends = [m.start() for m in re.finditer("</tr>", visible[:limit])][:ROWS]
    if len(visible) > limit or len(ends) == ROWS:
        if not ends:
            return None  # not a table: the plain text is bounded better
        cut = ends[-1]
        rest = len(visible) - cut - 5
        if rest > 200:
            note = f"{max(1, 100 * rest // len(visible))}% of this table is not shown"
            visible = visible[: cut + 5] + "</tbody></table>"
    found = [ast.div([place.fragments.blocks(visible, place.cleaner, pandoc.HTML)], classes=["output", "html"])]
    return [*found, ansi.cut_note(note)] if note else found
