"""A document that Typst refuses, mended where it can be: a glyph, a formula, a picture, at last a whole cell.

Nothing is searched for unless the compiler refuses the document, so a sound one costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from nbtypst.typst_values import quoted

MISSING = "\u25a1"
MARK = "// nbtypst: "  # begins a line before what a cell holds, and names the cell
_PLACE = re.compile(rf"^{MARK}(.+)$", re.M)
_LINE = re.compile(r"main\.typ:(\d+):")
_GLYPH = re.compile(r"the text `?\"(.+?)\"`? could not be displayed", re.S)
_COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_FORMULA = re.compile(r"#nb-math\((\"(?:[^\"\\]|\\.)*\"), \[(\s*\$.*?(?<!\\)\$\s*)\]\);", re.S)
_POINTED = re.compile(r'#link\(<([^<>\s]+)>\)|#link\(label\("([^"]+)"\)\)')
_DEFINED = re.compile(r'#label\("([^"]+)"\)|(?<!link\()<([^<>\s"]+)>\s*$', re.M)
_HEAD = '#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))\n#set text(lang: "en")\n'
# Scripts that no bundled font has: their characters are replaced together, not one a compile.
_BLOCKS = (
    (0x0590, 0x05FF), (0x0600, 0x06FF), (0x0700, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0x1000, 0x109F),
    (0x10A0, 0x10FF), (0x1200, 0x139F), (0x1780, 0x17FF), (0x2600, 0x27BF), (0x2E80, 0x33FF), (0x3400, 0x9FFF),
    (0xA000, 0xABFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x1F000, 0x1FAFF),
    (0x20000, 0x3FFFF),
)  # fmt: skip


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
    plain : mapping
        Cell, as the source's marks name it -> its text, shown where the cell cannot be.
    """

    def __init__(
        self,
        source: str,
        pictures: Mapping[str, bytes],
        run: Callable[[str], bytes],
        put: Callable[[str, bytes], None],
        warn: Callable[[str], None],
        plain: Mapping[str, str],
    ):
        self._source = source
        self._pictures = dict(pictures)
        self._run, self._put, self._warn, self._plain = run, put, warn, plain
        self._steps = iter((self._check_pictures, self._mend_formulas, self._mend_cells, self._mend_cells))

    def pdf(self) -> bytes:
        """The PDF.

        Raises
        ------
        PicturesRefused
            When pictures are what Typst refuses.
        TypstFailure
            When it refuses the document for another reason.
        """
        for _ in range(80):
            try:
                return self._run(self._source)
            except Exception as error:  # the wheel raises its own kind and RuntimeError
                said = str(getattr(error, "diagnostic", "") or error)
                if self._mend_glyphs(said):
                    continue
                before = self._source
                while self._source == before:
                    step = next(self._steps, None)
                    if step is None:
                        raise TypstFailure(str(error)) from None
                    step(said)
        raise TypstFailure("too many characters have no glyph")

    def _mend_glyphs(self, said: str) -> bool:
        """Whether characters without a glyph were found, in the source or in a drawing, and replaced."""
        texts = [re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: chr(int(m[1], 16)), t) for t in _GLYPH.findall(said)]
        wanted = sorted({c for text in texts for c in text if ord(c) > 0x7F and c != MISSING})
        plain = sorted({text[-1] for text in texts if text and ord(text[-1]) <= 0x7F})
        parts = [f"[{''.join(map(_class_of, wanted))}]"] if wanted else []
        parts += [f"(?<={re.escape(c)})[{_COMBINING}]+" for c in plain]
        if not parts:
            return False
        found = re.compile("|".join(parts))
        hits = {c for hit in found.findall(self._source) for c in hit}
        cells = list(dict.fromkeys(self._cell_at(m.start()) for m in found.finditer(self._source)))
        self._source = found.sub(MISSING, self._source)
        for name, content in self._pictures.items():
            if name.endswith(".svg") and (inside := found.findall(text := content.decode("utf-8", "replace"))):
                hits.update(c for hit in inside for c in hit)
                self._pictures[name] = found.sub(MISSING, text).encode()
                self._put(name, self._pictures[name])
        if hits:
            shown = " ".join(f"{c} (U+{ord(c):04X})" for c in sorted(hits)[:8])
            shown += f" and {len(hits) - 8} more" if len(hits) > 8 else ""
            where = ", ".join(c for c in cells if c)
            self._warn(
                f"{where}{': ' if where else ''}no font has {shown}: shown as {MISSING}; give font_paths a font that"
                " has them"
            )
        return bool(hits)

    def _check_pictures(self, _: str) -> None:
        """Pictures that Typst refuses, each tried alone."""
        refused = {}
        for name in self._pictures:
            try:
                self._run(f'{_HEAD}#image({quoted(name)}, alt: "x")')
            except Exception as error:  # any refusal will do
                if not _GLYPH.search(str(error)):
                    refused[name] = str(error).split("\n")[0]
        if refused:
            raise PicturesRefused(refused)

    def _mend_formulas(self, _: str) -> None:
        """Formulas that Typst refuses, each tried alone, as their source text."""

        def replace(match: re.Match[str]) -> str:
            trial = f'{_HEAD}#let f = [{match.group(2)}]\n#math.equation(alt: "x", f.at("body", default: f))'
            try:
                self._run(trial)
            except Exception as error:  # any refusal will do
                if _GLYPH.search(str(error)):
                    return match.group(0)
                shown = match.group(1)[1:-1].removeprefix("Formula: ")
                self._tell(match.start(), "a formula that Typst cannot set is shown as its source")
                return f'#nb-inline-code("{shown}");'
            return match.group(0)

        self._source = _FORMULA.sub(replace, self._source)

    def _mend_cells(self, said: str) -> None:
        """Cells that Typst refuses, each tried alone, as their text; first those that Typst points at."""
        chunks = list(_chunks(self._source))
        head = chunks[0][1] if chunks and not chunks[0][0] else ""
        lines = self._source.split("\n")
        named = {self._cell_at(len("\n".join(lines[: int(n)]))) for n in _LINE.findall(said) if int(n) <= len(lines)}
        bad = {p for p, text in chunks if p in named and self._refuses(head, text)}
        bad = bad or {p for p, text in chunks if p and p not in named and self._refuses(head, text)}
        out = []
        for place, text in chunks:
            if place in bad and place:
                self._warn(f"{place}: Typst cannot set what this cell holds; its text is shown instead")
                lost = "".join(_anchor(name) for name in _labels(_DEFINED, text))
                text = f"{MARK}{place}\n\n#nb-lost({quoted(self._plain.get(place, ''))})\n{lost}\n"
            out.append(text)
        self._source = "".join(out)

    def _refuses(self, head: str, text: str) -> bool:
        """Whether Typst refuses one cell; what it points at elsewhere is made up."""
        missing = _labels(_POINTED, text) - _labels(_DEFINED, text) - _labels(_DEFINED, head)
        try:
            self._run(head + text + "\n" + "".join(map(_anchor, sorted(missing))))
        except Exception as error:  # any refusal will do
            return not _GLYPH.search(str(error))
        return False

    def _cell_at(self, position: int) -> str:
        """The cell that holds a place of the source; empty before the first."""
        start = self._source.rfind(f"\n{MARK}cell ", 0, position)
        match = _PLACE.match(self._source, start + 1) if start >= 0 else None
        return match.group(1) if match else ""

    def _tell(self, position: int, message: str) -> None:
        cell = self._cell_at(position)
        self._warn(f"{cell}: {message}" if cell else message)


def _chunks(source: str) -> Iterator[tuple[str, str]]:
    """Cell and source of each part; what stands before the first cell has no name."""
    marks = [m for m in _PLACE.finditer(source) if m.group(1).startswith("cell ")]
    ends = [*(m.start() for m in marks[1:]), len(source)] if marks else []
    yield "", source[: marks[0].start()] if marks else source
    for mark, end in zip(marks, ends, strict=True):
        yield mark.group(1), source[mark.start() : end]


def _labels(pattern: re.Pattern[str], text: str) -> set[str]:
    return {a or b for a, b in pattern.findall(text)}


def _anchor(name: str) -> str:
    return f"#metadata({quoted(name)}) #label({quoted(name)})\n"


def _class_of(char: str) -> str:
    for low, high in _BLOCKS:
        if low <= ord(char) <= high:
            return f"{chr(low)}-{chr(high)}"
    return re.escape(char)
