"""What a loaded campaign is: tables with fixed dtypes, and the faults that stop a load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from incident_report.card import card, listed
from incident_report.data.frozen import CopiesOut
from incident_report.data.noted import NotedFrame, noted
from incident_report.data.views import VIEWS
from incident_report.periods import QUARTER
from incident_report.reads import note

if TYPE_CHECKING:
    from incident_report.data.restrictions import Withheld
    from incident_report.data.reviews import Review
    from incident_report.data.signoff import SignOff
    from incident_report.data.story import Story

# Text as Python objects: nothing changes how it is stored, or what stands for unknown, where pyarrow arrives.
TEXT = pd.StringDtype("python")
CONFIDENCE = ("low", "medium", "high")  # ascending


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input, told in one line.

    Parameters
    ----------
    file : str
        Path relative to the data folder.
    message : str
        What is wrong, what is allowed, what to do.
    line, column : int or None, str or None
        Where (line 1 is the header); None where the fault is the file's.
    value : str or None
        The cell as written.
    severity : str
        ``error`` stops the build, ``warning`` does not.
    more : int
        How many further ones of this kind it stands for: of warnings not all are kept.
    """

    file: str
    message: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    severity: str = "error"
    more: int = 0


class DataError(Exception):
    """The data cannot be used; `faults` names every reason, the message the first ten."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        from incident_report.data.report import fault_line

        self.faults = tuple(faults)
        errors = [f for f in self.faults if f.severity == "error"]
        more = [f"and {len(errors) - 10} more; check-data lists them all"] if len(errors) > 10 else []
        super().__init__("\n".join([*map(fault_line, errors[:10]), *more]))


@dataclass(frozen=True)
class Later:
    """A table that is made when it is first taken out of a `Dataset`."""

    make: Callable[[], pd.DataFrame]


@dataclass(frozen=True)
class Series:
    """A named kind of attack that tallies and charts follow.

    Parameters
    ----------
    id : str
        As in tallies.csv, e.g. ``rocket_drone``.
    label : str
        For charts, e.g. ``Rockets and drones``.
    noun : str
        For sentences, plural: ``rocket and drone attacks``.
    singular : str
        ``rocket or drone attack``.
    where : mapping of column -> allowed values
        All columns must match; an empty mapping takes every attack.
    """

    id: str
    label: str
    noun: str
    singular: str
    where: Mapping[str, tuple[str, ...]]
    fact: str = ""  # its name among the facts, e.g. ``rockets``; the id where the campaign gives none

    def __post_init__(self) -> None:
        if not self.fact:
            object.__setattr__(self, "fact", self.id)


COLOURS = {"accent": "#8c2d04", "link": "#0a4f84"}  # of a report where its campaign names none


@dataclass(frozen=True)
class House:
    """How an institute makes the report its own; every part may be left out.

    Attributes
    ----------
    publisher, contact : str
        Printed on the cover and in the colophon; a contact is an address of mail or web, or plain text.
    cite_as : str
        How to cite; ``{edition}`` and ``{year}`` are filled in.
    site_url : str
        Where reports/ stands on the web, without a final slash; only then has a page absolute addresses.
    logo, logo_alt : str
        ``logo.svg`` or ``logo.png`` in the campaign's folder, and what is seen on it.
    paper : str
        ``A4`` or ``Letter``.
    colours : mapping of ``accent``, ``link`` -> ``#rrggbb``
        Dark enough to be read as text on white.
    """

    publisher: str = ""
    contact: str = ""
    cite_as: str = ""
    site_url: str = ""
    logo: str = ""
    logo_alt: str = ""
    paper: str = "A4"
    colours: Mapping[str, str] = field(default_factory=dict)

    def colour(self, name: str) -> str:
        """A colour as chosen, else its default."""
        return self.colours.get(name, COLOURS[name])


@dataclass(frozen=True)
class Campaign:
    """A campaign's wording and choices, from report.yml; nothing else names a place or a group."""

    title: str
    subtitle: str
    authors: tuple[str, ...]
    actors: str  # "Iran-backed militias"
    targets: str  # "US, coalition and diplomatic targets"
    country: str  # "Iraq"
    series: tuple[Series, ...]  # in chart order, without "all"
    all_series: Series
    headline_tracker: str | None = None  # tracker id in tallies.csv
    trackers: Mapping[str, str] = field(default_factory=dict)  # id -> name to print
    article: str | None = None  # source id of the article that set the questions
    article_name: str | None = None  # how sentences call it, e.g. "Knights (2020)"
    scope: str = ""
    strap: str = ""  # above the headline of page one, instead of country and actors
    unit: str = ""  # what one row is, as sentences
    district: str = "district"  # what the first-level areas of the country are called, one and many
    districts: str = "districts"
    only_deadly: bool = False  # whether the record holds only attacks that killed, so that their share says nothing
    known_weaknesses: tuple[str | Mapping[str, Any], ...] = ()  # a text, or one with its period or test
    licence: str = "CC BY 4.0"
    period: str = QUARTER  # what the campaign reports by: month, quarter or year
    acronyms: Mapping[str, str] = field(default_factory=dict)  # short -> long form
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name -> spellings that are not to be printed
    house: House = field(default_factory=House)
    releases: Mapping[str, SignOff] = field(default_factory=dict)  # by quarter, of editions that no story tells
    raw: Mapping[str, Any] = field(default_factory=dict)  # the file as read, for later fields

    def __repr__(self) -> str:
        return f"<campaign {self.title!r}>"

    def _repr_html_(self) -> str:
        shown = {"Country": self.country, "Series": listed(s.id for s in self.series)}
        return card(self.title, shown | {"Trackers": listed(self.trackers), "Authors": listed(self.authors)})


@dataclass(frozen=True)
class Dataset(CopiesOut):
    """Everything a campaign folder holds, validated.

    Text is ``string[python]`` and NA where a cell is empty, in every table.

    Attributes
    ----------
    incidents : DataFrame, one row an incident, sorted by date and id
        incident_id str; date datetime64; quarter str (the period it belongs to: "2020Q3", by month
        "2020-07"); date_precision, place, governorate,
        target_category, target_name, attack_method, munition_detail, intercepted, attributed_to,
        claimed_by, claim_note, confidence, outcome, original_target, original_method, summary, site_id,
        coordinate_precision, possible_double_of str (NA = unknown); latitude, longitude Float64 (the
        site's where site_id names one);
        munition_count, killed, wounded, us_killed, us_wounded Int64 (NA = unknown);
        techniques, sources tuple[str, ...]; counted bool (outcome is carried_out). Columns that a
        campaign's own schema adds follow in the schema's order.
    tallies : DataFrame
        tally_id, tracker, series, bound, unit, scope, source, window_basis, counting_rule, completeness,
        note str; start, end, start_earliest, start_latest, end_earliest, end_latest datetime64 (start and
        end the best guess; the others equal them where the window is as stated); count Int64.
    context : DataFrame
        date datetime64; label, kind, summary, source str; more_sources tuple[str, ...]; annotate bool.
    posture : DataFrame
        date datetime64; us_troops, us_sites Int64; note, source str.
    sources : DataFrame
        source_id, publisher, published (as written, may be NA), kind, reliability, url, title,
        title_basis, language, original, published_basis, archived, note str; author tuple[str, ...];
        accessed datetime64.
    corrections : DataFrame
        incident_id, field, old, new, reason, sources, date, by str; those that were applied.
    quarters : tuple of str
        Periods (quarters, unless report.yml says otherwise) that have an incidents file, ascending. One without is
        unknown, not zero.
    coverage : mapping period -> (start, end)
        Days that the period's file covers (all of it unless coverage.csv says otherwise).
    scores : DataFrame
        scorer, option, objective, reason str; low, high Int64: what further people gave the policy options.
    sophistication, options, claims : parsed and validated YAML, or None where the campaign has none
    region : GeoJSON mapping or None
    places : DataFrame, governorate -> latitude, longitude of its label point
    evidence : DataFrame
        incident_id, field, value, source_id, status, note str; one row a cell and source.
    sites : DataFrame
        site_id, name, precision, inside, note str; latitude, longitude, radius_km Float64;
        sources tuple[str, ...].
    open_questions : DataFrame
        incident_id (NA for a row that may be missing), field, proposed, question, certainty str;
        sources tuple[str, ...].
    method_log : DataFrame
        date (as written, NA is not recorded), kind, change, by, note str; quarters tuple[str, ...].
    search_protocol : DataFrame
        quarter, coder, outlets, languages, rule, second_coder, note str.
    double_coding : DataFrame
        incident_id, field, coder, value str: what each of two or more people coded for one cell.
    labels : mapping column -> value -> label, from the campaign's own schema
    stories : mapping quarter -> Story, what a person wrote for it (see `data.story`)
    withheld : Withheld or None, where the folder is a copy for the public that leaves something out
    reviews : mapping quarter -> Review, what was said of it before it went out (see `data.reviews`)
    warnings : tuple of Fault
    """

    folder: Path
    campaign: Campaign
    incidents: pd.DataFrame
    tallies: pd.DataFrame
    context: pd.DataFrame
    posture: pd.DataFrame
    sources: pd.DataFrame
    corrections: pd.DataFrame
    quarters: tuple[str, ...]
    coverage: Mapping[str, tuple[date, date]]
    sophistication: Mapping[str, Any] | None
    options: Mapping[str, Any] | None
    claims: Mapping[str, Any] | None
    region: Mapping[str, Any] | None
    places: pd.DataFrame
    routes: pd.DataFrame
    evidence: pd.DataFrame
    sites: pd.DataFrame
    open_questions: pd.DataFrame
    method_log: pd.DataFrame
    search_protocol: pd.DataFrame
    double_coding: pd.DataFrame
    scores: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stories: Mapping[str, Story] = field(default_factory=dict)
    withheld: Withheld | None = None
    reviews: Mapping[str, Review] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()
    as_of: date | None = None

    def __getattribute__(self, name: str) -> Any:
        if name not in _FIELDS:
            return super().__getattribute__(name)
        held = super().__getattribute__("__dict__")
        if isinstance(later := held.get(name), Later):
            held[name] = later.make()
        found = super().__getattribute__(name)
        if not isinstance(found, pd.DataFrame):
            note(name)
            return found
        note(f"{name}/")
        return found if self.derived and isinstance(found, NotedFrame) else noted(found, name)

    def story(self, quarter: str, part: str = "") -> Story | None:
        """A quarter's story, read for one of its parts; for what holds of all of it where none is named."""
        note(f"stories/{quarter}/{part}")
        found: Mapping[str, Story] = self.__dict__["stories"]
        return found.get(quarter)

    def view(self, name: str) -> Any:
        """A part of a file by its name in `data.views`, of which nothing else is read."""
        note(name)
        field_name, part = VIEWS[name]
        return part(self.__dict__[field_name])

    def but(self, **tables: Any) -> Dataset:
        """A copy with other tables; to make it reads none of those that stay."""
        made = object.__new__(Dataset)
        made.__dict__.update({k: v for k, v in self.__dict__.items() if k in _FIELDS} | tables | {"_derived": True})
        return made

    @property
    def derived(self) -> bool:
        """Whether it was made of another, whose cells are read where its own are."""
        return "_derived" in self.__dict__

    def __repr__(self) -> str:
        return f"<data of {self.campaign.country}: {len(self.incidents)} incidents, {listed(self.quarters)}>"

    def _repr_html_(self) -> str:
        tables = {f.name: getattr(self, f.name) for f in fields(self)}
        sizes = [f"{name} {len(t)}" for name, t in tables.items() if isinstance(t, pd.DataFrame)]
        shown = {"Folder": self.folder, f"By {self.campaign.period}": listed(self.quarters), "Rows": listed(sizes, 20)}
        return card("Data", shown | {"As of": self.as_of, "Warnings": len(self.warnings) or ""})

    def plain_place(self, place: str) -> str:
        """A place as a sentence names it, without the number that tells it from others of its name in a public copy."""
        return self.withheld.plain(place) if self.withheld else place

    def label(self, value: str, *columns: str) -> str:
        """An enumeration value as a reader should see it, from the campaign's own schema.

        Parameters
        ----------
        value : str
            As in the data; one that the schema does not name keeps its own words.
        *columns : str
            The column it stands in, or several, of which the first that knows the value decides; none for all. The
            value of a column that is no enumeration is given back as it is.

        Examples
        --------
        >>> data.label("ied_roadside")  # doctest: +SKIP
        'Roadside bomb'
        """
        if not value:
            return "Not stated"
        every = {**self.labels, "series": {s.id: s.label for s in self.campaign.series}}
        named = [every[c] for c in columns or every if c in every]
        if not named:
            return value
        text = value.replace("_", " ")
        return next((labels[value] for labels in named if value in labels), text[:1].upper() + text[1:])

    def information_cutoff(self, end: date) -> date | None:
        """Day of the latest dated source behind what an edition up to `end` says.

        Sources of incidents and what evidence says on them, of tallies that end by then, of context
        and posture. A source known to the month counts as the month's last day, to the year as the
        year's: a report must not claim to end before its sources do.
        """
        last = pd.Timestamp(end)
        rows = self.incidents[self.incidents["date"] <= last]
        cited = {s for cell in rows["sources"] for s in cell}
        read = self.evidence[self.evidence["status"] != "not_checked"]
        cited |= set(read.loc[read["incident_id"].isin(rows["incident_id"]), "source_id"])
        cited |= set(self.tallies.loc[self.tallies["end"] <= last, "source"])
        for table in (self.context, self.posture):
            cited |= set(table.loc[table["date"] <= last, "source"])
        cited |= {s for cell in self.context.loc[self.context["date"] <= last, "more_sources"] for s in cell}
        dated = self.sources.loc[self.sources["source_id"].isin(cited), "published"].dropna()
        return max(map(last_day, dated), default=None)


_FIELDS = frozenset(f.name for f in fields(Dataset))


def as_written(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy in which unknown text is empty, as the files have it: for what writes text, not for counting."""
    return frame.assign(**{str(c): frame[c].fillna("") for c in frame if frame[c].dtype == TEXT})


def last_day(text: str) -> date:
    """The last day that a day, month or year of the calendar stands for: ``2020-09`` is 30 September."""
    return pd.Period(text).end_time.date()
