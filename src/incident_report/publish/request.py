"""What was asked for: which campaign, which quarter, which formats, and under which settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from incident_report.data.folders import named
from incident_report.errors import BuildError
from incident_report.paths import NOTEBOOKS
from incident_report.publish.inputs import PUBLIC, Sources
from incident_report.publish.versions import Release

FORMATS = ("html", "pdf", "brief", "docx", "explore", "figures")
DEFAULT = ("html", "pdf", "figures")
CELL_SECONDS = 600  # a cell that takes longer hangs


@dataclass(frozen=True)
class Request:
    """What to build; empty texts take the defaults of the notebooks.

    Parameters
    ----------
    data : str
        Campaign folder as typed.
    previous : Path or None
        Folder, provenance.json or data.zip of the previous edition, as named, links resolved.
    alone : bool
        Look for no previous edition.
    before : Path or None
        Folder of the previous edition that was found (see `before.with_before`); no setting.
    only : tuple of str
        Of `FORMATS`.
    png : bool
        Figures also as PNG.
    out : Path or None
        Where everything goes; None for the place that `places` gives.
    parameters : mapping
        Parameters of single chapters, as typed.
    cell_seconds : int
        A cell that takes longer is stopped.
    name : str
        What the report calls the campaign folder; by default its path from the project.
    engine : str
        Of `forked.ENGINES`: how the kernels come to be. The bytes are the same; by default what is quickest here.
    allow_incoherent : bool
        Print a report that contradicts itself, with a mark on every page.
    audience : str
        ``public``, or ``internal``: with what is restricted, and marked on every page.
    language : str
        Of a phrasebook, such as ``de``; empty takes the campaign's own.
    release : Release, optional
        Makes the build a version; without it the report is marked as what it is: not released.
    fresh : bool
        Use nothing that an earlier build has made (`store`).
    """

    quarter: str = ""
    baseline: str = ""
    data: str = "data"
    confidence_floor: str = "low"
    as_of: str = ""
    previous: Path | None = None
    alone: bool = False
    before: Path | None = None
    only: tuple[str, ...] = DEFAULT
    png: bool = False
    out: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    notebooks: Path = NOTEBOOKS
    cell_seconds: int = CELL_SECONDS
    name: str = ""
    engine: str = ""
    allow_incoherent: bool = False
    audience: str = PUBLIC
    language: str = ""
    release: Release | None = None
    fresh: bool = False

    def shared(self, folder: Path, quarter: str) -> dict[str, str]:
        """The parameters that every chapter has."""
        return {
            "quarter": quarter,
            "baseline": self.baseline,
            "data_folder": self.name or named(folder),
            "confidence_floor": self.confidence_floor,
            "as_of": self.as_of,
        }

    def chosen(self) -> dict[str, str]:
        """The parameters that only some chapters have."""
        edition = self.previous or self.before
        before = {"previous": named(edition)} if edition else {}
        return {**before, **self.parameters}

    def variant(self) -> list[tuple[str, str]]:
        """Every setting that is not the default, as (name, value), in a fixed order.

        Names of notebook parameters end in ``=``, ours in ``-``: they cannot be mistaken for each other.
        """
        own = {
            "baseline-": self.baseline,
            "floor-": "" if self.confidence_floor == "low" else self.confidence_floor,
            "as-of-": self.as_of,
            "previous-": named(self.previous) if self.previous else "",
            "no-": "previous" if self.alone else "",
            "allow-": "incoherent" if self.allow_incoherent else "",
            "language-": self.language,
            "audience-": "" if self.audience == PUBLIC else self.audience,
        }
        return [(k, v) for k, v in own.items() if v] + [(f"{k}=", v) for k, v in sorted(self.parameters.items())]

    @property
    def chapters(self) -> tuple[Path, ...]:
        """The notebooks of its folder that are chapters, in order."""
        return tuple(sorted(self.notebooks.glob("[0-9][0-9]_*.ipynb")))

    def sources(self, folder: Path, quarter: str) -> Sources:
        """Where everything lies that the report will be made of.

        Raises
        ------
        BuildError
            If there is no chapter.
        """
        if not self.chapters:
            raise BuildError(f"{self.notebooks}: there is no chapter (NN_name.ipynb)")
        told = {"audience": "" if self.audience == PUBLIC else self.audience, "language": self.language}
        parameters = {**self.shared(folder, quarter), **self.chosen(), **{k: v for k, v in told.items() if v}}
        return Sources(folder, self.chapters, previous_files(self.previous or self.before), parameters)


def previous_files(path: Path | None) -> tuple[Path, ...]:
    """The files of a previous edition that chapters read: its provenance.json and its data.zip."""
    if path is None:
        return ()
    beside = path if path.is_dir() else path.parent
    wanted = {beside / "provenance.json", beside / "data.zip"} | (set() if path.is_dir() else {path})
    return tuple(sorted(p for p in wanted if p.is_file()))
