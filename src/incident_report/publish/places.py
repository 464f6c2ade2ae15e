"""Where a report and its figures go, and whether that place is ours to write to."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from incident_report.data.folders import named, own_campaign, shown
from incident_report.errors import BuildError, UsageError
from incident_report.paths import FIGURES, REPORTS, ROOT
from incident_report.periods import PATTERN
from incident_report.publish import provenance
from incident_report.publish.request import Request

_PLAIN = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,48}[a-z0-9_])?")
_PERIOD = re.compile(PATTERN)
_EDITION = re.compile(rf"{PATTERN}|[0-9]{{4}}q[1-4].*", re.IGNORECASE)  # what editions are called
_LONGEST = 120
_NOT_OUT = (
    "data", "notebooks", "src", "templates", "tests", "docs", "scripts", "campaigns", "figures", "reports",
    ".git", ".venv", ".cache",
)  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Where a report and its figures go."""

    report: Path
    figures: Path

    @property
    def apart(self) -> bool:
        """Whether the figures have a folder of their own, outside the report's."""
        return not self.figures.is_relative_to(self.report)


def places(folder: Path, quarter: str, request: Request) -> Places:
    """The place of an edition: two different campaigns, quarters or settings never share one.

    The project's own campaign has ``reports/2020Q3``; another setting than the default is added, as in
    ``reports/2020Q3+floor-high+as-of-2020-09-28``. Another campaign has a folder of its own above that:
    ``reports/NAME/2020Q3`` for ``campaigns/NAME``, and for one that lies elsewhere, or has a name that two
    file systems could take for two things, a readable part and a hash of its path, as in
    ``reports/syria~5f0c2a9d81e3/2020Q3``. Figures go to the same place under ``figures/``.

    Parameters
    ----------
    folder : Path
        Campaign folder, links resolved.
    quarter : str
        As ``2020Q3``, ``2020-07`` or ``2020``.
    request : Request
        Its settings, and `out`, which overrides all this: then the figures go to ``OUT/figures``.
    """
    if request.out is not None:
        out = request.out.resolve()
        return Places(out, out / "figures")
    inner = Path(campaign_name(folder)) / edition_name(quarter, request.variant())
    return Places((REPORTS / inner).resolve(), (FIGURES / inner).resolve())


def place_at(report: Path) -> Places:
    """The place of a report that stands somewhere: its figures lie under figures/ if it lies under reports/."""
    report, own = report.resolve(), REPORTS.resolve()
    if report.is_relative_to(own) and report != own:
        return Places(report, (FIGURES / report.relative_to(own)).resolve())
    return Places(report, report / "figures")


def campaign_name(folder: Path) -> str:
    """Name of a campaign's folder below reports/ and figures/; empty for the project's own."""
    if own_campaign(folder):
        return ""
    plain = _is_plain(folder.name) and not _EDITION.fullmatch(folder.name)
    if plain and folder.parent == (ROOT / "campaigns").resolve():
        return folder.name
    readable = folder.parent.name if folder.name == "data" else folder.name
    return f"{_slug(readable) or 'campaign'}~{_short(named(folder))}"


def edition_name(quarter: str, variant: Sequence[tuple[str, str]]) -> str:
    """Name of an edition's folder: the period and every setting that is not the default."""
    name = quarter + "".join(f"+{_setting(*setting)}" for setting in variant)
    if len(name) <= _LONGEST:
        return name
    return f"{quarter}+{len(variant)}-settings~{_short(repr(list(variant)))}"


def _setting(name: str, value: str) -> str:
    text = name + value
    quarter = name == "baseline-" and _PERIOD.fullmatch(value)
    if _is_plain(name.rstrip("-=")) and (_is_plain(value) or not value or quarter):
        return text
    return f"{_slug(name)}{name[-1:]}{_slug(value)}~{_short(text)}"


def _is_plain(text: str) -> bool:
    """Whether a text is a file name that stays itself everywhere: short, ASCII, small letters, no ending dot."""
    return _PLAIN.fullmatch(text) is not None


def _slug(text: str) -> str:
    """What can be read of a text in a file name; many texts have the same."""
    ascii = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii)[:40].strip("-")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def check_out(text: str, guarded: Iterable[Path]) -> Path:
    """The folder that `--out` names, if a report may go there; `check_ours` says whether it is free.

    Parameters
    ----------
    text : str
        As typed.
    guarded : iterable of Path
        More folders that are read and must not be written to.

    Raises
    ------
    UsageError
        For the current folder, the project, a parent of them, or a folder that holds what is read.
    """
    from incident_report.data.folders import real_path

    out = real_path(text, "--out")
    above = (Path.cwd(), ROOT, Path.home() if "HOME" in os.environ else ROOT)
    if any(_within(folder, out) for folder in above):
        raise UsageError(f"--out {text}: a report replaces its folder as a whole; name a new or an empty one")
    for folder in map(Path.resolve, (*(ROOT / name for name in _NOT_OUT), *guarded)):
        if _within(out, folder) or _within(folder, out):
            raise UsageError(f"--out {text}: {shown(folder)} is no place for it; name a new or an empty folder")
    for parent in out.parents:
        if provenance.head(parent) is not None:
            raise UsageError(f"--out {text}: lies inside the report {shown(parent)}; name another folder")
    return out


def _within(one: Path, other: Path) -> bool:
    """Whether a folder is another or lies in it."""
    return any(_same(p, other) for p in (one, *one.parents))


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one folder; by number where both exist, so that no spelling hides it."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False


def check_ours(place: Places) -> None:
    """Make sure that nothing but our own files would be replaced.

    Raises
    ------
    BuildError
        If the report's or the figures' place is a file, or holds something that no build has written.
    """
    folders = [(place.report, provenance.strangers)]
    if place.apart:
        folders.append((place.figures, provenance.strange_figures))
    for folder, strange in folders:
        nearest = next(p for p in (folder, *folder.parents) if p.exists())
        if not nearest.is_dir():
            raise BuildError(f"{shown(nearest)}: is a file, where a folder must be; move it away")
        if nearest != folder:
            continue
        if found := strange(folder):
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            raise BuildError(
                f"{shown(folder)}: holds {found[0]!r}{more}, which no build has written; "
                "move it away, or name another folder"
            )
