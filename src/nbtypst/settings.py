"""How a document looks: paper, margins, faces, logo, header, as settings or as a notebook's own metadata.

A notebook's metadata field ``nbtypst`` may hold the same names as the exporter's settings; a setting that was given
wins. A notebook may come from anybody: what it says wrong is warned about and passed over, and it opens no folder but
its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbtypst import languages
from nbtypst.typst_layout import Room
from nbtypst.typst_values import literal

MM = 72 / 25.4
_CM = {"mm": MM, "cm": 10 * MM, "in": 72.0, "pt": 1.0}
PAPERS = {  # millimetres
    "a3": (297, 420), "a4": (210, 297), "a5": (148, 210), "a6": (105, 148), "iso-b5": (176, 250),
    "us-letter": (215.9, 279.4), "us-legal": (215.9, 355.6), "us-tabloid": (279.4, 431.8),
}  # fmt: skip
_ALIASES = {"letter": "us-letter", "legal": "us-legal", "tabloid": "us-tabloid", "b5": "iso-b5"}
_LENGTH = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)[ ]?(mm|cm|in|pt)\Z", re.IGNORECASE)
_SIDES = re.compile(r"([\d.]+)[ ]?([a-z]*)[ ]?[x×][ ]?([\d.]+)[ ]?([a-z]+)")
_SMALLEST, _LARGEST = 50, 2_000  # millimetres of a side
_FAMILY = re.compile(r"[\w .-]{1,60}\Z")
_EMPTY = (None, "")  # not given
_LEAST = 18.0  # points of a margin in which one small line has room
_LOOK = re.compile(r"^#let nb-look = .*$", re.MULTILINE)
_FACES = {"font": "Libertinus Serif", "heading_font": "Libertinus Serif", "code_font": "DejaVu Sans Mono"}


class SettingError(ValueError):
    """A setting that cannot be used; the message names it and says what it may be."""


@dataclass(frozen=True)
class Look:
    """What a document looks like.

    Parameters
    ----------
    paper : str
        One of `PAPERS`, or width and height such as ``100mm x 200mm``.
    margins : tuple of float
        Top, right, bottom, left, in points.
    fonts : mapping
        ``font``, ``heading_font``, ``code_font`` -> families, best first.
    size : float
        Of the text, in points.
    logo, logo_alt : str
        Name of a picture among the document's, and what it shows.
    header : str
        Words at the head of each page.
    numbering : bool, optional
        Whether sections have numbers; None: where text points at them.
    """

    paper: str = "a4"
    margins: tuple[float, float, float, float] = (24 * MM, 25 * MM, 24 * MM, 25 * MM)
    fonts: Mapping[str, tuple[str, ...]] | None = None
    size: float = 10.5
    logo: str = ""
    logo_alt: str = ""
    header: str = ""
    numbering: bool | None = None

    @property
    def room(self) -> Room:
        """Width of the text on an upright and on a turned page, at the usual size, and the text's size at that."""
        width, height = self.sides
        sides = self.margins[1] + self.margins[3]
        larger = max(1.0, self.size / Look.size)  # tables grow with the text, as in default.typ
        turned = (height - sides) / larger if height > width else 0.0  # turning a page that lies gains nothing
        return Room((width - sides) / larger, turned, self.size / larger)

    @property
    def narrowest(self) -> float:
        """The least width or height of the text, upright or turned."""
        across, down = self.margins[1] + self.margins[3], self.margins[0] + self.margins[2]
        return min(self.sides) - max(across, down)

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height of the paper, in points."""
        if own := _SIDES.fullmatch(self.paper):
            return _length("paper", f"{own[1]}{own[2] or own[4]}"), _length("paper", f"{own[3]}{own[4]}")
        width, height = PAPERS[self.paper]
        return width * MM, height * MM

    def into(self, template: str) -> str:
        """The template with these values in its line ``#let nb-look = …``."""
        values = {
            **({"paper": self.paper} if self.paper in PAPERS else {"sides": list(self.sides)}),
            "margins": list(map(float, self.margins)),
            "size": float(self.size),
            "logo": self.logo,
            "logo-alt": self.logo_alt,
            "header": self.header,
            "numbers": self.margins[2] >= _LEAST * max(1.0, self.size / Look.size),
            **{name.replace("_", "-"): [*own, _FACES[name]] for name, own in (self.fonts or {}).items()},
        }
        return _LOOK.sub(lambda _: f"#let nb-look = {literal(values)}", template, count=1)


def look(given: Mapping[str, Any], own: Mapping[str, Any], warn: Callable[[str], None]) -> Look:
    """The look that settings and a notebook's metadata ask for.

    Parameters
    ----------
    given : mapping
        Settings; one that is empty was not given.
    own : mapping
        The notebook's metadata.

    Raises
    ------
    SettingError
        When a setting cannot be used; what is wrong in the metadata is only warned about.
    """
    found = {name: value for name in _READERS if (value := _asked(name, given, own, warn)) is not None}
    fonts = {name: found.pop(name) for name in _FACES if name in found}
    made = Look(**found, fonts=fonts)
    if made.narrowest < 100:
        if said := next((name for name in ("margins", "paper") if given.get(name)), ""):
            raise SettingError(f"{said}: {given[said]!r} leaves no room for text on {made.paper}")
        warn("metadata nbtypst: margins leave no room for text")
        made = Look(**{**found, "margins": Look.margins, "paper": Look.paper}, fonts=fonts)
    return _with_room(made, warn)


def _asked(name: str, given: Mapping[str, Any], own: Mapping[str, Any], warn: Callable[[str], None]) -> Any:
    """The value of a setting, else of the metadata if it can be used; None where neither gives one."""
    if given.get(name) not in _EMPTY:
        return _READERS[name](name, given[name])
    if own.get(name) in _EMPTY:
        return None
    try:
        return _READERS[name](name, own[name])
    except SettingError as error:
        warn(f"metadata nbtypst: {error}")
        return None


def _with_room(found: Look, warn: Callable[[str], None]) -> Look:
    """The look without a header for which its margin has no room, which would be printed outside the page."""
    larger = max(1.0, found.size / Look.size)
    lines = 1 + int(len(found.header) * 4.5 * larger / (found.sides[0] - found.margins[1] - found.margins[3]))
    if found.margins[2] < _LEAST * larger:
        warn("margins: the lower one has no room for page numbers; they are left away")
    if not found.header or found.margins[0] >= lines * _LEAST * larger:
        return found
    warn(f"header: the upper margin has no room for it ({found.margins[0]:.0f} points); it is left away")
    return replace(found, header="")


def _paper(name: str, value: Any) -> str:
    paper = str(value).strip().lower()
    paper = _ALIASES.get(paper, paper)
    if _SIDES.fullmatch(paper):
        if not all(_SMALLEST * MM <= side <= _LARGEST * MM for side in Look(paper=paper).sides):
            raise SettingError(f"{name}: {paper[:40]!r}: give sides between {_SMALLEST} and {_LARGEST} mm")
    elif paper not in PAPERS:
        raise SettingError(f"{name}: {str(value)[:40]!r} is none of {', '.join(PAPERS)}, nor such as 100mm x 200mm")
    return paper


def _length(name: str, value: Any) -> float:
    match = _LENGTH.match(str(value).strip())
    if not match:
        raise SettingError(f"{name}: {str(value)[:40]!r} is no length such as 20mm, 2cm, 1in or 10pt")
    return float(match.group(1)) * _CM[match.group(2).lower()]


def _margins(name: str, value: Any) -> tuple[float, float, float, float]:
    """One to four lengths, as in CSS: all; top and sides; top, sides, bottom; from the top to the right."""
    together = re.sub(r"(?<=\d)[ ]+(?=[A-Za-z])", "", str(value)).replace(",", " ")
    parts = value if isinstance(value, list | tuple) else together.split()
    sizes = [_length(name, part) for part in parts]
    if not 1 <= len(sizes) <= 4:
        raise SettingError(f"{name}: give one to four lengths, not {len(sizes)}")
    top, right, bottom, left = (
        sizes[i if i < len(sizes) else max(0, i - 2) if len(sizes) > 1 else 0] for i in range(4)
    )
    return top, right, bottom, left


def _size(name: str, value: Any) -> float:
    size = _length(name, value)
    if not 6 <= size <= 24:
        raise SettingError(f"{name}: {value} is not between 6pt and 24pt")
    return size


def _families(name: str, value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    families = tuple(str(part).strip().strip("\"'") for part in parts)
    if wrong := [f for f in families if not _FAMILY.match(f)]:
        raise SettingError(f"{name}: {wrong[0][:40]!r} is no name of a typeface")
    return families


def _words(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 300:
        raise SettingError(f"{name}: give a line of text, at most 300 characters")
    return " ".join(value.split())


def _yes_or_no(name: str, value: Any) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    found = value if isinstance(value, bool) else words.get(str(value).lower())
    if found is None:
        raise SettingError(f"{name}: {str(value)[:40]!r} is neither true nor false")
    return found


def _code(name: str, value: Any) -> str:
    shown = {"show": "show", "hide": "hide", True: "show", False: "hide"}
    found = shown.get(value) if isinstance(value, str | bool) else None
    if found is None:
        raise SettingError(f"{name}: {str(value)[:40]!r} is neither show nor hide")
    return found


def _files(name: str, value: Any) -> list[str]:
    paths = value if isinstance(value, list | tuple) else [value]
    if wrong := [path for path in paths if not isinstance(path, str)]:
        raise SettingError(f"{name}: {str(wrong[0])[:40]} is no path of a file")
    return [path for path in paths if path]


def language(name: str, value: Any) -> str:
    """The tag of a language, such as ``en-GB``."""
    found = languages.tag(value)
    if found is None:
        raise SettingError(f"{name}: {str(value)[:40]!r} is not a language's tag such as en or fr-CA")
    return found


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "paper": _paper,
    "margins": _margins,
    "size": _size,
    **dict.fromkeys(_FACES, _families),
    "logo": _words,
    "logo_alt": _words,
    "header": _words,
    "numbering": _yes_or_no,
}
_OWN: dict[str, Callable[[str, Any], Any]] = {  # of a notebook's metadata, beside the look
    "code": _code,
    "contents": _yes_or_no,
    "lists": _yes_or_no,
    "lang": language,
    "bibliography": _files,
    "csl": _words,
}
_ELSEWHERE = frozenset(("picture_root", "execute", "macros"))


def own(said: Mapping[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """What a notebook's metadata say, without what is wrong or no setting of a notebook; both are warned about.

    Examples
    --------
    >>> own({"code": False, "paper": "a5", "papers": 1}, print)
    metadata nbtypst: papers is no setting that a notebook may have
    {'code': 'hide', 'paper': 'a5'}
    """
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name not in {*_READERS, *_OWN, *_ELSEWHERE}:
            warn(f"metadata nbtypst: {str(name)[:40]} is no setting that a notebook may have")
        elif value is not None:
            try:
                found[name] = _OWN[name](name, value) if name in _OWN else value
            except SettingError as error:
                warn(f"metadata nbtypst: {error}")
    return found


def first(*values: bool | None) -> bool:
    """The first that was given; else no."""
    return next((value for value in values if value is not None), False)


def inside(path: str, folder: Path | None) -> Path | None:
    """A file that a notebook names, if it lies in `folder`; links are followed before it is judged."""
    if folder is None or not path:
        return None
    root = folder.resolve()
    found = (root / path).resolve()
    return found if found.is_relative_to(root) and found.is_file() else None
