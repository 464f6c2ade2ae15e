"""Kernels that work at once: so many seats for all builds of one user on a machine, whatever project they belong to.

A seat is a lock on a file, which the system frees when its holder dies. Each kernel takes one and waits for no
other, so that builds can keep each other waiting and never for ever.
"""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

COUNT = len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1
_AGAIN_SECONDS = 0.05


@contextmanager
def seat(stop: threading.Event, count: int = COUNT) -> Iterator[None]:
    """Hold a seat, once one is free; without one where nobody waits any longer, or where none can be had.

    Parameters
    ----------
    stop : Event
        Set when a kernel is no longer wanted.
    count : int
        Of seats: one more than processors, since a kernel that starts waits for the disk.
    """
    handles: list[int] = []
    try:
        with suppress(OSError):  # a machine without the folder, or without locks, bounds a build by its own pool
            handles = [
                os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600) for path in _files(count)
            ]
            while not any(map(_taken, handles)) and not stop.wait(_AGAIN_SECONDS):
                pass
        yield
    finally:
        for handle in handles:
            os.close(handle)


def _files(count: int) -> list[Path]:
    """A file for each seat, in a folder that nobody else may write to."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"incident-report-{os.getuid()}"  # noqa: S108 - checked
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(folder)
    return [folder / f"seat-{number}" for number in range(count)]


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
