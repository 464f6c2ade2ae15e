"""Reading files that anybody may have written: nothing here trusts what it finds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.data.model import Fault

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_MAX_BYTES = 64 * 1024 * 1024
_DEEPEST = 50


@dataclass(frozen=True)
class RawTable:
    """A CSV file as text.

    Parameters
    ----------
    file : str
        Path relative to the data folder.
    header : list of str
    rows : list of (line, cells)
        The physical line on which the row starts (line 1 is the header's) and one text per column.
    """

    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


class Folder:
    """A data folder; it reads nothing that lies outside and collects faults as it goes."""

    def __init__(self, path: Path, report: Callable[[Fault], None]) -> None:
        self.path = path
        self.report = report
        self._real = path.resolve()

    def inside(self, name: str) -> Path | None:
        """The path of a file or folder, or None (with a fault) where a link leads out."""
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
        return path.is_symlink() or path.exists()

    def read_text(self, name: str) -> str | None:
        """The text of a UTF-8 file (BOM dropped), or None with a fault."""
        path = self.inside(name)
        if path is None:
            return None
        if not path.is_file():
            self.report(Fault(name, "is not a file"))
            return None
        try:
            if path.stat().st_size > _MAX_BYTES:
                self.report(Fault(name, f"is larger than {_MAX_BYTES // 1024**2} MB; split it"))
                return None
            data = path.read_bytes()
        except OSError as error:
            self.report(Fault(name, f"cannot be read: {error.strerror}"))
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

    def read_json(self, name: str) -> Any:
        """A parsed JSON file, or None with a fault."""
        text = self.read_text(name)
        if text is None:
            return None
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            self.report(Fault(name, f"is not valid JSON: {error.msg}", line=error.lineno))
            return None
        except (RecursionError, ValueError):
            self.report(Fault(name, "is not valid JSON: nested too deeply, or a number too long"))
            return None
        if _too_deep(value):
            self.report(Fault(name, f"is nested more than {_DEEPEST} levels deep"))
            return None
        if value is None:
            self.report(Fault(name, "is not valid here: it holds only null"))
        return value

    def read_table(self, name: str) -> RawTable | None:
        """A CSV file, or None with a fault where no table can be made out."""
        text = self.read_text(name)
        return None if text is None else self._parse(name, text)

    def _parse(self, name: str, text: str) -> RawTable | None:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header: list[str] | None = None
        rows = []
        start = 1
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self.report(_csv_fault(name, start, reader.line_num, str(error)))
                return None
            if cells is None:
                break
            line, start = start, reader.line_num + 1
            cells = [c.strip() for c in cells]
            if header is None:
                if not any(cells):
                    continue
                separator = _other_separator(text, cells)
                if separator:
                    self.report(Fault(name, f"is separated by {separator}; save it separated by commas", line=line))
                    return None
                header = cells
            elif not cells:
                continue
            elif not any(cells):
                self.report(Fault(name, "this row is empty and was skipped; delete it", line=line, severity="warning"))
            elif len(cells) != len(header):
                advice = "a cell with a comma needs double quotes" if len(cells) > len(header) else "a cell is missing"
                message = f"this row has {len(cells)} cells, the header has {len(header)}; {advice}"
                self.report(Fault(name, message, line=line))
            else:
                rows.append((line, cells))
        return RawTable(name, header or [], rows)


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


def _csv_fault(name: str, first: int, last: int, error: str) -> Fault:
    if "unexpected end" in error:
        message = "a double quote opened in this row is never closed"
    elif "expected after" in error:
        reach = f" (it reaches to line {last})" if last > first else ""
        message = f"a double quote is out of place in this row{reach}; inside a quoted cell write it twice"
    elif "field larger" in error:
        message = "a cell is longer than 131,072 characters; a double quote may be missing"
    else:
        message = f"cannot be read as CSV: {error}"
    return Fault(name, message + "; nothing after it was checked", line=first)


def _other_separator(text: str, cells: list[str]) -> str | None:
    """Name of the separator where the header is evidently not separated by commas."""
    first = text.lstrip().splitlines()[0]
    for sign, words in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if first.count(sign) > max(1, first.count(",")) or (sign in first and len(cells) == 1):
            return words
    return None
