"""What a process has read of a campaign and of the machine, so that what it made can be kept while that stays the same.

A table counts as read when it is taken out of the `Dataset`, a part of a story when it is asked for. Files are seen
where Python opens them: the campaign's own, opened past the `Dataset`, count as all of it; a file that a kernel has no
business with, a connection or another program make what came out worth nothing for another time.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from incident_report.paths import CACHE, CODE, FACE, SEAL, TEMPLATES

P = ParamSpec("P")
T = TypeVar("T")

WHOLE = "*"  # all that a run holds a copy of
# Code and templates that no kernel has a use for: a change there leaves what kernels made as it is.
NOT_OF_KERNELS = tuple(
    f"{place}{os.sep}{name}"
    for place, names in (
        (CODE / "incident_report", ("commands", "publish", "cli.py", "__main__.py")),
        (
            TEMPLATES,
            ("campaign", "explorer", "chart.html", "citations.csl", "editions.html", "explore.html", "reference.docx",
             "report.css", "report.html", "report.typ", "version.html"),
        ),
    )
    for name in names
)  # fmt: skip
# But for these, with which a kernel is started.
OF_KERNELS = tuple(f"{CODE}{os.sep}incident_report{os.sep}publish{os.sep}{n}" for n in ("__init__", "packer", "warm"))
_TREES = tuple(
    f"{os.path.abspath(p)}{os.sep}"  # noqa: PTH100 - as Python names what it opens, links not followed
    for p in (sys.prefix, sys.base_prefix, CODE / "incident_report", CODE / "nbtypst", FACE / "helpers.py",
              FACE / "__pycache__", TEMPLATES, CACHE / "home", CACHE / "matplotlib-own",
              "/dev", "/proc/self", "/usr/share/zoneinfo")
)  # fmt: skip
_PLACES = {os.path.abspath(p) for p in (CODE, FACE)}  # noqa: PTH100 - likewise; where Python looks for modules
_SEEN = {"open", "os.listdir", "os.scandir"}
_STRANGE = ("socket.connect", "subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "urllib.Request")

names: set[str] = set()
_strange: list[str] = []
_watched = False


class _Scope(threading.local):
    """Where a thread puts what it reads."""

    watched = True

    def __init__(self) -> None:
        self.names = names
        self.taken: set[int] = set()


_scope = _Scope()


def note(name: str) -> None:
    """Something was read: a field of the `Dataset`, ``incidents/killed``, or ``stories/2020Q3/lead``."""
    _scope.names.add(name)


def note_all(every: Iterable[str]) -> None:
    """What was read for something that is there already and is used again."""
    _scope.names.update(every)


def take(tokens: Iterable[int]) -> None:
    """What was worked out and is held by something, by its tokens, was taken from there."""
    _scope.taken.update(tokens)


def taken() -> Set[int]:
    """The tokens of what was taken here."""
    return _scope.taken


@contextmanager
def within(*, hidden: bool = False) -> Iterator[tuple[set[str], set[int]]]:
    """What is read inside, by itself, and what is taken; both count outside, too.

    Parameters
    ----------
    hidden : bool
        What is taken inside is nobody's business outside.
    """
    names, taken = _scope.names, _scope.taken
    inner: tuple[set[str], set[int]] = (set(), set())
    _scope.names, _scope.taken = inner
    try:
        yield inner
    finally:
        _scope.names, _scope.taken = names, taken
        names |= inner[0]
        if not hidden:
            taken |= inner[1]


def apart(function: Callable[P, T]) -> Callable[P, T]:
    """A function that sees by itself what is read and taken while it runs (`taken`)."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        with within():
            return function(*args, **kwargs)

    return called


@contextmanager
def unwatched() -> Iterator[None]:
    """Files that are opened inside are no business of what is made: those of the store."""
    before = _scope.watched
    _scope.watched = False
    try:
        yield
    finally:
        _scope.watched = before


@contextmanager
def unseen() -> Iterator[None]:
    """What is read inside is the making of a `Dataset`, whose tables count when they are taken out of it."""
    outer, strange = _scope.names, len(_strange)
    _scope.names = set()
    try:
        yield
    finally:
        _scope.names = outer
    del _strange[strange:]


def watch() -> None:
    """Begin to see which files are opened; what was opened before belongs to the start of the process."""
    global _watched
    if not _watched:
        _watched = True
        sys.addaudithook(_hook)
    _strange.clear()
    names.discard(WHOLE)


def begin() -> str:
    """What is read from here on counts by itself, without what was read before."""
    _scope.names = set()
    _strange.clear()
    return "null"


def told() -> str:
    """JSON: the names of what was read; None in their place where it cannot be said."""
    loaded = (getattr(module, "__file__", None) or "" for module in list(sys.modules.values()))
    whole = _watched and not _strange and not any(map(not_of_kernels, loaded))
    return json.dumps(sorted(names | _scope.names) if whole else None)


def not_of_kernels(path: str) -> bool:
    """Whether a file is among the code and templates that kernels do not read."""
    return path.startswith(NOT_OF_KERNELS) and not _compiled(path).startswith(OF_KERNELS)


def _compiled(path: str) -> str:
    return path.replace(f"{os.sep}__pycache__{os.sep}", os.sep)


def _hook(event: str, given: tuple[Any, ...]) -> None:
    if not _scope.watched:
        return
    if event in _SEEN:
        _file(given[0], listed=event != "open")
    elif event in _STRANGE:
        _strange.append(event)


def _file(name: Any, *, listed: bool) -> None:
    if isinstance(name, int) or name is None:
        return
    path = os.path.abspath(os.fsdecode(name))  # noqa: PTH100 - a link is not followed: its target is opened, too
    seal = os.environ.get(SEAL)
    if seal and path.startswith(f"{seal}{os.sep}"):
        _sealed(Path(path).relative_to(seal).parts[0], listed=listed)
    elif not (listed and path in _PLACES) and not _known(path):
        _strange.append(path)


def _sealed(kind: str, *, listed: bool) -> None:
    """A file of the run: where copies lie follows from the parameters; among the chapters Python looks for modules."""
    if kind not in ("tmp", "places.json") and not (listed and kind == "notebooks"):
        note(WHOLE)


def _known(path: str) -> bool:
    return f"{path}{os.sep}".startswith(_TREES) and not not_of_kernels(_compiled(path))
