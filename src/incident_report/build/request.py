"""What was asked for: which campaign, which quarter, which formats, and where the result goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from incident_report.build.errors import UsageError
from incident_report.paths import FIGURES, NOTEBOOKS, REPORTS, ROOT
from incident_report.periods import Quarter

FORMATS = ("html", "pdf", "docx", "figures")
DEFAULT = ("html", "pdf", "figures")


@dataclass(frozen=True)
class Request:
    """What to build; empty texts take the defaults of the notebooks."""

    quarter: str = ""
    baseline: str = ""
    data: str = "data"
    confidence_floor: str = "low"
    as_of: str = ""
    only: tuple[str, ...] = DEFAULT
    out: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    notebooks: Path = NOTEBOOKS


@dataclass(frozen=True)
class Places:
    """Where a report and its figures go."""

    report: Path
    figures: Path


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


def places(folder: Path, quarter: str, out: Path | None) -> Places:
    """The project's own campaign has the plain folders, every other one a folder of its name."""
    if out is not None:
        out = out.resolve()
        return Places(out, out / "figures")
    name = "" if folder == ROOT / "data" else folder.parent.name if folder.name == "data" else folder.name
    return Places(REPORTS / name / quarter, FIGURES / name / quarter)


def inside(folder: Path) -> str:
    """The folder as the notebooks get it: from the project's root where it lies there."""
    return folder.relative_to(ROOT).as_posix() if folder.is_relative_to(ROOT) else str(folder)


def shown(path: Path) -> str:
    """A path as the user would write it."""
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)
