"""Pandoc as a process: found once, always sandboxed, always with a time limit."""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbtypst.ast import Node, depth

HERE = Path(__file__).parent
SECONDS = 120
FEW = 5  # fragments up to which each is read by itself: Pandoc's Lua takes as long to start as six plain runs take
DEEPEST = 100  # nested JSON values in one fragment; prose stays below 30

_OFF = (
    "raw_html", "raw_tex", "raw_attribute", "native_divs", "native_spans", "latex_macros",
    "fancy_lists", "yaml_metadata_block", "pandoc_title_block", "mmd_title_block", "example_lists", "implicit_figures",
)  # fmt: skip
# Nothing that passes text through to a writer, and no figure that nobody asked for.
RECORD_MARKDOWN = "markdown" + "".join(f"-{name}" for name in _OFF) + "+autolink_bare_uris"
# In cells, also what Jupyter's own Markdown accepts.
MARKDOWN = (
    RECORD_MARKDOWN + "+fancy_lists-blank_before_header-blank_before_blockquote"
    "+lists_without_preceding_blankline+tex_math_double_backslash+task_lists"
)
HTML = "html-native_divs-native_spans-raw_html-raw_tex"
LATEX = "latex-raw_tex"


class PandocError(RuntimeError):
    """Pandoc failed; the message is its own."""


@functools.cache
def binary() -> str:
    """Path of Pandoc: the one that pypandoc_binary carries, else the one on PATH.

    pypandoc's own search takes whichever is newest on the machine, and the bytes would follow.
    """
    spec = importlib.util.find_spec("pypandoc")
    if spec is not None and spec.origin is not None:
        carried = Path(spec.origin).with_name("files") / "pandoc"
        if carried.is_file():
            return str(carried)
    found = shutil.which("pandoc")
    if found is None:
        raise PandocError("Pandoc is not installed; `pip install pypandoc_binary` brings it")
    return found


def run(arguments: Sequence[str], stdin: str, seconds: float = SECONDS) -> bytes:
    """Run Pandoc in its sandbox on `stdin`; returns what it writes, as whoever keeps that has it (`kept_by`).

    Raises
    ------
    PandocError
        When it fails or takes longer than `seconds`.
    """
    return _keep(arguments, stdin, lambda: _run(arguments, stdin, seconds))


Keep = Callable[[Sequence[str], str, Callable[[], bytes]], bytes]
_keep: Keep = lambda _arguments, _stdin, make: make()  # noqa: E731 - replaced by `kept_by`


@contextmanager
def kept_by(keep: Keep) -> Iterator[None]:
    """Let somebody keep what Pandoc writes.

    Parameters
    ----------
    keep : callable
        Given arguments, input, and what runs Pandoc on them; gives what Pandoc writes. Some arguments name files.
    """
    global _keep
    before, _keep = _keep, keep
    try:
        yield
    finally:
        _keep = before


def _run(arguments: Sequence[str], stdin: str, seconds: float) -> bytes:
    # The data folder is ours, so that nobody's own templates and abbreviations are found in theirs.
    command = [binary(), "--sandbox", f"--data-dir={HERE}", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, arguments are ours
            command, input=stdin.encode("utf-8", "replace"), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise PandocError(f"Pandoc took longer than {seconds:g} seconds") from None
    if done.returncode:
        raise PandocError(done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}")
    return done.stdout


def read_fragments(items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
    """Blocks of each (format, text), in one run; None where a fragment cannot be read."""
    deep = [too_deep(text) for _, text in items]
    read = iter(_read_by_halves([item for item, left_out in zip(items, deep, strict=True) if not left_out]))
    return [None if left_out else next(read) for left_out in deep]


def _read_by_halves(items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
    """Blocks of each fragment; one that brings the reader down is found by halves, and the others are kept."""
    if not items:
        return []
    try:
        return _read(items, 15 + sum(len(text) for _, text in items) / 20_000)
    except PandocError:
        if len(items) == 1:
            return [None]
    middle = len(items) // 2
    return [*_read_by_halves(items[:middle]), *_read_by_halves(items[middle:])]


_DEEP = re.compile(r"(?m)^[ ]*(?:>[ ]?){25}|^[ ]*(?:[-*+][ ]+){25}|[*_~^]{40}[^\s*_~^]|[\[{(]{25}")


def too_deep(text: str) -> bool:
    """Whether markup nests so deeply that reading it takes Pandoc exponential time."""
    if _DEEP.search(text):
        return True
    depth = deepest = 0
    for char in text if text.count("[") > 25 else "":
        depth = max(0, depth + (char == "[") - (char == "]"))
        deepest = max(deepest, depth)
    return deepest > 25


def _read(items: Sequence[tuple[str, str]], seconds: float) -> list[list[Node] | None]:
    if len(items) <= FEW:
        return [_read_alone(*item, seconds) for item in items]
    reader = str(HERE / "reader.lua")
    divs = _blocks(["-f", reader], json.dumps(items, ensure_ascii=False), seconds)
    return [_bounded(d["c"][1]) if "read" in d["c"][0][1] else None for d in divs]


def _read_alone(fmt: str, text: str, seconds: float) -> list[Node] | None:
    """One fragment by a run of its own, as `reader.lua` reads it: its tabs kept, tables told by as many columns."""
    return _bounded(_blocks(["-f", fmt, "--preserve-tabs", "--columns=80"], text, seconds))


def _blocks(arguments: Sequence[str], text: str, seconds: float) -> list[Node]:
    try:
        blocks: list[Node] = json.loads(run([*arguments, "-t", "json"], text, seconds))["blocks"]
    except RecursionError:
        raise PandocError("nested too deeply") from None
    return blocks


def _bounded(blocks: list[Node]) -> list[Node] | None:
    return blocks if depth(blocks) <= DEEPEST else None


def write(document: dict[str, Any], to: str, *arguments: str) -> bytes:
    """A document written in the format `to`."""
    return run(["-f", "json", "-t", to, *arguments], json.dumps(document, ensure_ascii=False))


_MATHS = re.compile(
    r"^[ ]{0,3}(\\begin\{(equation|align|gather|multline|eqnarray|alignat|flalign|displaymath|math)\*?\}.*?"
    r"\\end\{\2\*?\})[ ]*$",
    re.S | re.M,
)
_FENCE = re.compile(r"(?ms)^[ ]{0,3}(```+|~~~+).*?(?:^[ ]{0,3}\1|\Z)")


def with_dollars(source: str) -> str:
    """Bare LaTeX environments, which Jupyter shows as formulas, between dollar signs; not inside code."""
    if "\\begin{" not in source:
        return source
    out, position = [], 0
    for fence in [*_FENCE.finditer(source), None]:
        end = fence.start() if fence else len(source)
        out.append(_MATHS.sub(lambda m: f"$$\n{m.group(1)}\n$$", source[position:end]))
        if fence:
            out.append(fence.group(0))
            position = fence.end()
    return "".join(out).replace("$$\n$$", "$$")
