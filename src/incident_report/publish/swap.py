"""Put a finished report and its figures in the place of the last good ones: both, or neither.

How, and what a kill at any moment leaves:

1. Both are written into hidden folders beside their places (``.NAME.building``). A kill leaves the old
   report and rubbish, which the next command that meets it removes.
2. All of it is flushed to disk; then a note (``.NAME.publish``) says that it is whole. From here on the
   new report is the one that counts.
3. Each folder changes places with the old one in one system call (elsewhere two renames). A kill in
   between leaves each folder whole and the note; the next command that meets it does the rest.
4. The note and the old folders are removed.

A version is made in a hidden folder too (``.NAME.release``) and renamed when it is whole.

All of this happens under the lock of the place (``.NAME.lock``), so that what is lying about without a
holder is known to be rubbish.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.publish.lock import Held, locked
from incident_report.publish.places import Places

RELEASE = "release"  # the hidden folder of a version that is being made


def beside(target: Path, what: str) -> Path:
    """The hidden path beside a place for its lock, its note or its unfinished folder."""
    name = target.name
    if len(os.fsencode(name)) > 200:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return target.with_name(f".{name}.{what}")


@dataclass(frozen=True)
class Stage:
    """Where a report is written before it is published.

    Parameters
    ----------
    report, figures : Path
        Empty folders; `figures` lies in `report` where it does in the end.
    """

    place: Places
    report: Path
    figures: Path
    pairs: tuple[tuple[Path, Path], ...]

    def commit(self) -> None:
        """Publish: everything to disk, then all folders in their places.

        Raises
        ------
        OSError
            If a folder cannot be put there; then all of them are as they were.
        """
        for stage, _ in self.pairs:
            _flush(stage)
        with _undisturbed():
            _write_note(self.place, self.pairs)
            _swap_all(self.pairs)
            _finish(self.place)


@contextmanager
def holding(place: Places, wait: Callable[[str], None] | None = None) -> Iterator[bool]:
    """Hold a place, mended; yields whether it was necessary to wait for another build.

    Folders above it are made, and removed again where nothing came to stand in them.

    Raises
    ------
    lock.Held
        If somebody else holds it and `wait` is not given.
    """
    made = [p for p in place.report.parents if not p.exists()]
    place.report.parent.mkdir(parents=True, exist_ok=True)
    try:
        with locked(beside(place.report, "lock"), wait) as waited:
            mend(place)
            yield waited
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def tidy(place: Places) -> None:
    """Finish or undo what a killed build has left, unless a build is at work there; for any command."""
    left = [beside(place.report, what) for what in ("lock", "draft", "publish", "building", RELEASE)]
    if any(p.exists() for p in [*left, beside(place.figures, "building")]):
        with suppress(Held, OSError), holding(place):
            pass


def unfinished(place: Places) -> bool:
    """Whether a killed build has left a report that is whole and not yet in its place."""
    return beside(place.report, "publish").exists()


def mend(place: Places) -> None:
    """Finish what a killed build had noted as whole and remove the rest; the lock must be held."""
    note, pairs = beside(place.report, "publish"), _pairs(place)
    noted: Any = None
    with suppress(FileNotFoundError, ValueError, RecursionError):  # none, or none that was written to its end
        noted = json.loads(note.read_text("utf-8"))
    if not isinstance(noted, dict):
        noted = {}
    # A stage that is not the noted folder has changed places already.
    waiting = [(s, t) for s, t in pairs if s.is_dir() and noted.get(_role(place, t)) == s.stat().st_ino]
    _swap_all(tuple(waiting))
    _finish(place)
    _sweep_release(place)


@contextmanager
def staged(place: Places, *, figures: bool) -> Iterator[Stage]:
    """Folders to write a report into; the lock of the place must be held.

    Parameters
    ----------
    figures : bool
        Whether figures are written too. That their place can be written to is found out here, before any
        work is done.
    """
    pairs = _pairs(place)[0 if figures else -1 :]
    made = [p for _, target in pairs for p in target.parents if not p.exists()]
    try:
        for stage, target in pairs:
            target.parent.mkdir(parents=True, exist_ok=True)
            stage.mkdir()
        report = pairs[-1][0]
        inner = pairs[0][0] if len(pairs) > 1 else report / place.figures.name
        yield Stage(place, report, inner, pairs)
    finally:
        if not unfinished(place):
            _finish(place)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _pairs(place: Places) -> tuple[tuple[Path, Path], ...]:
    """(stage, place) of each folder, the report last: it vouches for the figures."""
    targets = (place.figures, place.report) if place.apart else (place.report,)
    return tuple((beside(t, "building"), t) for t in targets)


def put_text(path: Path, text: str) -> None:
    """A file in one step: whoever reads it meets the old one or the new one, whole."""
    draft = path.with_name(f".{path.name}.building")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _role(place: Places, target: Path) -> str:
    return "report" if target == place.report else "figures"


def _write_note(place: Places, pairs: tuple[tuple[Path, Path], ...]) -> None:
    """Note which folders are whole, by their numbers: names in a file would be somebody else's word."""
    note = beside(place.report, "publish")
    draft = beside(place.report, "draft")
    with draft.open("w", encoding="utf-8") as stream:
        json.dump({_role(place, t): s.stat().st_ino for s, t in pairs}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(note)
    _flush_folder(note.parent)


def _swap_all(pairs: tuple[tuple[Path, Path], ...]) -> None:
    done: list[tuple[Path, Path, bool]] = []
    try:
        for stage, target in pairs:
            there = target.exists()
            _put(stage, target)
            done.append((stage, target, there))
            _flush_folder(target.parent)
    except OSError:
        for stage, target, there in reversed(done):
            if there:
                _put(stage, target)
            else:
                target.rename(stage)
        if pairs:
            beside(pairs[-1][1], "publish").unlink(missing_ok=True)
        raise


def _put(stage: Path, target: Path) -> None:
    """Make two folders change places; afterwards `stage` is what `target` was."""
    if not target.exists():
        stage.rename(target)
    elif not _exchange(stage, target):
        aside = beside(target, "replaced")
        shutil.rmtree(aside, ignore_errors=True)
        target.rename(aside)
        stage.rename(target)
        aside.rename(stage)


def _finish(place: Places) -> None:
    """Remove note, drafts and folders that are no longer wanted."""
    for what in ("publish", "draft"):
        beside(place.report, what).unlink(missing_ok=True)
    for stage, target in _pairs(place):
        for path in (stage, beside(target, "replaced")):
            if path.exists():
                shutil.rmtree(path, ignore_errors=True)


def _sweep_release(place: Places) -> None:
    """Remove what a killed release has left: a version is whole when it stands in its place, and else is none."""
    stage = beside(place.report, RELEASE)
    for path in (stage, *(beside(stage, what) for what in ("building", "replaced"))):
        shutil.rmtree(path, ignore_errors=True)
    for what in ("publish", "draft", "lock"):
        beside(stage, what).unlink(missing_ok=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically (renameat2 on Linux, renamex_np on macOS); False where there is no such call."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            done = libc.renamex_np(*names, ctypes.c_uint(2))
        else:
            here = ctypes.c_int(-100)  # AT_FDCWD; the paths are taken as they are
            done = libc.renameat2(here, names[0], here, names[1], ctypes.c_uint(2))
    except (OSError, AttributeError, TypeError):
        return False
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _flush(folder: Path) -> None:
    """Everything in a folder to disk, so that a power cut cannot leave names without content."""
    for at, _, names in os.walk(folder):
        for name in names:
            with Path(at, name).open("rb") as stream:
                os.fsync(stream.fileno())
        _flush_folder(Path(at))


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # file systems that cannot do it for folders
            raise
    finally:
        os.close(handle)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off Ctrl-C and a polite kill for the few milliseconds of the swap."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    watched = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda n, _: came.append(n)) for number in watched}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt
