"""Charts as the web page shows them: tidy SVG that follows the reader's colour scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from incident_report.colours import linear, luminance
from incident_report.present.typefaces import FAMILIES
from incident_report.publish.tidy import tidied
from nbtypst.ast import printable

BACKGROUND = "#14191f"  # the page in the dark scheme; white becomes this
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_DROP = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_PAINT = re.compile(r"\s(fill|stroke|stop-color|color)=\"(#[0-9a-fA-F]{6})\"")
_LIVE = re.compile(r"<script\b|<foreignObject\b|\son\w+\s*=|(?:href|src)\s*=\s*[\"'](?!#|data:image/)", re.IGNORECASE)
_STYLED = re.compile(r'\sstyle="([^"]*)"')
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_MARK = re.compile(r'<defs><path id="([^"]*)"([^<>]*)/></defs>')
_LEADS = re.compile(r'href="#([^"]*)"')
_SIZE = re.compile(r"\s(?:width|height)=\"[^\"]*\"")


@dataclass
class Drawings:
    """SVG made part of a page: text stays text in the page's fonts, colours follow the reader's scheme.

    Every colour of luminance L becomes one of the same hue with luminance L', where
    ``(L' + 0.05) (L + 0.05)`` is constant: the contrast ratio of any two colours (WCAG 2.2,
    "contrast ratio") stays what it was, so a chart that is legible in the light is legible in the dark.
    A chart that holds a raster image keeps its own colours.

    Attributes
    ----------
    colours : set of str
        Those met so far; `styles` gives the rules for them.
    looks : mapping of declarations -> class
        What elements look like, met so far.
    marks : mapping of path and look -> id
        Marks that are drawn more than once, met so far.
    """

    colours: set[str] = field(default_factory=set)
    looks: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def inline(self, svg: bytes, id: str, alt: str, kind: str = "") -> str:
        """An SVG as an element of the page.

        Parameters
        ----------
        id : str
            Put before every id in the picture, so that none occurs twice on the page.
        alt : str
            What is seen, as plain text.
        kind : str
            Class of the element.

        Raises
        ------
        ValueError
            If the picture holds a script, an event handler or an outside address.
        """
        text = _STYLE.sub("", _DROP.sub("", printable(svg.decode("utf-8")))).strip()
        if _LIVE.search(text):
            raise ValueError("an SVG with a script, a handler or an outside address is refused")
        coloured = "<image" not in text

        def own(tag: re.Match[str]) -> str:  # what a label says is left alone
            found = tag[0].replace(FAMILIES, "var(--sans)")
            return _STYLED.sub(self._class, self._coloured(_styled(found)) if coloured else found)

        text = self._shared(_TAG.sub(own, tidied(text, id)))
        opening = f'<svg role="img" aria-label="{escape(alt)}" class="{kind}"'
        return re.sub(r"<svg\b([^>]*)>", lambda m: f"{opening}{_SIZE.sub('', m[1])}>", text, count=1)

    def _shared(self, svg: str) -> str:
        """An SVG without the marks that an earlier one has drawn: what leads to them leads there."""
        instead = {}

        def mark(match: re.Match[str]) -> str:
            name, look = match.groups()
            instead[name] = self.marks.setdefault(look, name)
            return match[0] if instead[name] == name else ""

        text = _MARK.sub(mark, svg)
        return _LEADS.sub(lambda m: f'href="#{instead.get(m[1], m[1])}"', text)

    def _coloured(self, tag: str) -> str:
        self.colours |= {c.lower() for c in _COLOUR.findall(tag)}
        return _COLOUR.sub(lambda m: f"var(--c{m[0][1:].lower()})", tag)

    def _class(self, style: re.Match[str]) -> str:
        """A class in place of declarations: charts say the same few hundreds of times."""
        rules = re.sub(r"\s*([:;,])\s*", r"\1", style[1]).strip(";")
        return f' class="{self.looks.setdefault(rules, f"s{len(self.looks)}")}"'

    def styles(self) -> str:
        """Rules for the looks met, and those that give each colour its value in the light and in the dark."""
        looks = "".join(f"svg .{name}{{{rules}}}" for rules, name in self.looks.items())
        light = "".join(f"--c{c[1:]}:{c};" for c in sorted(self.colours))
        dark = "".join(f"--c{c[1:]}:{inverted(c)};" for c in sorted(self.colours))
        # What has no colour of its own is black in SVG, hence the fill of the whole.
        return (
            f"{looks}:root{{{light}}}@media screen and (prefers-color-scheme:dark)"
            f"{{:root{{{dark}}}.chart svg{{fill:{inverted('#000000')}}}}}"
        )


def _styled(tag: str) -> str:
    """A tag with its colours in ``style``: attributes do not know ``var()``."""
    paints = _PAINT.findall(tag)
    if not paints:
        return tag
    rules = "".join(f"{name}:{colour};" for name, colour in paints)
    text = _PAINT.sub("", tag)
    if ' style="' in text:
        return text.replace(' style="', f' style="{rules}', 1)
    return re.sub(r"\s*(/?>)$", lambda m: f' style="{rules}"{m[1]}', text)


def inverted(colour: str) -> str:
    """The colour of the dark scheme: same hue, every contrast ratio kept."""
    if colour == "#ffffff":
        return BACKGROUND
    aim = 1.05 * (luminance(BACKGROUND) + 0.05) / (luminance(colour) + 0.05) - 0.05
    aim = min(1.0, max(0.0, aim))
    rgb = linear(colour)
    own = luminance(colour)
    if own <= 0:
        return _hex([aim] * 3)
    if aim <= own:  # darker: the same colour with less light
        return _hex([v * aim / own for v in rgb])
    # Lighter: as much light as the gamut holds, then towards white, which moves luminance linearly.
    scaled = [v * min(aim / own, 1 / max(rgb)) for v in rgb]
    reached = 0.2126 * scaled[0] + 0.7152 * scaled[1] + 0.0722 * scaled[2]
    share = 0.0 if reached >= 1 else max(0.0, (aim - reached) / (1 - reached))
    return _hex([v + share * (1 - v) for v in scaled])


def _hex(linear: list[float]) -> str:
    values = [v * 12.92 if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in linear]
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, v))):02x}" for v in values)
