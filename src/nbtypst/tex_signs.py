"""Single signs of a formula as Typst."""

from __future__ import annotations

from nbtypst import ast


def sign(char: str) -> str:
    """A sign, escaped where it means something to Typst; numbers as they are."""
    if char[0].isdigit() and char.isascii():
        return char
    if char in "⟨⟩⌈⌉⌊⌋⟦⟧⟮⟯‖":
        return f"\\{char}"
    if len(char) == 1 and (char.isalpha() or ord(char) > 0x7F):
        return ast.printable(char) or '""'
    return "".join(f"\\{c}" for c in char)


def bracket(char: str) -> str:
    """A bracket; nothing for ``.``, as TeX writes none."""
    return "" if char == "." else sign(char)
