"""Values and names written as Typst source, so that no text is ever parsed as Typst."""

from __future__ import annotations

from typing import Any

from nbtypst.ast import printable

BREAK = "\u200b"  # zero-width space: a line may end here


def literal(value: Any) -> str:
    """A Python value as a Typst literal; any other type is an error."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list | tuple):
        return f"({''.join(f'{literal(v)}, ' for v in value)})"
    if isinstance(value, dict):
        return f"({''.join(f'{quoted(str(k))}: {literal(v)}, ' for k, v in value.items())})" if value else "(:)"
    raise TypeError(f"no Typst literal for {type(value).__name__}")


def quoted(text: str) -> str:
    """A Typst string literal."""
    clean = BREAK.join(printable(part) for part in text.split(BREAK))
    clean = clean.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + clean.replace("\n", "\\n").replace("\r", "").replace("\t", "\\t") + '"'


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
