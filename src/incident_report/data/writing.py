"""Putting files into a campaign folder: all or none, with what they replace kept beside them."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from incident_report.data.folders import INCOMING

try:
    import fcntl
except ImportError:  # no such locks on this system: two imports at once are then the user's care
    fcntl = None  # type: ignore[assignment]

REPLACED = ".replaced"  # what the last write replaced; hidden, so that nobody takes it for data
_DRAFT = ".draft-"


class BusyError(ValueError):
    """Somebody else is writing to the folder."""


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; a link in its place is replaced, not followed.

    Raises
    ------
    OSError
        The file is then what it was.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        draft.chmod(_mode(path))
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _flush(path.parent)


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path | None:
    """Put files into a folder so that nobody ever sees some of them new and others old.

    The files are written beside first; from the moment when all of them are there, the write counts: if it is stopped
    while they are put in place, `finish` does the rest.

    Parameters
    ----------
    folder : Path
    files : mapping of name -> content
        Names relative to the folder.

    Returns
    -------
    Path or None
        Where the files that were replaced are kept until the next write; None where none was.

    Raises
    ------
    BusyError
    OSError
        The folder is then what it was, or, where putting in place was stopped, the next `finish` completes it.
    """
    if not files:
        return None
    with _locked(folder):
        _finish(folder)
        _clear(folder)
        draft = Path(tempfile.mkdtemp(dir=folder, prefix=_DRAFT))
        kept = Path(tempfile.mkdtemp(dir=folder, prefix=_DRAFT))
        try:
            for name, content in files.items():
                target = folder / name
                if target.is_file():
                    _put(kept / name, target.read_bytes(), _mode(target))
                _put(draft / name, content, _mode(target))
            _flush(draft)
            shutil.rmtree(folder / REPLACED, ignore_errors=True)
            if any(kept.iterdir()):
                kept.rename(folder / REPLACED)
            draft.rename(folder / INCOMING)
            _flush(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        finally:
            shutil.rmtree(kept, ignore_errors=True)
        _finish(folder)
    return folder / REPLACED if (folder / REPLACED).is_dir() else None


def finish(folder: Path) -> list[str]:
    """Complete a write that was stopped after it began to count.

    Returns
    -------
    list of str
        The files that were put in place; empty where there was nothing to do.

    Raises
    ------
    BusyError, OSError
    """
    if not (folder / INCOMING).is_dir() or (folder / INCOMING).is_symlink():
        return []
    with _locked(folder):
        return _finish(folder)


def _finish(folder: Path) -> list[str]:
    incoming = folder / INCOMING
    if not incoming.is_dir() or incoming.is_symlink():
        return []
    names = sorted(p.relative_to(incoming).as_posix() for p in incoming.rglob("*") if p.is_file())
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (incoming / name).replace(target)
        _flush(target.parent)
    shutil.rmtree(incoming)
    return names


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time; a lock whose holder died is free at once."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"{folder}: somebody else is writing there; try again when that is done") from None
        yield
    finally:
        os.close(handle)


def _clear(folder: Path) -> None:
    """Remove drafts of writes that were killed; under the lock no other writer can have one."""
    for path in folder.glob(f"{_DRAFT}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _put(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    path.chmod(mode)


def _mode(path: Path) -> int:
    """Permissions of a file that is there, or those of a new one."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _flush(folder: Path) -> None:
    """Make renames last over a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
