"""Which campaign folder, which periods are in it, and how to write a path for its user.

Nothing here needs pandas, so that the command line can say within a blink that nothing is to be done.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from incident_report.errors import UsageError
from incident_report.paths import DATA, ROOT
from incident_report.periods import Period

PACKAGE = "datapackage.json"  # in a campaign folder, its schema
EXTRAS = "edition"  # the folder for readers in an unpacked data.zip: known, and never read
INCOMING = ".incoming"  # in a campaign folder, a write that has begun: complete, and perhaps not yet in place


def data_folder(text: str) -> Path:
    """The campaign folder that was asked for, links resolved.

    Raises
    ------
    UsageError
        If there is none.
    """
    folder = real_path(text, "--data")
    if not folder.is_dir() and not Path(text).is_absolute():
        folder = (ROOT / text).resolve()
    if not (folder / "incidents").is_dir():
        raise UsageError(f"{text}: not a campaign folder (it has no folder 'incidents')")
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{text}: the folder's name is not UTF-8; rename it") from None
    return folder


def real_path(text: str, option: str) -> Path:
    """A path that was typed, links resolved; it need not exist.

    Raises
    ------
    UsageError
        If it is empty, holds a null character, or is a link that leads nowhere or round in a loop.
    """
    if not text.strip():
        raise UsageError(f"{option} is empty; name a folder")
    try:
        if Path(text).is_symlink() and not Path(text).exists():
            raise UsageError(f"{option} {text}: is a link that leads nowhere")
        return Path(text).resolve()
    except (ValueError, RuntimeError):
        raise UsageError(f"{option} {text!r}: no path can be made of it") from None


def own_campaign(folder: Path) -> bool:
    """Whether the folder is the project's own ``data/``, which may itself be a link."""
    return folder == DATA.resolve()


def named(path: Path) -> str:
    """A folder as notebooks and provenance name it: from the project's root where it lies there."""
    if own_campaign(path):
        return "data"
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


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
    """Periods that have an incidents file, ascending."""
    found = []
    for path in (folder / "incidents").glob("*.csv"):
        try:
            found.append(Period.parse(path.stem))
        except ValueError:
            continue  # the loader names the file as a fault
    return [str(q) for q in sorted(found)]


def chosen_quarter(text: str, folder: Path) -> str:
    """The period to report on: the one asked for, else the newest.

    Raises
    ------
    UsageError
        If it is no period or has no incidents file; the line says which there are.
    """
    there = available(folder)
    listing = f"{shown(folder / 'incidents')} has {', '.join(there) or 'no file'}"
    if not text:
        if not there:
            raise UsageError(listing)
        return there[-1]
    try:
        quarter = str(Period.parse(text))
    except ValueError as error:
        raise UsageError(f"{error}; {listing}") from None
    if quarter not in there:
        raise UsageError(f"there are no data for {quarter}; {listing}")
    return quarter


def shown(path: Path) -> str:
    """A path as the user would write it."""
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)
