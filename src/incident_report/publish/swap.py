"""Put a finished folder in the place of the last good one in a single step."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HIDDEN = ".building-"
_OLD = ".replaced-"


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `target` only if the block ends well.

    Until then, and after an exception, a kill or a power cut, `target` is what it was. Leftovers of
    killed builds are removed by the next one.

    Parameters
    ----------
    target : Path
        Replaced as a whole; its parent is made if need be.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    recover(target)
    stage = Path(tempfile.mkdtemp(prefix=f"{_HIDDEN}{target.name}-", dir=target.parent))
    stage.chmod(0o755)
    try:
        yield stage
        _replace(stage, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def recover(target: Path) -> None:
    """Undo what a killed build may have left beside `target`."""
    old = target.with_name(f"{_OLD}{target.name}")
    if old.exists():
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
    for stage in target.parent.glob(f"{_HIDDEN}{target.name}-*"):
        if not _alive(stage):
            shutil.rmtree(stage, ignore_errors=True)


def _alive(stage: Path) -> bool:
    """Whether a build that is still running may own the folder: it wrote there within the hour."""
    import time

    newest = max((p.stat().st_mtime for p in [stage, *stage.rglob("*")]), default=0.0)
    return time.time() - newest < 3600


def _replace(stage: Path, target: Path) -> None:
    if not target.exists():
        stage.rename(target)
    elif not _exchange(stage, target):
        # No single step on this system: between the two renames the old folder waits under a name
        # that `recover` knows.
        old = target.with_name(f"{_OLD}{target.name}")
        target.rename(old)
        stage.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically (renameat2 on Linux, renamex_np on macOS); False if not possible."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        names = os.fsencode(one), os.fsencode(other)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*names, ctypes.c_uint(2)) == 0)
        here = ctypes.c_int(-100)  # AT_FDCWD; the paths are taken as they are
        return bool(libc.renameat2(here, names[0], here, names[1], ctypes.c_uint(2)) == 0)
    except (OSError, AttributeError, TypeError):
        return False
