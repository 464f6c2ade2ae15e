"""Start a period: a file with the header and nothing else."""

from __future__ import annotations

from pathlib import Path

from incident_report.data.files import Folder
from incident_report.data.incidents import FOLDER
from incident_report.data.model import DataError, Fault
from incident_report.data.package import read_package
from incident_report.data.restrictions import COLUMN
from incident_report.data.story import FOLDER as STORIES
from incident_report.periods import Period


def new_quarter(folder: Path, quarter: Period) -> tuple[Path, tuple[str, ...]]:
    """Write ``incidents/<period>.csv`` with all columns and no row.

    Parameters
    ----------
    folder : Path
        Campaign folder; its schema gives the columns.
    quarter : Period

    Returns
    -------
    (path, reminders)
        The new file, and what else the period needs, one plain line each.

    Raises
    ------
    DataError
        If a file for the period is there (it stays as it is), or the folder is not.
    """
    base = Path(folder) / FOLDER
    name = f"{FOLDER}/{quarter}.csv"
    if not Path(folder).is_dir():
        raise DataError([Fault(".", f"there is no data folder {str(folder)!r}")])
    fields = read_package(folder).tables["incidents"].fields
    header = ",".join(f.name for f in fields if not f.imported and f.name != COLUMN)
    faults: list[Fault] = []
    place = Folder(Path(folder), faults.append)
    there = {Period.meant(n, quarter.unit) for n in (place.names(FOLDER) if base.is_dir() else ())}
    if faults:
        raise DataError(faults)
    path = base / f"{quarter}.csv"
    if quarter in there or not _start(path, name, header + "\n"):
        raise DataError([Fault(name, "is already there and stays as it is")])
    return path, (
        f"{name}: one row an attack; README.md in the data folder says what each column takes",
        "sources.csv: every source that a row names",
        f"tallies.csv: counts that others published for the {quarter.unit}, with their real first and last day",
        "context.csv and posture.csv: dated events and force levels, if there are any",
        f"coverage.csv: a line, if the rows stop before the {quarter.unit} does",
    )


def new_story(folder: Path, quarter: Period, text: str) -> Path | None:
    """Write ``story/<period>.md``; None where a file of that name is there, which stays as it is.

    Raises
    ------
    DataError
        If it cannot be written.
    """
    path = Path(folder) / STORIES / f"{quarter}.md"
    return path if _start(path, f"{STORIES}/{path.name}", text) else None


def _start(path: Path, name: str, text: str) -> bool:
    """Write a new file; False where one of that name is there, which stays as it is."""
    try:
        path.parent.mkdir(exist_ok=True)
        # "x" and no test before it: two people at once cannot both succeed.
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise DataError([Fault(name, f"cannot be written: {error.strerror}")]) from None
    return True
