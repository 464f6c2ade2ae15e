"""What was asked for: which campaign, which quarter, which formats, and where the result goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from incident_report.paths import FIGURES, NOTEBOOKS, REPORTS, ROOT

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
