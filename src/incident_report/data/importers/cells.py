"""Cells of foreign tables: codes as values, numbers, numbers of people, points and names for ids."""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

MOST_PEOPLE = 1_000_000
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_GROUPED = {
    ".": re.compile(r"[+-]?[0-9]{1,3}(?:[,\u00a0\u202f ][0-9]{3})+(?:\.[0-9]+)?"),
    ",": re.compile(r"[+-]?[0-9]{1,3}(?:[.\u00a0\u202f ][0-9]{3})+(?:,[0-9]+)?"),
}
_DECIMAL = {
    ".": re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,15})?(?:[eE][+-]?[0-9]{1,3})?"),
    ",": re.compile(r"[+-]?[0-9]{1,15}(?:,[0-9]{0,15})?"),
}
_RANGE = re.compile(r"\s*([0-9]{1,7})\s*(?:-|\u2013|\u2014|to)\s*([0-9]{1,7})\s*")
_NUMBER = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_MARKS = re.compile(r"[\s\u00b0\u00ba\u02da'`\u2019\u2032\u00b4\"\u201d\u2033:]*")
_DEGREES = re.compile(r"[\u00b0\u00ba\u02da:]|[0-9]\s+[0-9]")
_COMPASS = re.compile(r"^[NSEWnsew]|[NSEWnsew]$")
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")  # what YAML 1.1 takes for a truth value


def code(text: str) -> str:
    """What a code is compared by: 1, 1.0 and '1' are one, and so are Rocket and rocket.

    >>> code("1.0") == code("01") == code("1"), code(" Car  Bomb ")
    (True, 'car bomb')
    """
    text = " ".join(text.split())
    if _PLAIN.fullmatch(text):
        whole, _, part = text.lstrip("+").partition(".")
        part = part.rstrip("0")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        digits = digits.lstrip("0") or "0"
        return f"{sign if digits != '0' or part else ''}{digits}{'.' + part if part else ''}"
    return unicodedata.normalize("NFKC", text).casefold()


def codes(values: Iterable[Any]) -> frozenset[str]:
    """The same for what YAML made of a map's values: ``yes`` is a truth value there, and 2020-01-01 a date."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, bool):
            found.update(_TRUE if value else _FALSE)
        else:
            found.add(code(value.isoformat() if isinstance(value, date) else str(value)))
    return frozenset(found)


def number(text: str, decimal: str = ".") -> float | None:
    """A finite number, thousands grouped or not; None for an empty cell or something else.

    Parameters
    ----------
    decimal : str
        ``.`` or ``,``.

    >>> number("1,234.5"), number("1.234,5", ","), number("1e400"), number("nan")
    (1234.5, 1234.5, None, None)
    """
    text = text.strip()
    if _GROUPED[decimal].fullmatch(text):
        text = "".join(c for c in text if c in "+-0123456789" or c == decimal)
    elif not _DECIMAL[decimal].fullmatch(text):
        return None
    value = float(text.replace(decimal, "."))
    return value if math.isfinite(value) else None


def people(text: str, decimal: str = ".") -> tuple[int, int] | None:
    """The least and the most of a number of people: a whole number, or a range such as ``5-7``; else None."""
    if span := _RANGE.fullmatch(text):
        low, high = int(span[1]), int(span[2])
        return (low, high) if low <= high <= MOST_PEOPLE else None
    value = number(text, decimal)
    if value is None or value < 0 or value != int(value) or value > MOST_PEOPLE:
        return None
    return int(value), int(value)


def angle(text: str, decimal: str = ".") -> float | None:
    """A coordinate in degrees: decimal, or degrees, minutes and seconds with or without a letter; else None.

    >>> angle("33.5"), angle("16:30:00 S"), angle("1:16.5N"), angle("75 10")
    (33.5, -16.5, 1.275, 75.16666666666667)
    """
    text = text.strip()
    if (plain := number(text, decimal)) is not None and not re.search(r"\s", text):
        return plain
    sign, bare = _sign(text)
    if not sign:
        return None
    parts = [float(n.replace(",", ".")) for n in _NUMBER.findall(bare)]
    if not _MARKS.fullmatch(_NUMBER.sub(" ", bare)) or not _are_sixtieths(parts):
        return None
    value = sum(p / 60**i for i, p in enumerate(parts))
    return -value if sign < 0 else value


def _sign(text: str) -> tuple[int, str]:
    """1 or -1 by a letter of the compass or a minus, 0 for both at once or no angle; and the angle without them."""
    letter = "".join(_COMPASS.findall(text))[:1]
    if not letter and not _DEGREES.search(text):
        return 0, text
    bare = text.strip(letter or None).strip()
    minus, south = bare.startswith("-"), letter in tuple("SWsw")
    return 0 if minus and letter else -1 if minus or south else 1, bare.lstrip("+-")


def _are_sixtieths(parts: list[float]) -> bool:
    """Whether numbers are degrees, minutes and seconds: under 60 behind the first, whole before the last."""
    small = all(p < 60 for p in parts[1:])
    whole = all(p == int(p) for p in parts[:-1])
    return 1 <= len(parts) <= 3 and small and whole


def point(latitude: str, longitude: str, decimal: str = ".") -> tuple[str, str] | None:
    """Coordinates as the incident files write them, or None if they are none on Earth."""
    y, x = angle(latitude, decimal), angle(longitude, decimal)
    if y is None or x is None or not (-90 <= y <= 90 and -180 <= x <= 180):
        return None
    return _written(latitude, y), _written(longitude, x)


def pair(text: str, decimal: str = ".", *, swapped: bool = False) -> tuple[str, str] | None:
    """Latitude and longitude that stand in one cell, in that order; None where they cannot be told apart.

    Parameters
    ----------
    swapped : bool
        The longitude comes first, as in GeoJSON; letters of the compass go before that.

    >>> pair("1:14:00 N 103:38:15 E"), pair("33.5, 44.25")
    (('1.23333', '103.6375'), ('33.5', '44.25'))
    """
    text = text.strip().strip("()[]")
    if named := re.fullmatch(r"(.+?[NSns])[\s,;/\u2013-]*(?=[^NSns]*[EWew]$)(.+)", text, re.DOTALL):
        return point(named[1], named[2], decimal)
    parts = re.split(r"\s*;\s*" if decimal == "," else r"\s*[;,]\s*|\s+", text)
    parts = parts[::-1] if swapped else parts
    return point(parts[0], parts[1], decimal) if len(parts) == 2 else None


def _written(text: str, value: float) -> str:
    """A number as it stood where our files may hold it so, else to a metre."""
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", text.strip()):
        return text.strip()
    shown = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def slug(text: str, most: int = 60) -> str:
    """Letters, digits and single hyphens, for ids."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = "-".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", plain)))
    if words and len(words) <= most and plain.isascii():
        return words
    # Cut or not in Latin letters: a checksum keeps two names apart.
    return f"{words[: most - 9].strip('-') or 'name'}-{zlib.crc32(text.encode()):08x}"
