"""A document that Typst refuses, mended where it can be: a glyph, a picture, at last any part of it.

Nothing is searched for unless the compiler refuses the document, so a sound one costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from nbtypst.parts import Parts
from nbtypst.typst_values import quoted

MISSING, BREAK = "\u25a1", "\u200b"
MARK = "// nbtypst: "  # begins a line before what a cell holds, and names the cell
_PLACE = re.compile(rf"^{MARK}(.+)$", re.M)
_GLYPH = re.compile(r"the text `?\"(.+?)\"`? could not be displayed", re.S)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_POINTED = re.compile(r'#link\(<([^<>\s]+)>\)|#link\(label\("([^"]+)"\)\)')
_DEFINED = re.compile(r'#label\("([^"]+)"\)|(?<!link\()<([^<>\s"]+)>\s*$|\bid: "([^"]+)"', re.M)
_HEAD = '#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))\n#set text(lang: "en")\n'
_ROUNDS = 80
# Scripts that no bundled font has: their characters are replaced together, not one a compile.
_BLOCKS = (
    (0x0590, 0x05FF), (0x0600, 0x06FF), (0x0700, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0x1000, 0x109F),
    (0x10A0, 0x10FF), (0x1200, 0x139F), (0x1780, 0x17FF), (0x2600, 0x27BF), (0x2E80, 0x33FF), (0x3400, 0x9FFF),
    (0xA000, 0xABFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x1F000, 0x1FAFF),
    (0x20000, 0x3FFFF),
)  # fmt: skip

_JOINING = "\ufe0e\ufe0f\u200d"  # says how the sign before it looks, or joins the next to it
# Scripts that write no blanks between words: South-East Asia's, Chinese, Japanese.
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF),
             (0x20000, 0x3FFFF))  # fmt: skip


class TypstFailure(RuntimeError):
    """Typst refused the document; the message is its own."""


class PicturesRefused(TypstFailure):
    """Typst refused pictures; `names` are theirs, each with what Typst says."""

    def __init__(self, names: Mapping[str, str]):
        super().__init__("; ".join(f"{name}: {why}" for name, why in names.items()))
        self.names = dict(names)


class Repair:
    """One document, compiled until Typst takes it or nothing more can be mended.

    Parameters
    ----------
    source : str
        Typst source.
    pictures : dict
        Name -> content of the pictures.
    run : callable
        Compiles a source to PDF, or raises what Typst raises.
    put : callable
        Takes the name and new content of a picture.
    warn : callable
        Told what was mended.
    parts : Parts, optional
        The document's parts, each shown as its text where Typst refuses it.

    Attributes
    ----------
    source : str
        As it is now: what Typst took, once there is a PDF.
    """

    def __init__(
        self,
        source: str,
        pictures: Mapping[str, bytes],
        run: Callable[[str], bytes],
        put: Callable[[str, bytes], None],
        warn: Callable[[str], None],
        parts: Parts | None = None,
    ):
        self.source = source
        self._pictures = dict(pictures)
        self._run, self._put, self._warn, self._parts = run, put, warn, parts
        self._missing: list[re.Pattern[str]] = []  # what has no glyph
        self._steps = iter((self._check_pictures, self._mend_parts))

    def pdf(self) -> bytes:
        """The PDF.

        Raises
        ------
        PicturesRefused
            When pictures are what Typst refuses.
        TypstFailure
            When it refuses the document for another reason.
        """
        for _ in range(_ROUNDS):
            said = self._refusal(self.source)
            if isinstance(said, bytes):
                return said
            if self._mend_glyphs(said):
                continue
            before = self.source
            while self.source == before:
                step = next(self._steps, None)
                if step is None:
                    raise TypstFailure(said)
                step()
        raise TypstFailure("too many characters have no glyph")

    def _refusal(self, source: str) -> bytes | str:
        """The PDF, or why there is none."""
        try:
            return self._run(source)
        except Exception as error:  # the wheel raises its own kind and RuntimeError
            return str(getattr(error, "diagnostic", "") or error)

    def _refuses(self, source: str) -> bool:
        """Whether Typst refuses a source for more than a glyph."""
        said = self._refusal(source)
        return isinstance(said, str) and not _GLYPH.search(said)

    def _mend_glyphs(self, said: str) -> bool:
        """Whether characters without a glyph were found, in the source or in a drawing, and replaced."""
        found = _without_glyph(said)
        if found is None:
            return False
        self._missing.append(found)
        hits = {c for hit in found.findall(self.source) for c in hit} - {*_JOINING}
        cells = filter(None, dict.fromkeys(cell_at(self.source, m.start()) for m in found.finditer(self.source)))
        self.source = found.sub(_box, self.source)
        drawings = [name for name in self._pictures if name.endswith(".svg")]
        hits |= {c for name in drawings for c in self._mend_drawing(name, found)} - {*_JOINING}
        if hits:
            shown = " ".join(f"{c} (U+{ord(c):04X})" for c in sorted(hits)[:8])
            shown += f" and {len(hits) - 8} more" if len(hits) > 8 else ""
            where = "".join(f"{place}: " for place in [", ".join(cells)] if place)
            self._warn(f"{where}no font has {shown}: shown as {MISSING}; give font_paths a font that has them")
        return bool(hits)

    def _mend_drawing(self, name: str, found: re.Pattern[str]) -> str:
        """The characters that were replaced in a drawing."""
        text = self._pictures[name].decode("utf-8", "replace")
        hits = "".join(found.findall(text))
        if hits:
            self._pictures[name] = found.sub(MISSING, text).encode()
            self._put(name, self._pictures[name])
        return hits

    def _check_pictures(self) -> None:
        """Pictures that Typst refuses, found by halves; a glyph that one lacks is mended elsewhere."""
        refused = {name: str(self._refusal(_pictured([name]))).split("\n")[0] for name in self._bad([*self._pictures])}
        if refused:
            raise PicturesRefused(refused)

    def _bad(self, names: Sequence[str]) -> list[str]:
        if not names or isinstance(said := self._refusal(_pictured(names)), bytes):
            return []
        middle = len(names) // 2
        if not middle:
            return [] if _GLYPH.search(said) else [*names]
        return [*self._bad(names[:middle]), *self._bad(names[middle:])]

    def _mend_parts(self) -> None:
        """Parts of the document that Typst refuses as their text."""
        if self._parts:
            self.source = self._seen(self._parts.mended(lambda source: self._refuses(self._whole(source)), self._warn))

    def _seen(self, source: str) -> str:
        """A source without the characters that are known to have no glyph."""
        for found in self._missing:
            source = found.sub(_box, source)
        return source

    def _whole(self, source: str) -> str:
        """A part of the document as a document: what it points at elsewhere is made up."""
        missing = _labels(_POINTED, source) - _labels(_DEFINED, source)
        anchors = (f"#metadata({quoted(name)}) #label({quoted(name)})\n" for name in sorted(missing))
        return f"{self._seen(source)}\n{''.join(anchors)}"


def cell_at(source: str, position: int) -> str:
    """The cell that holds a place of a document's source; empty before the first."""
    start = source.rfind(f"\n{MARK}cell ", 0, position)
    match = _PLACE.match(source, start + 1) if start >= 0 else None
    return match.group(1) if match else ""


def _without_glyph(said: str) -> re.Pattern[str] | None:
    """What Typst says has no glyph: characters with the rest of their script, and signs over letters."""
    texts = _not_displayed(said)
    wanted = sorted(c for c in {*"".join(texts)} - {MISSING, BREAK} if not c.isascii())
    plain = sorted({text[-1] for text in texts if text[-1].isascii()})
    found = [f"[{''.join(map(_class_of, wanted))}][{_JOINING}]*"] if wanted else []
    found += [f"(?<={re.escape(c)})[{_COMBINING}]+" for c in plain]
    return re.compile("|".join(found)) if found else None


def _not_displayed(said: str) -> list[str]:
    """The texts, none of them empty, that Typst names, with the signs that it spells as numbers."""
    return [_ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) for text in _GLYPH.findall(said)]


def _box(match: re.Match[str]) -> str:
    """What stands for a sign without a glyph; in a script without blanks, a line may end behind it."""
    return MISSING + BREAK * any(low <= ord(match[0][0]) <= high for low, high in _UNSPACED)


def _pictured(names: Sequence[str]) -> str:
    """A document of pictures alone."""
    return _HEAD + "".join(f'#image({quoted(name)}, alt: "x")\n' for name in names)


def _labels(pattern: re.Pattern[str], text: str) -> set[str]:
    return {"".join(found) for found in pattern.findall(text)}  # one of its groups


def _class_of(char: str) -> str:
    for low, high in _BLOCKS:
        if low <= ord(char) <= high:
            return f"{chr(low)}-{chr(high)}"
    return re.escape(char)
