"""What builds have made, kept by the hash of everything that it was made of, for builds to come.

An entry is a file of bytes under its key, with the hash of those bytes: JSON, a PDF; nothing that is run when it is
read. What a key leaves out cannot be noticed, so keys are made of contents and never of dates (`publish.reuse`,
`analysis.kept`). Builds may share a store: each entry comes in one step, and one that is gone or damaged is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import secrets
import stat
import sys
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from incident_report.errors import UsageError
from incident_report.paths import CACHE

SETTING, AFRESH = "INCIDENT_REPORT_STORE", "FRESH"
FORMAT = "1"  # of what is kept: another number, and nothing of before is found
MOST_BYTES = 512 * 1024**2


class Store:
    """A folder of entries; None for one that keeps nothing.

    Parameters
    ----------
    folder : Path or None
    reads : bool
        Whether what is kept may be used; what is made is kept either way.
    stream : text stream
        Is told of entries that are damaged.
    most_bytes : int
        What has been used least lately goes when there is more.
    """

    def __init__(
        self, folder: Path | None, *, reads: bool = True, stream: TextIO = sys.stderr, most_bytes: int = MOST_BYTES
    ) -> None:
        self.folder, self.reads, self.stream, self.most_bytes = folder, reads, stream, most_bytes

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None where they are not there as they were put there."""
        if self.folder is None or not self.reads:
            return None
        path = self.folder / key
        try:
            found = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        kept, content = found[:64], found[64:]
        if kept != hashlib.sha256(content).hexdigest().encode():
            print(f"{path}: is damaged and was not used", file=self.stream, flush=True)
            path.unlink(missing_ok=True)
            return None
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep bytes; where that cannot be done, nothing is kept."""
        if self.folder is None:
            return
        new = self.folder / f".{secrets.token_hex(8)}"
        with suppress(OSError):
            try:
                new.write_bytes(hashlib.sha256(content).hexdigest().encode() + content)
                new.replace(self.folder / key)
            finally:
                new.unlink(missing_ok=True)

    def kept(self, key: str | None, make: Callable[[], bytes]) -> bytes:
        """The bytes under a key, made where they are not there; made and not kept where there is no key."""
        found = self.get(key) if key else None
        if found is None:
            found = make()
            if key:
                self.put(key, found)
        return found

    def trim(self) -> None:
        """Let go of what was used least lately, and of what a build that was killed left half written."""
        if self.folder is None:
            return
        with suppress(OSError):
            files = [(p, p.stat()) for p in self.folder.iterdir()]
            total = sum(s.st_size for _, s in files)
            for path, found in sorted(files, key=lambda one: one[1].st_mtime):
                if total <= self.most_bytes:
                    break
                path.unlink(missing_ok=True)
                total -= found.st_size


def key_of(*parts: Any) -> str:
    """One hash of what can be written as JSON."""
    text = json.dumps([FORMAT, *parts], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def libraries() -> list[Any]:
    """What is installed, and the machine: what is kept is of use nowhere else."""
    installed = sorted(p.name for p in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return [installed, platform.python_version(), platform.node(), platform.machine()]


def open_store(*, fresh: bool = False, stream: TextIO = sys.stderr) -> Store:
    """The store that INCIDENT_REPORT_STORE names: a folder, ``off`` for none, by default one of the project's own.

    Raises
    ------
    UsageError
        If the folder belongs to somebody else, or others may write to it.
    """
    setting = os.environ.get(SETTING, "")
    if setting == "off":
        return Store(None)
    setting = "" if setting == "on" else setting
    folder = Path(setting).absolute() if setting else CACHE / "store"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError as error:
        if setting:
            raise UsageError(f"{SETTING}={setting}: {error.strerror}; name a folder of yours, or off") from None
        return Store(None)
    if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UsageError(
            f"{folder}: others may write there, so nothing in it can be trusted; {SETTING}=off does without"
        )
    return Store(folder, reads=not fresh and os.environ.get(AFRESH, "") in ("", "0"), stream=stream)
