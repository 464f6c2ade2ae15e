"""Which campaign folder, which quarters are in it, and how to write a path for its user."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from incident_report.errors import UsageError
from incident_report.paths import ROOT
from incident_report.periods import Quarter


def data_folder(text: str) -> Path:
    """The campaign folder that was asked for.

    Raises
    ------
    UsageError
        If there is none.
    """
    folder = (ROOT / text).resolve() if not (Path.cwd() / text).is_dir() else Path(text).resolve()
    if not (folder / "incidents").is_dir():
        raise UsageError(f"{text}: not a campaign folder (it has no folder 'incidents')")
    return folder


def as_of_day(text: str) -> date | None:
    """The day that was asked for; None for empty text.

    Raises
    ------
    UsageError
        If it is no ISO day.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"as_of is {text!r}; it must be a day such as 2020-09-30") from None


def available(folder: Path) -> list[str]:
    """Quarters that have an incidents file, ascending."""
    found = []
    for path in (folder / "incidents").glob("*.csv"):
        try:
            found.append(Quarter.parse(path.stem))
        except ValueError:
            continue  # the loader names the file as a fault
    return [str(q) for q in sorted(found)]


def chosen_quarter(text: str, folder: Path) -> str:
    """The quarter to report on: the one asked for, else the newest.

    Raises
    ------
    UsageError
        If it is no quarter or has no incidents file; the line says which there are.
    """
    there = available(folder)
    listing = f"{shown(folder / 'incidents')} has {', '.join(there) or 'no file'}"
    if not text:
        if not there:
            raise UsageError(listing)
        return there[-1]
    try:
        quarter = str(Quarter.parse(text))
    except ValueError as error:
        raise UsageError(f"{error}; {listing}") from None
    if quarter not in there:
        raise UsageError(f"there are no data for {quarter}; {listing}")
    return quarter


def shown(path: Path) -> str:
    """A path as the user would write it."""
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)
