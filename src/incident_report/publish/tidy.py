"""An SVG in fewer signs that draws the same: no ids that nobody names, no empty groups, two decimals."""

from __future__ import annotations

import re

# A hundredth of a point is a fiftieth of a pixel where the page shows a chart at twice its size.
_PARTS = 100
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)([^<>]*?)(/?)>")
_GAP = re.compile(r">[ \t]*\n\s*<")
_ID = re.compile(r'\sid="([^"]*)"')
_NAMED = re.compile(r'(href="#|url\(#)([^")]*)')
_UNUSED = re.compile(r'\s(?:xmlns(?::\w+)?|version)="[^"]*"|\stransform="rotate\(-?0 [^"]*"')
_PATH = re.compile(r'(\sd=")([^"]*)"')
_NUMBERED = re.compile(r'(\s(?:x|y|width|height|transform)=")([^"]*)"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_SEGMENT = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}


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

    def tag(match: re.Match[str]) -> str:
        end, kind, attributes, closed = match.groups()
        if end:
            return match[0] if kind != "g" or groups.pop() else ""
        text = _UNUSED.sub("", attributes).replace("xlink:href", "href")
        text = _ID.sub(lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", text)
        text = _NAMED.sub(lambda m: f"{m[1]}{names[m[2]]}", text)
        text = _PATH.sub(lambda m: f'{m[1]}{path(m[2])}"', text)
        text = _NUMBERED.sub(lambda m: f'{m[1]}{_LONG.sub(lambda n: _short(float(n[0])), m[2])}"', text).rstrip()
        if kind == "g":
            groups.append(bool(text) and not closed)
            if closed:
                groups.pop()
            if not text:
                return ""
        return f"<{kind}{text}{closed}>"

    return _GAP.sub("><", _TAG.sub(tag, _GAP.sub("><", svg)))


def path(d: str) -> str:
    """A path's data from point to point, in hundredths; as it is where it holds more than lines and curves.

    Examples
    --------
    >>> path("M 10.004 20  L 10.5 19.25  L 11 19.25 z ")
    'M10 20l.5-.75 .5 0z'
    """
    out, last, at, begin = "", "", (0, 0), (0, 0)
    for command, rest in _SEGMENT.findall(d):
        if command in "zZ":
            out, last, at = f"{out}z", "z", begin
            continue
        values = [round(float(v) * _PARTS) for v in rest.replace(",", " ").split()]
        if len(values) != 2 * _POINTS.get(command, -1):
            return d
        points = list(zip(values[::2], values[1::2], strict=True))
        if command == "M":
            begin, letter = points[0], "M"
            numbers = list(begin)
        else:
            numbers = [v for x, y in points for v in (x - at[0], y - at[1])]
            letter = command.lower()
        out += letter if letter != last or letter == "M" else " "
        out, last, at = out + _joined(numbers), letter, points[-1]
    return out


def _joined(numbers: list[int]) -> str:
    text = " ".join(_short(n / _PARTS) for n in numbers)
    return text.replace(" -", "-")


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    text = re.sub(r"^(-?)0\.", r"\1.", text)
    return "0" if text in ("-0", "", "-") else text
