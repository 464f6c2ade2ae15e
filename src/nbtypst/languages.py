"""What a notebook says of its language, as a tag that a PDF may carry.

Notebooks also say ``"language": "python"``; that is no language to read a text aloud in.
"""

from __future__ import annotations

import copy
import functools
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ENGLISH = "en"
LEFTWARD = ("ar", "fa", "he", "ur", "ps", "ckb")  # read from the right, as base.typ has it
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_][a-z\d_-]{1,40})?\Z", re.IGNORECASE)
# ISO 639-1, and codes of three letters that texts are found in; "sql" and "cpp" are of three letters too.
_LISTED = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en"
    " eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv"
    " ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne"
    " ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st"
    " su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
    " arc ast ckb cop dsb fil fur grc gsw haw hsb kmr nds nqo prs sah scn syr tet yue zgh"
)
_CODES = frozenset(_LISTED.split())
_NAMES = {
    "english": "en", "french": "fr", "français": "fr", "german": "de", "deutsch": "de", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl",
    "arabic": "ar", "hebrew": "he", "chinese": "zh", "japanese": "ja", "korean": "ko", "russian": "ru",
}  # fmt: skip


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    """Each language's words; what a language lacks is said in English."""
    listed = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return {lang: {**listed[ENGLISH], **own} for lang, own in listed.items()}


def words(tag: str) -> dict[str, str]:
    """What stands in a document beside its text, in its language; in English where that is not known.

    Examples
    --------
    >>> words("de-AT")["table"], words("xx")["table"]
    ('Tabelle', 'Table')
    """
    listed = _table()
    return dict(listed.get(tag.partition("-")[0], listed[ENGLISH]))


@functools.cache
def speech(lang: str) -> dict[str, dict[str, str]]:
    """Words for formulas in a language, table by table; what it lacks is said in English.

    Examples
    --------
    >>> speech("de")["signs"]["+"], speech("xx")["signs"]["+"]
    ('plus', 'plus')
    """
    lang = lang.partition("-")[0]
    english = _speech(ENGLISH)
    own = _speech(lang) if lang in _CODES else {}
    return {name: {**table, **own.get(name, {})} for name, table in english.items()}


def _speech(lang: str) -> dict[str, dict[str, str]]:
    path = Path(__file__).parent / "speech" / f"{lang}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def tag(value: Any) -> str | None:
    """``en-GB`` of ``en_gb``, ``fr`` of ``French``; None where the value names no language of people.

    Examples
    --------
    >>> tag("en_gb"), tag("French"), tag("python"), tag(7)
    ('en-GB', 'fr', None, None)
    """
    text = str(value).strip() if isinstance(value, str) else ""
    text = _NAMES.get(text.casefold(), text)
    found = _TAG.match(text)
    if found is None or found[1].lower() not in _CODES:
        return None
    return found[1].lower() + (f"-{found[3].upper()}" if found[3] else "")


def of_metadata(about: Mapping[str, Any], warn: Callable[[str], None]) -> str:
    """The language of a notebook's text by its metadata, else English; a value that is none is warned about."""
    for key in ("lang", "language"):
        if not about.get(key):
            continue
        if found := tag(about[key]):
            return found
        warn(f"metadata {key}: {str(about[key])[:40]!r} is not a language's tag such as en or fr-CA; English is used")
    return ENGLISH


def sound(nb: Any) -> Any:
    """`nb` with metadata that nbconvert can read too: it stops at a value of another kind than it knows."""
    about = nb.get("metadata") or {}
    wrong = {name: value for name, value in about.items() if name in _KINDS and not _KINDS[name](value)}
    if not wrong:
        return nb
    changed = copy.deepcopy(nb)
    for name, value in wrong.items():
        del changed["metadata"][name]
        if name == "authors":
            changed["metadata"][name] = [value]
        elif name in ("title", "language"):
            changed["metadata"][name] = str(value) if isinstance(value, int | float) else f"({type(value).__name__})"
    return changed


def _named(*fields: str) -> Callable[[Any], bool]:
    """Whether a value is an object that has texts of these names."""
    return lambda value: isinstance(value, Mapping) and all(isinstance(value.get(field), str) for field in fields)


# What the notebook format says of its own metadata, and nbconvert of `language`.
_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "language": lambda value: isinstance(value, str),
    "title": lambda value: isinstance(value, str),
    "authors": lambda value: isinstance(value, list),
    "kernelspec": _named("name", "display_name"),
    "language_info": _named("name"),
}
