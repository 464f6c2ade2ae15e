"""A sheet on which somebody scores the policy options, and what they put there, checked and kept in scores.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from incident_report.data.model import DataError, Fault
from incident_report.data.options import LEVELS
from incident_report.data.sheets import open_sheets
from incident_report.data.workbook import check_name, put, read_csv, save
from incident_report.data.workbook_back import rows_of, to_csv
from incident_report.data.writing import write_file

FILE = "scores.csv"
HEADER = ("scorer", "option", "objective", "low", "high", "reason")
SCORES, SCORER = "scores", "scorer"
_FILLED = ("low", "high", "reason")
_WIDTHS = {"option": 18, "objective": 12, "what": 34, "aim": 26, "low": 7, "high": 7, "reason": 48}


def write_scoresheet(doc: Mapping[str, Any], path: Path) -> int:
    """Write a blank sheet: one row an option and objective, with what each level means; no score of ours.

    Parameters
    ----------
    doc : mapping
        A file of policy options that passes the checks.

    Returns
    -------
    int
        Number of scores to give.

    Raises
    ------
    ValueError
        If `path` does not end in .xlsx.
    OSError
    """
    check_name(path)
    book = Workbook()
    who = book.worksheets[0]
    who.title = SCORER
    who.append(["name"])
    sheet = book.create_sheet(SCORES)
    header = ["option", "objective", "what", "aim", *(str(k) for k in LEVELS), *_FILLED]
    rows = [header]
    for option, aim in product(doc["options"], doc["objectives"]):
        anchors = [str(aim["anchors"][k]) for k in LEVELS]
        rows.append([option["id"], aim["id"], option["label"], aim["label"], *anchors, *("",) * len(_FILLED)])
    for i, texts in enumerate(rows, 1):
        for j, text in enumerate(texts, 1):
            put(sheet.cell(i, j), text)
            sheet.cell(i, j).alignment = Alignment(vertical="top", wrap_text=True)
    for j, name in enumerate(header, 1):
        sheet.cell(1, j).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(j)].width = _WIDTHS.get(name, 20)
    rule = DataValidation(type="list", formula1=f'"{",".join(str(k) for k in LEVELS)}"', allow_blank=True)
    sheet.add_data_validation(rule)
    low, high = (get_column_letter(header.index(k) + 1) for k in ("low", "high"))
    rule.add(f"{low}2:{high}{len(rows)}")
    sheet.freeze_panes = "E2"
    save(book, path)
    return len(rows) - 1


def read_scoresheet(path: Path) -> list[dict[str, str]]:
    """What one person put into a sheet; rows without any score are left out.

    Returns
    -------
    list of dict with the columns of scores.csv

    Raises
    ------
    DataError
        One fault a cell that is wrong: no name, a score that is no level, only one of the two scores.
    SheetError
        If it is no workbook.
    """
    name, header, rows = _filled(path)
    place = f"{path.name}, sheet {SCORES}"
    scored = []
    faults: list[Fault] = []
    for line, row in enumerate(rows, 2):
        cells = dict(zip(header, map(str.strip, row), strict=True))
        if cells["low"] or cells["high"]:
            faults += _wrong(cells, place, line)
            scored.append({"scorer": name, **{k: cells[k] for k in HEADER[1:]}})
    if not scored:
        faults.append(Fault(place, "holds no score: fill the columns low and high"))
    if faults:
        raise DataError(faults)
    return scored


def _filled(path: Path) -> tuple[str, list[str], list[list[str]]]:
    """The scorer's name, and the header and the rows of the scores."""
    faults: list[Fault] = []
    with open_sheets(path) as sheets:
        found = {s.title: rows_of(path.name, s, faults) for s in sheets if s.title in (SCORES, SCORER)}
    name = next(filter(None, (row[0].strip() for row in found.get(SCORER, [])[1:])), "")
    if not name:
        faults.append(Fault(f"{path.name}, sheet {SCORER}", "put the scorer's name into A2", 2, "A"))
    header, *rows = found.get(SCORES) or [[]]
    if missing := [k for k in HEADER[1:] if k not in header]:
        faults.append(Fault(f"{path.name}, sheet {SCORES}", f"has no column {', '.join(missing)}"))
    if faults:
        raise DataError(faults)
    return name, header, rows


def _wrong(values: Mapping[str, str], place: str, row: int) -> list[Fault]:
    levels = {str(k) for k in LEVELS}
    bad = [
        Fault(place, f"is no level; write a whole number from {LEVELS[0]} to {LEVELS[-1]}", row, k, values[k])
        for k in ("low", "high")
        if values[k] not in levels
    ]
    if not bad and values["low"] > values["high"]:
        bad.append(Fault(place, f"lies above the highest, {values['high']}", row, "low", values["low"]))
    return bad


def keep_scores(folder: Path, given: Sequence[Mapping[str, str]]) -> int:
    """Put people's scores into the campaign's scores.csv; what the same people gave before goes.

    Returns
    -------
    int
        Rows in the file.
    """
    path, again = folder / FILE, {g["scorer"] for g in given}
    before = [dict(zip(HEADER, row, strict=False)) for row in read_csv(path)[1:]] if path.is_file() else []
    rows = [r for r in before if r["scorer"] not in again] + [dict(g) for g in given]
    rows.sort(key=lambda r: r["scorer"])
    write_file(path, to_csv([HEADER, *([row.get(k, "") for k in HEADER] for row in rows)]))
    return len(rows)
