"""Text that is not what it seems: words for nothing, signs that nobody sees, signs that look like others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from incident_report.data.package import Field
from incident_report.scripts import uncovered

# Columns whose cells are names, besides ids and what refers to ids. In the other text columns people write freely.
NAMES = frozenset((
    "place", "governorate", "site", "target_name", "name", "attributed_to", "claimed_by",
    "publisher", "tracker", "series", "field", "by",
))  # fmt: skip
_NOTHING = frozenset((
    "nan", "null", "nil", "none", "n/a", "na", "n.a.", "#n/a", "#na", "<na>", "nat", "undefined", "unknown", "tbd",
    "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!",  # what a spreadsheet shows for an error
    "-", "--", "---", "\u2013", "\u2014", "?", "??", "???", ".", "..", "...", "\u2026",
))  # fmt: skip
# Format signs that are seen, such as the Arabic number sign.
_SEEN = frozenset(map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)))
_JOINERS = "\u200c\u200d"
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)
_SHAPES = re.compile("[\ufb50-\ufdcf\ufe70-\ufefc]")  # of Arabic letters as they stand in a word
_TURNING = re.compile("[\u202a-\u202e]")
_HYPHENS = "\u2010\u2011\u2043\u2212\ufe58\ufe63\uff0d\u02d7"  # look like - in some typeface
_DASHES = "\u2012\u2013\u2014\u2015"  # rightly between the ends of a road, never in an id
_APOSTROPHES = re.compile("['`´\u02b0-\u02bf\u2018\u2019\u201b\u2032\uff07]")
_ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))  # scripts that share shapes
_TWINS = str.maketrans(
    "аеорсхуіјѕкмтвнԁһοανρικτυχεη\u06a9\u06cc\u0649",
    "aeopcxyijskmtbhdhoavpiktuxen\u0643\u064a\u064a",
    "\u0640",
)


def is_name(field: Field) -> bool:
    """Whether a column holds names or ids, in which every sign counts."""
    return field.name in NAMES or is_id(field)


def is_id(field: Field) -> bool:
    """Whether a column holds ids: what others refer to, or what refers to them."""
    return (field.unique and field.name not in NAMES) or field.reference is not None or field.name.endswith("_id")


def oddities(field: Field, value: str | tuple[str, ...]) -> Iterator[str]:
    """What a person should look at in a cell, or in the items of a list: messages for faults.

    Columns with a vocabulary need no such look: what is not in it is told anyway.
    """
    for text in (value if isinstance(value, tuple) else (value,)) if field.free else ():
        if is_nothing(text):
            yield "is a word for nothing, and would be taken for a name; leave the cell empty if it is unknown"
        if not text.isascii():
            message = odd_sign(text, is_id(field)) if is_name(field) else turning_sign(text)
            if message:
                yield message
            for script, font in uncovered(text).items():
                yield f"holds {script} letters, which no bundled font has; put {font} (.ttf) in templates/fonts"


def is_nothing(text: str) -> bool:
    """Whether a cell holds a word that programs and people write for an empty one: ``nan``, ``NULL``, ``-``."""
    return text.strip(" ()[]*\"'").casefold() in _NOTHING


def turning_sign(text: str) -> str:
    """A message if a text holds a sign that turns the order in which others are shown, else nothing."""
    found = _TURNING.search(text)
    return f"holds {_named(found[0])}, which shows signs in another order; delete it" if found else ""


def odd_sign(text: str, ident: bool = False) -> str:
    """A message on the first sign of a name that is not what it seems, else nothing.

    Zero-width joiners between letters of scripts that need them, as in Persian, are right.

    Parameters
    ----------
    ident : bool
        Whether it is an id, in which every dash is wrong but the plain hyphen.
    """
    for found in re.finditer(r"[^\x00-\x7f]", text):
        i, sign = found.start(), found[0]
        if sign in _JOINERS and _joins(text[i - 1 : i]) and _joins(text[i + 1 : i + 2]):
            continue
        if wrong := _seeming(sign, ident):
            return f"holds {_named(sign)}{wrong}"
    for word in re.findall(r"[^\W\d_]+", text):
        scripts = {unicodedata.name(c, "?").split(" ", 1)[0] for c in word} & _ALIKE
        if len(scripts) > 1:
            return f"holds {' and '.join(sorted(s.capitalize() for s in scripts))} letters in one word; type it anew"
    return ""


def _seeming(sign: str, ident: bool) -> str:
    """Why a sign beyond ASCII is not what it seems, and what to do; empty where it is."""
    if _is_unseen(sign) and sign not in _SEEN:
        return ", which nobody sees; type it anew without that sign"
    if unicodedata.category(sign) == "Zs":
        return "; type a plain space"
    if sign in _HYPHENS + _DASHES * ident:
        return ", which is not the hyphen that it seems; type a plain -"
    plain = unicodedata.normalize("NFKC", sign)
    if plain.isascii() and plain.isalnum() and sign not in "ªº":
        return f", which is not the {plain!r} that it seems; type a plain one"
    return ", a shape and no letter; type the letter" if _SHAPES.match(sign) else ""


def _is_unseen(sign: str) -> bool:
    """Whether a sign is of a kind that is not drawn: formats, gaps in Unicode, fillers."""
    return unicodedata.category(sign) in ("Cf", "Cn", "Co") or _UNSEEN.match(sign) is not None


def skeleton(text: str, ident: bool = False) -> str:
    """What is left of a name when everything is taken away that a reader may not see.

    Two names with one skeleton differ only in capitals, spaces, hyphens, apostrophes, accents, unseen signs or letters
    that look alike. Of an id, spaces and apostrophes stay.

    >>> skeleton("Kata’ib  Hezbollah") == skeleton("kataib-hezbollah")
    True
    """
    if not text.isascii():
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn" and not _is_unseen(c)
        )
        text = "".join("-" if c in _HYPHENS or c in _DASHES else c for c in text)
        text = text.casefold().translate(_TWINS)
    text = text.casefold()
    return text if ident else " ".join(_APOSTROPHES.sub("", text).replace("-", " ").split())


def _joins(sign: str) -> bool:
    """Whether a sign is a letter, or a mark on one, of a script in which joiners mean something."""
    if not sign or sign.isascii() or unicodedata.category(sign)[0] not in "LM":
        return False
    return unicodedata.name(sign, "?").split(" ", 1)[0] not in _ALIKE


def _named(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'without a name')}"
