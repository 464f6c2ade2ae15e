"""Values and names written as Typst source, so that no text is ever parsed as Typst."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any

from nbtypst.ast import printable

BREAK = "\u200b"  # zero-width space: a line may end here


def literal(value: Any) -> str:
    """A Python value as a Typst literal; any other type is an error."""
    write = _LITERALS.get(type(value)) or next((w for kind, w in _LITERALS.items() if isinstance(value, kind)), None)
    if write is None:
        raise TypeError(f"no Typst literal for {type(value).__name__}")
    return write(value)


def _array(values: Sequence[Any]) -> str:
    return f"({''.join(f'{literal(value)}, ' for value in values)})"


def _dictionary(values: Mapping[Any, Any]) -> str:
    return f"({''.join(f'{quoted(str(k))}: {literal(v)}, ' for k, v in values.items())})" if values else "(:)"


def quoted(text: str) -> str:
    """A Typst string literal."""
    clean = BREAK.join(printable(part) for part in text.split(BREAK))
    clean = clean.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + clean.replace("\n", "\\n").replace("\r", "").replace("\t", "\\t") + '"'


_LITERALS: dict[type, Callable[[Any], str]] = {  # the first that fits: True is an int too
    NoneType: lambda _: "none",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: "{:.4f}".format,
    str: quoted,
    list: _array,
    tuple: _array,
    dict: _dictionary,
}


def spelled(text: str) -> str:
    r"""A Typst string literal in ASCII: for what is read and not printed, and so needs no glyph.

    >>> print(spelled("caf\u00e9"))
    "caf\u{e9}"
    """
    return re.sub(r"[^\x00-\x7e]", lambda match: f"\\u{{{ord(match.group()):x}}}", quoted(text))


def label(id: str) -> str:
    """An id as a label in ASCII, so that no missing glyph can change it.

    >>> label("sec-caf\u00e9")
    'sec-cafue9'
    """
    return re.sub(r"[^\x21-\x7e]", lambda match: f"u{ord(match.group()):x}", id)


def breakable(text: str, longest: int = 24) -> str:
    """Text in which long words may break: after URL punctuation, else every `longest` characters."""
    if len(text) <= longest:
        return text
    return " ".join(_broken(word, longest) for word in text.split(" "))


def _broken(word: str, longest: int) -> str:
    if len(word) <= longest:
        return word
    out: list[str] = []
    since = 0
    for i, char in enumerate(word):
        out.append(char)
        since += 1
        soft = char in "/.,;:_-?&=+@" and since >= 4
        if i + 1 < len(word) and (soft or since >= longest):
            out.append(BREAK)
            since = 0
    return "".join(out)


# A name's borders: after its punctuation, between small and capital letters; a point in a number is none.
_BORDER = re.compile(
    r"(?<=[_/,:;=&?@+|\\])(?!\d{1,3}\b)|(?<=_)|(?<=[^\d.][.])|(?<=\.)(?=[^\d.])|(?<=[^\W\d_])-(?=\w)"
    r"|(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])"
)
_NUMBER = re.compile(r"[-+−~<>≤≥]?[\d.,'\u202f\u00a0]*\d[\d.,'\u202f\u00a0]*(?:[eE][-+]?\d+)?[%j]?\Z")
_LONGEST_NUMBER = 32


def pieces(word: str, longest: int) -> list[str]:
    """A word of a table's cell as the pieces between which a line may end; one, where it is not longer than `longest`.

    Names end lines at ``_``, ``.`` and other punctuation and where their case changes; what is still too long ends
    them anywhere. Numbers stay whole.

    >>> pieces("median_income_2011", 12)
    ['median_', 'income_', '2011']
    >>> pieces("GrossDomesticProduct", 12)
    ['Gross', 'Domestic', 'Product']
    >>> pieces("12345678.123456789", 12)
    ['12345678.123456789']
    """
    if len(word) <= longest or (len(word) <= _LONGEST_NUMBER and _NUMBER.match(word)):
        return [word]
    ends = [m.start() for m in _BORDER.finditer(word)]
    out: list[str] = []
    start = 0
    for end in [*ends, len(word)]:
        if end - start >= 3 or end == len(word):
            out.extend(_even(word[start:end], longest))
            start = end
    return [p for p in out if p]


def _even(text: str, longest: int) -> list[str]:
    """Text in pieces of about the same length, none longer than `longest`."""
    count = -(-len(text) // longest)
    size = -(-len(text) // max(count, 1))
    return [text[i : i + size] for i in range(0, len(text), max(size, 1))]


def in_pieces(text: str, longest: int) -> str:
    """Text in which words of more than `longest` characters may break, as `pieces` says."""
    if len(text) <= longest:
        return text
    return " ".join(BREAK.join(pieces(word, longest)) for word in text.split(" "))
