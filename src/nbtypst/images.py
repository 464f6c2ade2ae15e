"""Pictures: what may be embedded, checked and named; a vector picture is made inert."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring as parse_xml  # type: ignore[import-untyped]

from nbtypst import svg_switch

LARGEST = 30_000_000  # bytes of one picture
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = {"script", "foreignObject", "iframe", "embed", "object", "animate", "set", "animateTransform", "handler"}
_DATA_URI = re.compile(r"data:\s*image/(png|jpeg|jpg|gif|webp|svg\+xml)\s*;\s*base64,([A-Za-z0-9+/=\s%]+)\Z")
_DATA_SVG = re.compile(r"data:image/svg\+xml(?:;[\w=-]+)*,(.+)\Z", re.DOTALL)
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def kind_of(content: bytes) -> str:
    """``png``, ``jpg``, ``gif``, ``webp``, ``svg`` by content; empty for anything else."""
    for magic, name in _MAGIC:
        if content.startswith(magic):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return "svg" if b"<svg" in content[:2000] else ""


def safe_svg(content: bytes) -> bytes | None:
    """An SVG without scripts, handlers, entities and references to anything outside; None if unreadable."""
    try:
        root = parse_xml(content, forbid_dtd=False)
    except Exception:  # malformed, or an entity bomb: defusedxml raises several kinds
        return None
    if root.tag not in (f"{{{_SVG}}}svg", "svg"):
        return None
    svg_switch.chosen(root)
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rsplit("}", 1)[-1] in _DROPPED:
                parent.remove(child)
    for node in root.iter():
        if node.tag.rsplit("}", 1)[-1] == "style" and node.text:
            node.text = re.sub(r"@import[^;]*;?|url\((?!\s*['\"]?#)[^)]*\)", "", node.text)
        for name in list(node.attrib):
            value = node.attrib[name]
            local = name.rsplit("}", 1)[-1].lower()
            outside = local == "href" and not re.match(r"\s*(#|data:image/(png|jpe?g|gif);)", value)
            if local.startswith("on") or outside or re.search(r"url\((?!\s*['\"]?#)", value):
                del node.attrib[name]
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def readable(content: bytes) -> bytes | None:
    """A raster picture if it can be decoded (believed where Pillow is not installed), printers' colours as a screen's.

    PDF/A allows no CMYK without a profile of the printer.
    """
    try:
        from PIL import Image
    except ImportError:
        return content
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            if picture.mode != "CMYK":
                return content
            out = io.BytesIO()
            picture.convert("RGB").save(out, "PNG")
            return out.getvalue()
    except Exception:  # Pillow raises many kinds on broken files
        return None


def digest(content: bytes) -> str:
    """What a picture is known by."""
    return hashlib.sha256(content).hexdigest()


@dataclass
class Store:
    """The files that a document shows, by name, but none of `refused` (`digest` of a picture -> why)."""

    files: dict[str, bytes] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    why: str = ""  # the last picture was not kept

    def add(self, stem: str, content: bytes) -> str | None:
        """Keep a picture under ``images/<stem>.<kind>``; its name, or None if it cannot be shown."""
        kind, self.why = kind_of(content), ""
        if not kind or len(content) > LARGEST:
            self.why = "it is of no kind that can be shown" if not kind else "it is too large"
            return None
        kept = safe_svg(content) if kind == "svg" else readable(content)
        self.why = "it cannot be read" if kept is None else self.refused.get(digest(kept), "")
        if kept is None or self.why:
            return None
        return self._named(re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.") or "image", kept)

    def _named(self, stem: str, content: bytes) -> str:
        """A name of its own for each content, the same one for the same."""
        kind = kind_of(content)
        name, i = f"images/{stem}.{kind}", 2
        while name in self.files and self.files[name] != content:
            name, i = f"images/{stem}-{i}.{kind}", i + 1
        self.files[name] = content
        return name


def encode(text: str) -> str:
    """Text as base64."""
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def decode(text: str) -> bytes | None:
    """Bytes of base64 text, or None."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def finder(
    store: Store, stem: str, attachments: dict[str, dict[str, str]], folder: Path | None, root: Path | None = None
) -> Callable[[str, str], str | None]:
    """A function that finds a Markdown image: attachment, data URI, or a file inside `folder`.

    With `root`, the file may lie anywhere inside that; a path that begins with a stroke begins there.
    """

    def find(target: str, _alt: str) -> str | None:
        if target.startswith("attachment:"):
            name = unquote(target.removeprefix("attachment:"))
            for mime, text in sorted((attachments.get(name) or {}).items()):
                joined = "".join(text) if isinstance(text, list) else str(text)
                content = joined.encode() if mime == "image/svg+xml" and "<svg" in joined else decode(joined)
                if content and (kept := store.add(f"{stem}-{Path(name).stem}", content)):
                    return kept
            return None
        if match := _DATA_URI.match(target):
            content = decode(unquote(match.group(2)))
            return store.add(f"{stem}-inline", content) if content else None
        if match := _DATA_SVG.match(target):
            return store.add(f"{stem}-inline", unquote(match.group(1)).encode())
        if folder is None or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[\\~]|//", target):
            return None
        if target.startswith("/") and root is None:
            return None
        limits = [limit.resolve() for limit in (folder, root) if limit]
        base = limits[-1] if target.startswith("/") else limits[0]
        for name in dict.fromkeys((target, re.split("[?#]", target)[0])):  # as on a server: picture.png?raw=true
            path = (base / unquote(name).lstrip("/")).resolve()  # resolves links too: nothing outside is read
            known = any(path.is_relative_to(limit) for limit in limits)
            if known and path.is_file() and path.stat().st_size <= LARGEST:
                return store.add(f"{stem}-{path.stem}", path.read_bytes())
        return None

    return find
