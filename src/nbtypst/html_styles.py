"""Colours and bars of table cells, which pandas' Styler gives by id and others in the cell, as classes of ours.

A cell's classes become ``nb-fill-rrggbb``, ``nb-ink-rrggbb`` (text) and ``nb-bar-rrggbb-from-to`` (per cent of the
cell's width); nothing else of a style sheet is read.
"""

from __future__ import annotations

import re

from nbtypst.html_source import IGNORED

_SHEET = re.compile(r"(?is)<style\b[^>]*>(.*?)</style\s*>")
_RULE = re.compile(r"([^{}]{1,100000})\{([^{}]{0,2000})\}")
_ID = re.compile(r"#([\w-]{1,80})\s*\Z")
_CELL = re.compile(r"<t[dh]\b[^<>]{0,2000}>")
_ATTRIBUTE = re.compile(r"\b(id|style|class)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_COLOUR = re.compile(
    r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})[^)]*\)|\b([a-z]+)\b"
)
_STOP = re.compile(r"((?:#|rgba?\()[^,()]*(?:\([^)]*\)|,[^)%]*\))?|[a-z]+)\s+(\d+(?:\.\d+)?)%")
# The names that Styler's own methods and their examples use; any other name stays without colour.
_NAMES = {
    "red": "ff0000", "yellow": "ffff00", "green": "008000", "lightgreen": "90ee90", "lightblue": "add8e6",
    "blue": "0000ff", "orange": "ffa500", "pink": "ffc0cb", "grey": "808080", "gray": "808080", "white": "ffffff",
    "black": "000000", "lightcoral": "f08080", "salmon": "fa8072", "lightgrey": "d3d3d3", "lightgray": "d3d3d3",
    "gold": "ffd700", "purple": "800080", "darkgreen": "006400", "darkblue": "00008b", "cyan": "00ffff",
    "magenta": "ff00ff", "brown": "a52a2a", "khaki": "f0e68c", "lightyellow": "ffffe0", "coral": "ff7f50",
    "tomato": "ff6347", "skyblue": "87ceeb", "steelblue": "4682b4", "lime": "00ff00", "violet": "ee82ee",
    "darkorange": "ff8c00", "crimson": "dc143c", "navy": "000080", "teal": "008080", "maroon": "800000",
}  # fmt: skip


def with_classes(html: str) -> str:
    """HTML whose table cells have their colours as classes, whether a style sheet or the cell gave them."""
    rules: dict[str, str] = {}
    for sheet in _SHEET.findall(html):
        for selectors, body in _RULE.findall(sheet):
            for selector in selectors.split(","):
                if match := _ID.search(selector.strip()):
                    rules[match.group(1)] = f"{rules.get(match.group(1), '')};{body}"

    def mark(match: re.Match[str]) -> str:
        tag = match.group(0)
        values = {name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag)}
        style = f"{rules.get(values.get('id', ''), '')};{values.get('style', '')}"
        found = " ".join(classes(style))
        if not found:
            return tag
        found = " ".join([found, *IGNORED.intersection(values.get("class", "").split())])
        bare = _ATTRIBUTE.sub(lambda m: "" if m.group(1) == "class" else m.group(0), tag)
        return f'{bare[:3]} class="{found}"{bare[3:]}'

    return _CELL.sub(mark, html) if rules or "background" in html else html


def classes(style: str) -> list[str]:
    """Classes for the declarations of a style.

    >>> classes("background-color: #fff7fb; color: #000000")
    ['nb-fill-fff7fb', 'nb-ink-000000']
    >>> classes("background: linear-gradient(90deg, #d65f5f 40.0%, transparent 40.0%)")
    ['nb-bar-d65f5f-0-40']
    """
    found = {"fill": "", "ink": "", "bar": ""}
    for declaration in style.split(";"):
        name, value = (part.strip() for part in declaration.lower().partition(":")[::2])
        if kind := _kind(name, value):
            found[kind] = _bar(value) if kind == "bar" else _hex(value)
    found["ink"] = _legible(found["ink"], found["fill"])
    return [f"nb-{kind}-{value}" for kind, value in found.items() if value]


def _kind(name: str, value: str) -> str:
    """What a declaration gives a cell; empty where it is nothing of ours."""
    if name == "color":
        return "ink"
    if name not in ("background", "background-color"):
        return ""
    return "bar" if "gradient" in value else "fill"


def _legible(ink: str, fill: str) -> str:
    """The ink where it can be read; else black or white on a fill, and none on the paper."""
    if not fill:
        return ink if ink and _readable(ink, "ffffff") else ""
    if _readable(ink or "1f2933", fill):
        return ink
    return "000000" if _readable("000000", fill) else "ffffff"


def _hex(value: str) -> str:
    match = _COLOUR.match(value)
    if not match:
        return ""
    if match.group(1):
        digits = match.group(1).lower()
        return digits if len(digits) == 6 else "".join(2 * d for d in digits)
    if match.group(2):
        return "".join(f"{min(int(part), 255):02x}" for part in match.groups()[1:4])
    return _NAMES.get(match.group(5) or "", "")


def _bar(value: str) -> str:
    """The first colour of a gradient that is not transparent, with where it begins and ends."""
    stops = [(_hex(colour), float(at)) for colour, at in _STOP.findall(value)]
    for i, (colour, at) in enumerate(stops):
        if colour:
            begins = at if i + 1 < len(stops) and stops[i + 1][0] == colour else (stops[i - 1][1] if i else 0.0)
            ends = [a for c, a in stops[i:] if c == colour][-1]
            if ends > begins:
                return f"{colour}-{round(min(begins, 100))}-{round(min(ends, 100))}"
            return ""
    return ""


def _light(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _readable(ink: str, fill: str) -> bool:
    """Whether text in one colour can be read on another (4.5 to 1)."""
    dark, light = sorted((_light(ink), _light(fill)))
    return (light + 0.05) / (dark + 0.05) >= 4.5
