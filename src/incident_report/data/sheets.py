"""Reading workbooks that anybody may have made: bounded before they are unpacked, and row by row after that."""

from __future__ import annotations

import re
import stat
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from operator import sub
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from incident_report.data.csvtext import MOST_COLUMNS, MOST_ROWS

_WIDEST_GAP = 10_000  # empty rows: what stands below them is no part of the table
LAST_ROW = 1_048_576  # of any spreadsheet
_MOST_PARTS = 1_000
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_FORMULAS = 2_000
_MOST_ROW_TAGS = 200_000  # of a sheet, empty ones too
_MOST_STRINGS = 300_000
_MOST_TAGS = 100_000  # in any other part but a sheet
_WIDEST_ROW = 1024 * 1024  # bytes of XML
# Text compresses ten to thirty times; a bomb, a thousand times.
_MOST_RATIO, _SMALL = 100, 10 * 1024 * 1024
_DECLARED = re.compile(rb"<!DOCTYPE|<!ENTITY|\A(?:\xff\xfe|\xfe\xff)")  # what UTF-16 begins with, too
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"']\s*([0-9.eE+-]+)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Za-z0-9:$]{1,40})")


class SheetError(ValueError):
    """Why a workbook cannot be read, in one line that begins with its path."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook that is open.

    Parameters
    ----------
    title : str
    merged : tuple of str
        Ranges of cells that are one on the screen; all but the first are empty.
    """

    title: str
    merged: tuple[str, ...]
    _path: Path
    _sheet: Any

    def rows(
        self, read: Callable[[Any, int, int], str], most_rows: int = MOST_ROWS, most_columns: int = MOST_COLUMNS
    ) -> list[tuple[int, list[str]]]:
        """Number and texts of each row that holds anything.

        Parameters
        ----------
        read : callable
            From a cell, its row and its column (from 1) to its text; it must not raise.

        Raises
        ------
        SheetError
            At a cell too far down or to the right; it names the cell.
        """
        found: list[tuple[int, list[str]]] = []
        with _told(self._path):
            self._sheet.reset_dimensions()  # what a sheet says of its own size need not be true
            for number, cells in enumerate(self._sheet.iter_rows(), 1):
                if len(cells) > most_columns:
                    where = f"sheet {self.title}: there is a cell at {get_column_letter(len(cells))}{number}"
                    raise SheetError(f"{where}; delete the columns to the right of the table")
                if any(cell.value is not None for cell in cells):
                    if number > min(most_rows, (found[-1][0] if found else 0) + _WIDEST_GAP):
                        where = f"sheet {self.title}: there is a cell in row {number:,}"
                        raise SheetError(f"{where}; delete what is below the table, or split it")
                    found.append((number, [read(cell, number, j) for j, cell in enumerate(cells, 1)]))
        return found


@contextmanager
def open_sheets(path: Path, *, most_unpacked: int = _MOST_UNPACKED, look_into: bool = True) -> Iterator[list[Sheet]]:
    """The sheets of a workbook, read while they are gone through.

    Parameters
    ----------
    most_unpacked : int
        Bytes of all its parts together.
    look_into : bool
        Look for merged cells, formulas and other things by the thousand, too: every part is then unpacked once more.
        Without it, a formula is taken for the value that the spreadsheet saved with it.

    Raises
    ------
    SheetError
        If it is no workbook, or would take too much time or memory.
    """
    merged: dict[str, tuple[str, ...]] = {}
    with _told(path):
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise SheetError("is not a file")
        if found.st_size > most_unpacked:
            raise SheetError(f"is larger than {most_unpacked // 1024**2} MB")
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts, found.st_size, most_unpacked)
            if look_into:
                merged = {p.filename: _look_into(p.filename, archive.read(p)) for p in parts}
        book: Any = load_workbook(path, read_only=True, data_only=not look_into)
    try:
        # openpyxl has no public name for the part that a sheet is read from.
        yield [Sheet(s.title, merged.get(s._worksheet_path, ()), path, s) for s in book.worksheets]
    finally:
        book.close()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Whatever zip, XML and openpyxl raise, as one line that names the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of formats that this project does not need
            yield
    except SheetError as error:
        raise SheetError(f"{path}: {error}") from None
    except OSError as error:
        raise SheetError(f"{path}: cannot be read: {error.strerror or error}") from None
    except Exception as error:
        raise SheetError(f"{path}: not readable as a workbook ({type(error).__name__})") from None


def _check_sizes(parts: list[zipfile.ZipInfo], packed: int, most: int) -> None:
    unpacked = sum(p.file_size for p in parts)
    if len(parts) > _MOST_PARTS:
        raise SheetError(f"has {len(parts):,} parts; a workbook has some dozens")
    if unpacked > most:
        raise SheetError(f"would unpack to {unpacked // 1024**2:,} MB; delete empty rows and columns, or split it")
    if unpacked > _SMALL and unpacked > _MOST_RATIO * packed:
        raise SheetError(f"would unpack to {unpacked // max(packed, 1):,} times its size, as no workbook does")
    if any(p.flag_bits & 1 for p in parts):
        raise SheetError("is encrypted; save it without a password")


def as_text(value: Any) -> str:
    """What a CSV file would hold for a cell's value: whole numbers without a point, a midnight as its day."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)


def _look_into(name: str, content: bytes) -> tuple[str, ...]:
    """Refuse what would keep a reader busy for ever; give back merged ranges."""
    part = repr(name[:80])
    if _DECLARED.search(content):
        raise SheetError(f"holds declarations in {part} that no workbook needs")
    if b"sheetData" not in content:
        strings = len(_STRING.findall(content)) if name != "xl/styles.xml" else 0
        if strings > _MOST_STRINGS or content.count(b"<") - 6 * strings > _MOST_TAGS:
            raise SheetError(f"has too much in its part {part}")
        return ()
    starts = [0, *(m.start() for m in _ROW.finditer(content)), len(content)]
    formulas = len(_FORMULA.findall(content))
    for wrong, message in (
        (len(starts) > _MOST_ROW_TAGS, f"has {len(starts):,} rows in {part}; delete the empty ones below the table"),
        (
            max(map(sub, starts[1:], starts)) > _WIDEST_ROW,
            f"has a row of more than {_WIDEST_ROW // 1024**2} MB in {part}",
        ),
        (
            not all(map(_is_row, _ROW_NUMBER.findall(content))),
            f"has a row below the last one of any spreadsheet in {part}",
        ),
        (formulas > _MOST_FORMULAS, f"holds {formulas:,} formulas in {part}; paste their values"),
    ):
        if wrong:
            raise SheetError(message)
    return tuple(m.decode("ascii") for m in _MERGED.findall(content))


def _is_row(number: bytes) -> bool:
    return number.isdigit() and len(number) <= 7 and int(number) <= LAST_ROW
