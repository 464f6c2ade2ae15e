"""Read and check a campaign folder: all faults at once, or a Dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.data import (
    asof,
    confidence,
    corrections,
    evidence,
    incidents,
    oddities,
    region,
    restrictions,
    sites,
    vocabulary,
    windows,
)
from incident_report.data.campaign import FILE as REPORT
from incident_report.data.campaign import fact_names, read_campaign, reported_by
from incident_report.data.citations import cited
from incident_report.data.collector import put_off
from incident_report.data.documents import Document, read_document
from incident_report.data.extras import NAMES, read_extra
from incident_report.data.files import Folder
from incident_report.data.folders import PACKAGE
from incident_report.data.known import stopped_write, strangers
from incident_report.data.ledger import Ledger, TooManyFaults
from incident_report.data.model import TEXT, Campaign, DataError, Dataset, Fault
from incident_report.data.options import check_scores
from incident_report.data.package import Package, default_package, find_package
from incident_report.data.reviews import Review, read_reviews
from incident_report.data.rows import ById, Row, Rows, column
from incident_report.data.story import Known, Story
from incident_report.data.story_text import read_stories
from incident_report.data.tables import (
    check_references,
    check_unique,
    check_vocabulary,
    frame,
    read_rows,
)
from incident_report.errors import BuildError
from incident_report.periods import QUARTER, Period


def load(folder: Path, *, as_of: date | None = None) -> Dataset:
    """Load a campaign folder.

    Parameters
    ----------
    folder : Path
    as_of : date, optional
        Rows that were not known on that day are hidden (see `data.asof.known`).

    Raises
    ------
    DataError
        With every fault, if there is one that is not a warning.
    """
    dataset, faults = check(folder, as_of=as_of)
    if dataset is None:
        raise DataError(faults)
    return dataset


@put_off()
def check(folder: Path, *, as_of: date | None = None) -> tuple[Dataset | None, tuple[Fault, ...]]:
    """Load a campaign folder and say everything that is wrong with it.

    Never raises for what a file holds.

    Returns
    -------
    (Dataset or None, faults)
        None if at least one fault is an error; the faults (warnings too) by file and line.
    """
    reader = _Reader(Path(folder), as_of)
    dataset = reader.read()
    faults = tuple(sorted(dict.fromkeys(reader.faults), key=_order))
    if dataset is None or any(f.severity == "error" for f in faults):
        return None, faults
    return dataset, faults


def _order(fault: Fault) -> tuple[str, int, str, str, str]:
    return fault.file, fault.line or 0, fault.column or "", fault.severity, fault.message


class _Reader:
    """One pass over one folder."""

    def __init__(self, folder: Path, as_of: date | None) -> None:
        self.faults = Ledger()
        self.report = self.faults.append
        self.as_of = as_of
        self.folder = Folder(folder, self.report)
        self.package: Package = default_package()
        self.withheld: restrictions.Withheld | None = None
        self.reviews: dict[str, Review] = {}
        self.attacks = Rows.none()
        self.rows: dict[str, Sequence[Row]] = {}  # tables that could be read
        self.quarters: dict[Period, str] = {}
        self.document: Document | None = None  # report.yml
        self.unit = QUARTER

    def read(self) -> Dataset | None:
        """The dataset, or None; the ledger says why."""
        try:
            return self._read()
        except TooManyFaults:
            return None

    def _read(self) -> Dataset | None:
        if not self.folder.path.is_dir():
            self.report(Fault(".", f"there is no data folder {str(self.folder.path)!r}"))
            return None
        package = find_package(self.folder)
        if package is None:
            return None  # without a schema nothing else can be judged
        self.package = package
        stopped_write(self.folder, self.report)
        strangers(self.folder, package, self.report)
        self._read_report()
        self._rules()
        self._tables()
        self._incidents()
        known = self._references()
        applied = self._correct(known)
        for name, rows in self.rows.items():
            vocabulary.check_spellings(rows, self.package.tables[name], self.report)
        coverage = incidents.spans(self.quarters, self.rows.get("coverage", []), self.rows["incidents"], self.report)
        sources = known.get(("sources", "source_id"))
        campaign = self._campaign(sources)
        self._evidence(campaign)
        documents = {name: self._extra(name, campaign, sources) for name in NAMES}
        check_scores(self.rows.get("scores", []), documents["policy_options"], self.report)
        self.reviews = read_reviews(self.folder, self.unit)
        stories = self._stories(campaign, documents["policy_options"], sources)
        outline = region.read(self.folder)
        if self.faults.failed or campaign is None:
            return None
        self._look_over(campaign, coverage, outline, documents, stories)
        if self.faults.failed:
            return None
        if self.as_of:
            coverage = self._hide(coverage)
            if self.faults.failed:
                return None
        return self._dataset(campaign, coverage, documents, outline, applied, stories)

    def _read_report(self) -> None:
        """The campaign's document and the unit that it reports by, which says how files are named."""
        if not self.folder.exists(REPORT):
            self.report(Fault(REPORT, "is missing; it holds the campaign's title, wording and series"))
            return
        self.document = read_document(self.folder, REPORT)
        if self.document is not None:
            self.unit = reported_by(self.document.value)

    def _rules(self) -> None:
        """What may not leave the project must be said so that it can be carried out."""
        content, package, roads = (
            self.folder.read_bytes(name) if self.folder.exists(name) else None
            for name in (restrictions.FILE, PACKAGE, "geo/routes.csv")
        )
        try:
            for rule, message in restrictions.without_effect(content, package, roads=roads is not None):
                self.report(Fault(restrictions.FILE, message, column=rule, severity="warning"))
            self.withheld = restrictions.withheld(content)
        except BuildError as error:
            for where, _, message in (line.partition(": ") for line in error.lines):
                number = where.partition(":")[2]
                self.report(Fault(restrictions.FILE, message, int(number) if number else None))

    def _tables(self) -> None:
        """Every table but the incidents."""
        for name, table in self.package.tables.items():
            if name == "incidents":
                continue
            if not self.folder.exists(table.path):
                if table.optional:
                    self.rows[name] = Rows.none()
                else:
                    self.report(Fault(table.path, "is missing; every row must name its sources there"))
                continue
            raw = self.folder.read_table(table.path, table.spare)
            if raw is None:
                continue
            self.rows[name] = read_rows(raw, table, self.report)
            check_unique(self.rows[name], table, self.report)
        windows.check(self.rows.get("tallies", []), self.report)
        incidents.check_units(self.rows, self.unit, self.report)
        for row in self.rows.get("sources", ()):
            text = row.values.get("published") or ""
            if text and not _is_partial_date(text):
                self.report(row.fault("published", "is not a day, month or year of the calendar"))

    def _incidents(self) -> None:
        table = self.package.tables["incidents"]
        self.quarters = incidents.find_quarters(self.folder, self.unit, self.report)
        rows = Rows.none()
        for quarter, file in sorted(self.quarters.items()):
            raw = self.folder.read_table(file)
            if raw is not None:
                rows.extend(incidents.read_quarter(raw, quarter, table, self.report))
        self.rows["incidents"] = self.attacks = rows
        check_unique(rows, table, self.report)
        check_vocabulary(rows, table, self.report)

    def _references(self) -> dict[tuple[str, str], set[str]]:
        """Ids by (table, column), for the columns that others refer to."""
        known = {
            (table, name): {r.text[name] for r in self.rows[table] if r.text.get(name)}
            for table, name in self.package.targets | {("sources", "source_id")}
            # Without the column every reference would seem wrong; its absence is reported already.
            if table in self.rows and table != "incidents" and all(name in r.text for r in self.rows[table][:1])
        }
        for name, rows in self.rows.items():
            check_references(rows, self.package.tables[name], known, self.report)
        return known

    def _correct(self, known: dict[tuple[str, str], set[str]]) -> list[Row]:
        rows, table = self.attacks, self.package.tables["incidents"]
        lines = self.rows.get("corrections", [])
        applied = corrections.apply(lines, rows, table, known, self.as_of, self.report)
        incidents.check_rows(rows, applied, self.quarters, self.report)
        sites.place(rows, sites.points(self.rows.get("sites", []), self.report), self.report)
        return applied

    def _evidence(self, campaign: Campaign | None) -> None:
        """What evidence.csv and open_questions.csv say must be of rows on file, and rows must not outrun it."""
        rows, said = self.rows["incidents"], self.rows.get("evidence", [])
        if any(f.severity == "error" and f.file.startswith(incidents.FOLDER) for f in self.faults):
            return  # a row that could not be read would seem to be missing
        evidence.check_cells(said, rows, self.package.tables["incidents"], self.report)
        evidence.check_on_file(self.rows.get("open_questions", []), rows, self.report)
        evidence.check_sample(self.rows.get("double_coding", []), rows, self.package.tables["incidents"], self.report)
        evidence.check_doubles(rows, self.report)
        article = campaign.article if campaign else None
        authors = {r.text.get("source_id", ""): r.values.get("author", ()) for r in self.rows.get("sources", ())}
        own = evidence.same_author(article, authors)
        evidence.check_claims(rows, said, own, self.report, "warning" if self.as_of else "error")

    def _campaign(self, sources: set[str] | None) -> Campaign | None:
        if self.document is None:
            return None
        trackers = {r.text.get("tracker", "") for r in self.rows["tallies"]} if "tallies" in self.rows else None
        return read_campaign(self.document, self.package, sources, trackers, self.folder, self.report)

    def _extra(self, name: str, campaign: Campaign | None, sources: set[str] | None) -> dict[str, Any] | None:
        incidents_read = not any(f.severity == "error" and f.file.startswith("incidents") for f in self.faults)
        ids = {*self.attacks.text.column("incident_id")} if incidents_read else None
        return read_extra(self.folder, name, self.package, campaign, sources, ids)

    def _stories(
        self, campaign: Campaign | None, options: dict[str, Any] | None, sources: set[str] | None
    ) -> dict[str, Story]:
        """What people wrote; judged only where everything that it may name could be read."""
        if self.faults.failed or campaign is None or sources is None:
            return {}
        days = {r.values["date"].isoformat() for r in self.rows.get("context", ())}
        incidents = ById(self.rows["incidents"])
        ids = [o["id"] for o in (options or {}).get("options", ())]
        stories = read_stories(self.folder, Known(incidents, sources, days, ids, fact_names(campaign), self.unit))
        for story in stories.values():
            if Period.parse(story.quarter) not in self.quarters:
                message = f"is told by no report: {story.quarter} has no incidents file"
                self.report(Fault(story.file, message, severity="warning"))
            if story.quarter in campaign.releases:
                message = f"is signed in {story.file}, which is what counts; take it away here"
                self.report(Fault(REPORT, message, column=f"release.{story.quarter}"))
        return stories

    def _look_over(
        self,
        campaign: Campaign,
        coverage: dict[str, tuple[date, date]],
        outline: Any,
        documents: dict[str, dict[str, Any] | None],
        stories: dict[str, Story],
    ) -> None:
        declared = {r.values["quarter"] for r in self.rows.get("coverage", ())}
        rows = self.rows["incidents"]
        oddities.look_over(rows, coverage, declared, outline, campaign.country, self.report)
        oddities.deadly_alone(rows, campaign.only_deadly, self.report)
        oddities.label_points(self.rows["governorates"], rows, outline, campaign.country, self.report)
        vocabulary.check_tallies(self.rows.get("tallies", []), campaign, self.report)
        vocabulary.check_names(
            campaign, self.rows, {**documents, "report": {**campaign.raw, "vocabulary": None}}, self.report
        )
        confidence.check(rows, self.rows["sources"], self.report)
        found = cited(self.rows, documents) | {campaign.article or ""}
        found |= {c.text for story in stories.values() for p in story.passages for c in p.cites("source")}
        oddities.uncited(self.rows["sources"], found, self.report)

    def _hide(self, coverage: dict[str, tuple[date, date]]) -> dict[str, tuple[date, date]]:
        """Leave what was known on the day of `as_of`."""
        assert self.as_of
        before, self.rows = self.rows, asof.hide(self.rows, self.as_of)
        coverage = asof.clip(coverage, self.as_of)
        had = column(before["incidents"], "date") + column(before["tallies"], "end")
        if not coverage or (had and not (self.rows["incidents"] or self.rows["tallies"])):
            first = f"; the first is of {min(had)}" if had else ""
            self.report(Fault(".", f"as_of {self.as_of} lies before all data{first}", value=str(self.as_of)))
        return coverage

    def _dataset(
        self,
        campaign: Campaign,
        coverage: dict[str, tuple[date, date]],
        documents: dict[str, dict[str, Any] | None],
        outline: Any,
        applied: list[Row],
        stories: dict[str, Story],
    ) -> Dataset:
        tables = self.package.tables
        frames = {n: _told(frame(self.rows.get(n, []), t)) for n, t in tables.items() if n != "corrections"}
        rows, told = frames["incidents"], self.withheld
        days = {d: str(Period.of(d.date(), self.unit)) for d in rows["date"].unique()}
        rows["quarter"] = rows["date"].map(days).astype(TEXT)
        rows["counted"] = rows["outcome"].eq("carried_out").astype(bool)
        places = frames["governorates"].astype({"latitude": float, "longitude": float})
        routes = frames["routes"].astype({"latitude": float, "longitude": float})
        names = [f.name for f in tables["corrections"].fields]
        return Dataset(
            folder=self.folder.path,
            campaign=campaign,
            incidents=rows.sort_values(["date", "incident_id"], ignore_index=True),
            tallies=frames["tallies"],
            context=frames["context"],
            posture=frames["posture"],
            scores=frames["scores"],
            sources=frames["sources"],
            corrections=_told(
                pd.DataFrame([[r.text[n] or pd.NA for n in names] for r in applied], columns=names, dtype=TEXT)
            ),
            quarters=tuple(coverage),
            coverage=coverage,
            sophistication=documents["sophistication"],
            options=documents["policy_options"],
            claims=documents["claims"],
            region=outline,
            places=places,
            routes=routes.sort_values(["route", "step"], ignore_index=True),
            evidence=frames["evidence"],
            sites=frames["sites"],
            open_questions=frames["open_questions"],
            method_log=frames["method_log"],
            search_protocol=frames["search_protocol"],
            double_coding=frames["double_coding"],
            labels=self.package.vocabulary,
            stories={} if self.as_of else stories,
            withheld=told and replace(told, alike=told.alike.union(rows["governorate"].dropna())),
            reviews=self.reviews,
            warnings=tuple(sorted((f for f in dict.fromkeys(self.faults)), key=_order)),
            as_of=self.as_of,
        )


def _told(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose column of restrictions stands there only where something is restricted."""
    name = restrictions.COLUMN
    return table.drop(columns=name) if name in table and table[name].fillna("").eq("").all() else table


def _is_partial_date(text: str) -> bool:
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True
