"""Reading files that anybody may have written: nothing here trusts what it finds."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Collection
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any

from incident_report.data.csvtext import RawTable, parse_table
from incident_report.data.model import Fault
from incident_report.data.spreadsheet import restore_csv

MOST_BYTES = 64 * 1024 * 1024  # of one file: some 250,000 rows of incidents
MOST_TOGETHER = 512 * 1024 * 1024
MOST_NAMES = 5_000  # in one folder
# What editors, spreadsheets and systems leave behind; hidden files, such as .replaced/ and .DS_Store, are the same.
_LEAVINGS = (".*", "~$*", "*~", "#*#", "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__", "Icon\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_DEEPEST = 50
# A pipe must not hold us up, and what became a link since it was looked at is not followed.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Folder:
    """A data folder, which may itself be a link; it reads nothing that lies outside and collects faults as it goes.

    Parameters
    ----------
    path : Path
    report : callable
        Takes each fault.
    """

    def __init__(self, path: Path, report: Callable[[Fault], None]) -> None:
        self.path = path
        self.report = report
        self.neutralised = False  # whether cells that would run as formulas have an apostrophe in front
        self._real = path.resolve()
        self._left = MOST_TOGETHER

    def inside(self, name: str) -> Path | None:
        """The path of a file or folder, or None (with a fault) where a link or ``..`` leads out."""
        path = self.path / name
        try:
            real = path.resolve()
        except (OSError, RuntimeError, ValueError):  # a loop of links
            self.report(Fault(name, "is a link that leads nowhere"))
            return None
        if not real.is_relative_to(self._real):
            self.report(Fault(name, "is a link out of the data folder; put the file itself here"))
            return None
        return path

    def exists(self, name: str) -> bool:
        """Whether something of that name is there, a broken link included."""
        path = self.path / name
        try:
            return path.is_symlink() or path.exists()
        except (OSError, ValueError):
            return False

    def names(self, name: str = "") -> list[str]:
        """Sorted names of what a folder holds, without what programs leave behind.

        Empty (with a fault) where it cannot be listed or holds too much.
        """
        base = self.inside(name)
        if base is None:
            return []
        try:
            with os.scandir(base) as entries:
                found = sorted(e.name for e in islice(entries, MOST_NAMES + 1))
        except OSError as error:
            self.report(Fault(name or ".", f"cannot be listed: {error.strerror}"))
            return []
        if len(found) > MOST_NAMES:
            self.report(Fault(name or ".", f"holds more than {MOST_NAMES:,} files; take away what is no data"))
            return []
        return [n for n in found if not any(fnmatchcase(n, leaving) for leaving in _LEAVINGS)]

    def file(self, name: str, most: int = MOST_BYTES) -> Path | None:
        """The real path of an ordinary file of bearable size inside the folder, or None with a fault."""
        path = self.inside(name)
        if path is None:
            return None
        try:
            real = path.resolve()
            found = os.lstat(real)
        except (OSError, RuntimeError, ValueError):
            self.report(Fault(name, "is not a file"))
            return None
        if not stat.S_ISREG(found.st_mode):
            self.report(Fault(name, "is not a file (but a folder, a pipe or a device)"))
            return None
        if found.st_size > most:
            self.report(Fault(name, f"is larger than {_size(most)}; split it"))
            return None
        return real

    def read_bytes(self, name: str, most: int = MOST_BYTES) -> bytes | None:
        """The content of an ordinary file, or None with a fault.

        Parameters
        ----------
        name : str
            Relative to the folder.
        most : int
            Bytes that it may have.
        """
        real = self.file(name, most)
        if real is None:
            return None
        try:
            handle = os.open(real, _OPEN)
            with os.fdopen(handle, "rb") as stream:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise OSError(0, "it is no ordinary file")
                data = stream.read(most + 1)  # a file may grow, or lie about its size as those of /proc do
        except OSError as error:
            self.report(Fault(name, f"cannot be read: {error.strerror}"))
            return None
        self._left -= len(data)
        if len(data) > most or self._left < 0:
            size = f"is larger than {_size(most)}" if len(data) > most else f"is past {_size(MOST_TOGETHER)} of data"
            self.report(Fault(name, f"{size}; split it"))
            return None
        return data

    def read_text(self, name: str, most: int = MOST_BYTES) -> str | None:
        """The text of a UTF-8 file (BOM dropped), or None with a fault."""
        data = self.read_bytes(name, most)
        if data is None:
            return None
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.report(Fault(name, "is encoded in UTF-16; save it as 'CSV UTF-8'"))
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.report(_encoding_fault(name, data, error.start))
            return None
        if not text.strip():
            self.report(Fault(name, "is empty: not even a header; delete the file or fill it"))
            return None
        found = _CONTROL.search(text)
        if found:
            self.report(_control_fault(name, text, found))
            return None
        return text

    def read_json(self, name: str, most: int = MOST_BYTES) -> Any:
        """A parsed JSON file, or None with a fault."""
        text = self.read_text(name, most)
        if text is None:
            return None
        try:
            value = json.loads(text, parse_constant=_no_number)
        except json.JSONDecodeError as error:
            self.report(Fault(name, f"is not valid JSON: {error.msg}", line=error.lineno))
            return None
        except (RecursionError, ValueError) as error:
            reason = str(error) if str(error).endswith("is no number") else "nested too deeply, or a number too long"
            self.report(Fault(name, f"is not valid JSON: {reason}"))
            return None
        if _too_deep(value):
            self.report(Fault(name, f"is nested more than {_DEEPEST} levels deep"))
            return None
        if value is None:
            self.report(Fault(name, "is not valid here: it holds only null"))
        return value

    def read_table(self, name: str, spare: Collection[str] = ()) -> RawTable | None:
        """A CSV file, or None with a fault where no table can be made out.

        Parameters
        ----------
        spare : collection of str
            Columns that a file may lack. Where they stand last, a row may end before them: rows typed
            for an older layout stay valid.
        """
        text = self.read_text(name)
        if text is None:
            return None
        return parse_table(name, restore_csv(text) if self.neutralised else text, self.report, spare)


def _size(most: int) -> str:
    return f"{most // 1024**2} MB" if most >= 1024**2 else f"{most:,} bytes"


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _too_deep(value: Any) -> bool:
    """Whether parsed JSON is nested deeper than any file of ours needs; found without recursion."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [c for v in level if isinstance(v, dict | list) for c in (v.values() if isinstance(v, dict) else v)]
        if not level:
            return False
    return True


def _encoding_fault(name: str, data: bytes, at: int) -> Fault:
    line = data.count(b"\n", 0, at) + 1
    seen = data[at : at + 1]
    try:
        guess = f" (in Windows-1252 it is {seen.decode('cp1252')!r})"
    except UnicodeDecodeError:
        guess = ""
    message = f"is not UTF-8: byte 0x{seen[0]:02X}{guess}; save the file as 'CSV UTF-8'"
    return Fault(name, message, line=line)


def _control_fault(name: str, text: str, found: re.Match[str]) -> Fault:
    line = len(re.findall(r"\r\n|\r|\n", text[: found.start()])) + 1
    what = "a NUL byte" if found[0] == "\x00" else f"a control character (U+{ord(found[0]):04X})"
    return Fault(name, f"holds {what}; delete it", line=line)
