"""Terminal output: ANSI colours become classes, overwritten lines are dropped, length is bounded."""

from __future__ import annotations

import re

from nbtypst import ast
from nbtypst.ast import Node

CUT = "cut"  # class of a note
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_ESCAPE = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?")


def overwrite(text: str) -> str:
    """Text as a terminal leaves it: what a carriage return or backspace overwrote is gone."""
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    while "\b" in text:
        shorter = re.sub(r"[^\n\b]\x08|^\x08|(?<=\n)\x08", "", text)
        if shorter == text:
            break
        text = shorter
    return text


def bound(text: str, characters: int, line: int) -> tuple[str, str]:
    """Text cut to a size, and a note of what was cut (empty if nothing was).

    The first two thirds and the last third of the allowance are kept, as logs say most there.
    """
    notes = []
    total = len(text)
    if total > characters:
        head, tail = text[: characters * 2 // 3], text[-characters // 3 :]
        text = f"{head}\n[… cut …]\n{tail}"
        notes.append(f"{total - characters:,} of {total:,} characters of this output are not shown")
    lines = text.split("\n")
    long = [i for i, x in enumerate(lines) if len(x) > line]
    for i in long:
        lines[i] = f"{lines[i][:line]} [… {len(lines[i]) - line:,} characters cut]"
    if long:
        notes.append(f"{len(long):,} long {'line is' if len(long) == 1 else 'lines are'} cut")
    return "\n".join(lines), "; ".join(notes)


def runs(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Text in runs of (characters, classes): ``ansi-red``, ``ansi-bold``, ``ansi-bg-blue``…"""
    out: list[tuple[str, tuple[str, ...]]] = []
    state: dict[str, str] = {}
    position = 0
    for match in _ESCAPE.finditer(text):
        if match.start() > position:
            out.append((text[position : match.start()], tuple(sorted(state.values()))))
        position = match.end()
        if match.group(1) is not None:
            _apply(match.group(1), state)
    if position < len(text):
        out.append((text[position:], tuple(sorted(state.values()))))
    return out


def _apply(codes: str, state: dict[str, str]) -> None:
    numbers = [int(c) if c else 0 for c in re.split("[;:]", codes)][:16]
    while numbers:
        n = numbers.pop(0)
        if n == 0:
            state.clear()
        elif n in (1, 3, 4):
            name = {1: "bold", 3: "italic", 4: "underline"}[n]
            state[name] = f"ansi-{name}"
        elif n in (22, 23, 24):
            state.pop({22: "bold", 23: "italic", 24: "underline"}[n], None)
        elif 30 <= n <= 37 or 90 <= n <= 97:
            state["fg"] = f"ansi-{_COLOURS[n % 10]}"
        elif 40 <= n <= 47 or 100 <= n <= 107:
            state["bg"] = f"ansi-bg-{_COLOURS[n % 10]}"
        elif n in (39, 49):
            state.pop("fg" if n == 39 else "bg", None)
        elif n in (38, 48) and numbers:
            key, prefix = ("fg", "ansi-") if n == 38 else ("bg", "ansi-bg-")
            mode = numbers.pop(0)
            if mode == 5 and numbers:
                state[key] = prefix + _nearest_256(numbers.pop(0))
            elif mode == 2 and len(numbers) >= 3:
                state[key] = prefix + _nearest_rgb(*numbers[:3])
                del numbers[:3]


def _nearest_256(n: int) -> str:
    if n < 16:
        return _COLOURS[n % 8]
    if n >= 232:
        return "black" if n < 244 else "white"
    n -= 16
    return _nearest_rgb(n // 36 * 51, n // 6 % 6 * 51, n % 6 * 51)


def _nearest_rgb(r: int, g: int, b: int) -> str:
    return _COLOURS[(r > 110) + 2 * (g > 110) + 4 * (b > 110)]


def terminal(text: str, classes: list[str], characters: int, line: int) -> list[Node]:
    """Blocks for terminal text: a CodeBlock, or a LineBlock of coloured Code runs; then a note."""
    text, note = bound(overwrite(text), characters, line)
    pieces = [(ast.printable(t.expandtabs(8)), c) for t, c in runs(text)]
    if any(c for _, c in pieces):
        body: Node = {"t": "LineBlock", "c": _lines(pieces)}
        classes = [*classes, "ansi"]
    else:
        body = ast.code_block("".join(t for t, _ in pieces).rstrip("\n"), ["output-text"])
    blocks = [ast.div([body], classes=["output", *classes])]
    return [*blocks, cut_note(note)] if note else blocks


def _lines(pieces: list[tuple[str, tuple[str, ...]]]) -> list[list[Node]]:
    """Runs of characters as lines of code, without the empty ones at the end."""
    lines: list[list[Node]] = [[]]
    for piece, names in pieces:
        for i, part in enumerate(piece.split("\n")):
            if i:
                lines.append([])
            if part:
                lines[-1].append(ast.code(part, names))
    while lines and not lines[-1]:
        lines.pop()
    return lines


def cut_note(note: str) -> Node:
    """A small paragraph that says what is missing."""
    return ast.div([ast.para(ast.words(f"[{note}.]"))], classes=["output-note", CUT])
