"""One build of a place at a time, by a lock that the system frees when its holder dies."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from incident_report.errors import BuildError


class Held(BuildError):
    """Somebody else holds the lock."""


@contextmanager
def locked(path: Path, wait: Callable[[str], None] | None = None) -> Iterator[bool]:
    """Hold the lock that a file stands for; the file goes with it.

    A lock left behind by a dead process is nobody's and is taken at once.

    Parameters
    ----------
    path : Path
        Its folder must be there.
    wait : callable, optional
        Told who holds the lock, before waiting for it. Without it nobody waits.

    Yields
    ------
    bool
        Whether it was necessary to wait.

    Raises
    ------
    Held
        If somebody holds it and `wait` is not given.
    """
    handle, waited = _acquire(path, wait)
    try:
        holder = {"pid": os.getpid(), "host": platform.node(), "since": f"{datetime.now():%Y-%m-%d %H:%M:%S}"}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)
        yield waited
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _acquire(path: Path, wait: Callable[[str], None] | None) -> tuple[int, bool]:
    waited = False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            if not _try(handle):
                if wait is None:
                    raise Held(holder(path))
                if not waited:
                    wait(holder(path))
                waited = True
                fcntl.flock(handle, fcntl.LOCK_EX)
            # Whoever held it has removed the file: what counts is the file that has the name now.
            if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
                return handle, waited
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True


def holder(path: Path) -> str:
    """Who holds a lock, in words."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return f"process {int(found['pid'])} on {found['host']} since {found['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
