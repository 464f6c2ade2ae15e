"""What stops a build, each told in one line and tied to an exit code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MOST = 1000


class UsageError(Exception):
    """What was asked for makes no sense (exit code 2); the message is one line."""


class BuildError(Exception):
    """The input was accepted but the report cannot be made (exit code 1).

    Parameters
    ----------
    *lines : str
        One fault a line.
    """

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@contextmanager
def readable(place: object) -> Iterator[None]:
    """Give what reading and writing raise as a `BuildError`: the message, or the file and the system's reason.

    Parameters
    ----------
    place : object
        What is named where the system names no file.
    """
    try:
        yield
    except OSError as error:
        raise BuildError(f"{error.filename or place}: {error.strerror or error}") from None
    except ValueError as error:
        raise BuildError(str(error)) from None


class NotebookError(BuildError):
    """A notebook raised, its kernel died, or a cell ran out of bounds."""


def one_line(text: str, most: int = _MOST) -> str:
    """A message as it can be printed anywhere: on one line, no unseen character, not without end.

    Parameters
    ----------
    text : str
        May hold anything, lone surrogates and terminal codes included.
    most : int
        Longer texts lose their middle.
    """
    if len(text) > most:
        text = f"{text[: most * 2 // 3]} … {len(text):,} characters … {text[-most // 4 :]}"
    return _UNSEEN.sub(lambda m: m[0].encode("unicode_escape").decode(), text)


def os_error(error: OSError) -> str:
    """An operating system's error as file and reason."""
    reason = error.strerror or str(error) or type(error).__name__
    if isinstance(error.filename, str | bytes):
        return f"{os.fsdecode(error.filename)}: {reason}"
    if isinstance(error, FileNotFoundError) and not _here():
        return "the current folder is gone; go to another one"
    return reason


def _here() -> bool:
    try:
        return bool(os.getcwd())  # noqa: PTH109 (a path would be made of it)
    except OSError:
        return False
