"""What stops a build, each told in one line and tied to an exit code."""

from __future__ import annotations


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


class NotebookError(BuildError):
    """A notebook raised, its kernel died, or a cell ran out of time."""
