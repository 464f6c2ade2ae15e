"""An SVG in fewer signs that draws the same: no ids that nobody names, no empty groups, two decimals.

Outlines, such as a country's border, are most of a map: they are drawn as far as their clip shows them, in tenths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise
from operator import and_

# A hundredth of a point is a fiftieth of a pixel where the page shows a chart at twice its size.
_PARTS = 100
# A tenth is a fifth of a pixel there: a border of a hundred corners looks the same, at two thirds of its length.
_COARSE, _MANY = 10, 24
_FAR = 4.0  # points beyond its clip from which on a line leaves no trace, however it is stroked
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)([^<>]*?)(/?)>")
_GAP = re.compile(r">[ \t]*\n\s*<")
_ID = re.compile(r'\sid="([^"]*)"')
_NAMED = re.compile(r'(href="#|url\(#)([^")]*)')
_UNUSED = re.compile(r'\s(?:xmlns(?::\w+)?|version)="[^"]*"|\stransform="rotate\(-?0 [^"]*"')
_PATH = re.compile(r'(\sd=")([^"]*)"')
_NUMBERED = re.compile(r'(\s(?:x|y|width|height|transform)=")([^"]*)"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_NEXT_PART = re.compile(r"(\.\d+) (?=\.)")
_SEGMENT = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "z": 0, "Z": 0}
_MOVED = re.compile(r"<(?:g|svg)\b[^<>]*\stransform=")
_CLIP = re.compile(
    r'<clipPath id="([^"]*)">\s*<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"\s*/>'
)
_CLIPPED = re.compile(r'\sclip-path="url\(#([^")]*)\)"')
_ABSOLUTE = re.compile(r"[MLQCz\d\s.e-]*")
_LETTER = re.compile(r"[MLQCz]")
_STROKED = re.compile(r"\bstroke: (?!none)")
_WIDTH = re.compile(r"\bstroke-width: ([\d.]+)")
_BAR, _SIDES = re.compile(r"l([\d.-]+) 0 0 ?([\d.-]+?) ?(-?[\d.]+) 0z"), r"h\1v\2h\3z"
_OUTLINE = re.compile(r"(?:\s*M[-\d. e]+(?:\s*L[-\d. e]+)*(?:\s*z)?)+\s*")
_SAME_CLIP = re.compile(r'(<g clip-path="[^"]*">)((?:[^<]|<(?!/?g[ >]))*)</g>\1')

Box = tuple[float, float, float, float]
Point = tuple[float, float]


def tidied(svg: str, id: str) -> str:
    """An SVG as an element of an HTML page, made shorter.

    Parameters
    ----------
    id : str
        Begins every id that stays.
    """
    names: dict[str, str] = {}
    for _, name in _NAMED.findall(svg):
        names.setdefault(name, f"{id}-{len(names)}")
    groups: list[bool] = []  # whether each open group stands in the text
    boxes = {} if _MOVED.search(svg) else dict(_boxes(svg))

    def tag(match: re.Match[str]) -> str:
        end, kind, attributes, closed = match.groups()
        if end:
            return match[0] if kind != "g" or groups.pop() else ""
        text = _UNUSED.sub("", attributes).replace("xlink:href", "href")
        text = _ID.sub(lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", text)
        text = _NAMED.sub(lambda m: f"{m[1]}{names[m[2]]}", text)
        clip = _CLIPPED.search(attributes)
        box = boxes.get(clip[1]) if clip and not _ID.search(text) and "transform" not in text else None
        if box and (d := _PATH.search(text)):
            if closed and _without(d[2], box):
                return ""
            text = _CLIPPED.sub("", text) if _within(d[2], box, _stroke(text)) else text
        text = _PATH.sub(lambda m: f'{m[1]}{_BAR.sub(_SIDES, outline(m[2], box) if box else path(m[2]))}"', text)
        text = _NUMBERED.sub(lambda m: f'{m[1]}{_LONG.sub(lambda n: _short(float(n[0])), m[2])}"', text).rstrip()
        if kind == "g":
            groups.append(bool(text) and not closed)
            if closed:
                groups.pop()
            if not text:
                return ""
        return f"<{kind}{text}{closed}>"

    return _together(_GAP.sub("><", _TAG.sub(tag, _GAP.sub("><", svg))).replace("<defs></defs>", ""))


def _together(svg: str) -> str:
    """Groups of the same clip that follow each other as one group."""
    shorter = _SAME_CLIP.sub(r"\1\2", svg)
    return svg if shorter == svg else _together(shorter)


def _boxes(svg: str) -> Iterator[tuple[str, Box]]:
    """Name of each clip that is a rectangle, and its left, top, right and bottom."""
    for name, *sizes in _CLIP.findall(svg):
        x, y, width, height = map(float, sizes)
        yield name, (x, y, x + width, y + height)


def _within(d: str, box: Box, room: float) -> bool:
    """Whether a path stays within a box, away from its sides by some room: then a clip to it cuts off nothing."""
    return bool(_ABSOLUTE.fullmatch(d)) and not any(_beyond(at, box, -room) for at in _points(d))


def _without(d: str, box: Box) -> bool:
    """Whether a path lies beyond one side of its clip: then nothing of it is drawn."""
    if not _ABSOLUTE.fullmatch(d):
        return False
    return bool(reduce(and_, (_beyond(at, box, _FAR) for at in _points(d)), 15))


def _stroke(attributes: str) -> float:
    """How far a stroke reaches beyond its line at most, where corners are square."""
    width = _WIDTH.search(attributes)
    return (float(width[1]) if width else 1.0) if _STROKED.search(attributes) else 0.0


def _points(d: str) -> list[Point]:
    values = [float(v) for v in _LETTER.sub(" ", d).split()]
    return list(zip(values[::2], values[1::2], strict=True))


def outline(d: str, box: Box) -> str:
    """Data of a path that is clipped to a box: of an outline what is to be seen of it, in tenths; else as `path`.

    Where an outline runs on beyond one side of the box, its first and its last point there stand for all: the line
    between them stays beyond that side, so what is seen, and what is filled, is the same.

    Examples
    --------
    >>> coast = "M 5 5 L -9 5 L -40 6 L -9 7 " + " ".join(f"L {x} {8 + x % 2}" for x in range(24))
    >>> outline(coast, (0, 0, 10, 10))
    'M5 5l-14 0 0 2 9 1 1 1 1-1 1 1 1-1 1 1 1-1 1 1 1-1 1 1 1-1 1 1 1-1 1 1 1-1 1 1 8 0'
    """
    if d.count("L") < _MANY or not _OUTLINE.fullmatch(d):
        return path(d)
    parts = []
    for part in filter(str.strip, d.split("M")):
        points = _seen(_points(part), box)
        parts.append(_polyline(points) + "z" * part.rstrip().endswith("z"))
    return "".join(parts)


def _seen(points: Sequence[Point], box: Box) -> list[Point]:
    kept: list[Point] = []
    side = 0  # those that all points since the last kept one but one share
    for at in points:
        own = _beyond(at, box, _FAR)
        if side & own and len(kept) > 1:
            kept[-1] = at
            side &= own
        else:
            side = own & _beyond(kept[-1], box, _FAR) if kept else 0
            kept.append(at)
    return kept


def _beyond(at: Point, box: Box, far: float) -> int:
    """Sides of a box that a point lies beyond, by more than so far; a bit each."""
    (x, y), (left, top, right, bottom) = at, box
    return (x < left - far) | (y < top - far) << 1 | (x > right + far) << 2 | (y > bottom + far) << 3


def _polyline(points: Sequence[Point]) -> str:
    steps = [(round(x * _COARSE), round(y * _COARSE)) for x, y in points]
    moves = [(x - a, y - b) for (a, b), (x, y) in pairwise(steps) if (x, y) != (a, b)]
    numbers = [" ".join(_short(v / _COARSE) for v in pair) for pair in (steps[0], *moves)]
    return _tight(f"M{numbers[0]}" + "l" * bool(moves) + " ".join(numbers[1:]))


def path(d: str) -> str:
    """A path's data from point to point, in hundredths; as it is where it holds more than lines and curves.

    Examples
    --------
    >>> path("M 10.004 20  L 10.5 19.25  L 11 19.25 z ")
    'M10 20l.5-.75.5 0z'
    """
    segments = [
        (command, [round(float(v) * _PARTS) for v in rest.replace(",", " ").split()])
        for command, rest in _SEGMENT.findall(d)
    ]
    if any(len(values) != 2 * _POINTS.get(command, -1) for command, values in segments):
        return d
    out, last, at, begin = "", "", [0, 0], [0, 0]
    for command, values in segments:
        first = command == "M"
        letter, origin, begin = ("M", [0, 0], values) if first else (command.lower(), at, begin)
        out += " " if letter == last and values and not first else letter
        out += " ".join(_short((v - origin[i % 2]) / _PARTS) for i, v in enumerate(values))
        last, at = letter, values[-2:] or begin
    return _tight(out)


def _tight(d: str) -> str:
    """A path's data without the blanks that nobody needs to tell its numbers apart."""
    return _NEXT_PART.sub(r"\1", d.replace(" -", "-"))


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    text = re.sub(r"^(-?)0\.", r"\1.", text)
    return "0" if text in ("-0", "", "-") else text
