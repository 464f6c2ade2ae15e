"""The closed set of files that a campaign folder holds, declared in one place; anything else there is named."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from incident_report.data.files import Folder
from incident_report.data.folders import EXTRAS, INCOMING, PACKAGE
from incident_report.data.house import LOGOS
from incident_report.data.incidents import FOLDER as PERIODS
from incident_report.data.model import DataError, Fault
from incident_report.data.package import Package, find_package
from incident_report.data.restrictions import FILE as RESTRICTIONS
from incident_report.data.story import FOLDER as STORIES
from incident_report.periods import UNITS, Period

# What the loader reads besides the tables that datapackage.json declares. A new kind of file needs a line here.
DOCUMENTS = (
    PACKAGE,
    "report.yml",
    "sophistication.yml",
    "policy_options.yml",
    "claims.yml",
    "geo/region.geojson",
    RESTRICTIONS,
)
# What belongs to a campaign although no number comes from it.
_IMPORT = tuple(f"import/{name}" for name in ("account.txt", "dataset.csv", "left_out.csv", "ranges.csv", "review.csv"))
COMPANIONS = ("README.md", "CITATION.cff", *_IMPORT, *LOGOS)
# Kinds of files, by pattern; `*` stays within one folder.
_NAMES = ("[0-9][0-9][0-9][0-9]", "[0-9][0-9][0-9][0-9]Q[1-4]", "[0-9][0-9][0-9][0-9]-[01][0-9]")  # of periods
_FILES = ("incidents/{}.csv", "story/{}.md", "story/{}.[a-z][a-z].md", "review/{}.json", "import/dataset-{}.csv")
KINDS = (*(file.format(name) for file in _FILES for name in _NAMES), "LICENSE*")
_MOST_NAMED = 50  # strangers told one by one, in each folder


def declared(package: Package) -> frozenset[str]:
    """Files from which numbers or words may come: documents, tables, what the schema lists."""
    names = [*DOCUMENTS, *(t.path for t in package.tables.values())]
    for resource in package.raw.get("resources", ()):
        path = resource.get("path", ())
        names += [path] if isinstance(path, str) else path
    return frozenset(n for n in names if "*" not in n and not n.startswith(f"{EXTRAS}/"))


def campaign_files(folder: Path) -> dict[str, Path]:
    """The checked, closed set of a campaign's files: what a sealed copy, a hash or a bundle takes.

    Parameters
    ----------
    folder : Path
        It may itself be a link.

    Returns
    -------
    dict of str -> Path
        Real path of each known file by its name in the folder (``incidents/2020Q3.csv``), sorted as paths are.
        Files that nobody reads are not in it.

    Raises
    ------
    DataError
        If a known file is a link out of the folder, no ordinary file, or too large; or if the schema cannot be read.
    """
    faults: list[Fault] = []
    place = Folder(Path(folder), faults.append)
    package = find_package(place)
    if package is None:
        raise DataError(faults)
    stopped_write(place, faults.append)
    known = declared(package) | set(COMPANIONS)
    found: dict[str, Path] = {}
    for name in _listing(place, known):
        if _is_known(name, known):
            real = place.file(name)
            if real is not None:
                found[name] = real
    if faults:
        raise DataError(faults)
    return {name: found[name] for name in sorted(found, key=lambda n: n.split("/"))}


def stopped_write(folder: Folder, report: Callable[[Fault], None]) -> None:
    """Report a write that was stopped while its files were put in place: some may be new and others old."""
    if folder.exists(INCOMING):
        report(Fault(INCOMING, "a write was stopped here before it ended; incident-report check-data completes it"))


def strangers(folder: Folder, package: Package, report: Callable[[Fault], None]) -> None:
    """Name every file and folder that nobody reads.

    One that is nearly called like a file that is not there is an error, since what it holds would be missed
    without a word; any other is a warning. Odd names among the incident files are named where those are found.
    """
    needed = declared(package)
    known = needed | set(COMPANIONS)
    folders = _folders(known)
    told: Counter[str] = Counter()
    for name in _listing(folder, known):
        parent = name.rpartition("/")[0]
        if _is_known(name, known):
            folder.file(name)  # also where no number comes from it: it will be copied and published
        elif name in {*folders, EXTRAS} or parent in (PERIODS, STORIES):
            continue
        else:
            fault = _stranger(folder, name, needed)
            told[parent] += 1
            if told[parent] <= _MOST_NAMED or fault.severity == "error":
                report(fault)
    for parent, count in told.items():
        if count > _MOST_NAMED:
            message = f"holds {count - _MOST_NAMED:,} more files that nobody reads; take away what is no data"
            report(Fault(parent or ".", message, severity="warning"))


def _stranger(folder: Folder, name: str, needed: Collection[str]) -> Fault:
    what = "folder" if (folder.path / name).is_dir() else "file"
    meant = _meant(name, needed)
    if meant is None:
        message = f"is a {what} that nobody reads; take it away, or declare it in {PACKAGE}"
        return Fault(name, message, severity="warning")
    if folder.exists(meant):
        message = f"is a {what} that nobody reads (what is read is {meant}); take it away"
        return Fault(name, message, severity="warning")
    return Fault(name, f"is a {what} that nobody reads; did you mean {meant!r}? Call it that, or take it away")


def _meant(name: str, needed: Collection[str]) -> str | None:
    """The file or folder that a name nearly is."""
    base = name.rpartition("/")[2]
    for unit in UNITS if base.lower().endswith(".csv") else ():
        if period := Period.meant(unicodedata.normalize("NFKC", base), unit):
            return f"{PERIODS}/{period}.csv"
    bare = _bare(base)
    names = {_bare(n.rpartition("/")[2]): n for n in sorted({*needed, *_folders(needed)}, reverse=True)}
    return names.get(bare) or names.get(_nearest(bare, sorted(names)))


def _nearest(bare: str, names: Sequence[str]) -> str:
    """The name of which one is a part or that is a part of it, or else that differs in few letters; or nothing."""
    parts = (n for n in names if min(len(n), len(bare)) >= 5 and (bare in n or n in bare))
    return next(parts, None) or "".join(difflib.get_close_matches(bare[:80], names, n=1, cutoff=0.65))


def _bare(name: str) -> str:
    """A name without its endings, capitals, spaces and signs: ``Policy-options .yaml`` is ``policyoptions``."""
    stem = unicodedata.normalize("NFKC", name).casefold().lstrip(".").split(".")[0]
    return "".join(c for c in stem if c.isalnum())


def _listing(folder: Folder, known: Iterable[str]) -> Iterator[str]:
    """Names in the folder and in those of its folders that hold something known; no other is entered."""
    for parent in ("", *sorted(_folders(known))):
        if parent and not (folder.exists(parent) and (folder.path / parent).is_dir()):
            continue
        for name in folder.names(parent):
            yield f"{parent}/{name}" if parent else name


def _folders(known: Iterable[str]) -> set[str]:
    """Every folder on the way to a known file; a path that climbs out is none of them."""
    found: set[str] = set()
    for name in (*known, *KINDS):
        parts = name.split("/")[:-1]
        if not any(p in ("", ".", "..") for p in parts):
            found |= {"/".join(parts[: i + 1]) for i in range(len(parts))}
    return found


def _is_known(name: str, known: Collection[str]) -> bool:
    return name in known or any(name.count("/") == k.count("/") and fnmatchcase(name, k) for k in KINDS)
