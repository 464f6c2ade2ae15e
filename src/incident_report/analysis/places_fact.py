"""Facts of where the quarter's documented attacks fell."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.places import AREA, SITE, densest
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Result
from incident_report.analysis.what_happened import areas, places

INSIDE = 0.5  # degrees from a governorate's middle within which a part of the map takes its name


@dataclass(frozen=True)
class Place:
    """A place or area with its documented attacks."""

    name: str
    count: int
    area: bool  # known to the governorate only


@dataclass(frozen=True)
class Enlarged:
    """The part of the map that holds most sites: the governorate in whose middle it lies, or empty; what is in it."""

    name: str
    attacks: int
    sites: int


@dataclass(frozen=True)
class PlacesFact:
    """Where the quarter's documented attacks fell."""

    made: Result
    by_area: Result
    district: str  # what the country calls its first-level areas, one and many
    districts: str

    def attacks(self, series: str) -> int:
        """Documented attacks of a series, placed or not."""
        table = self.by_area.table
        return int(table.loc[table["series"] == series, "count"].sum())

    @kept_property
    def enlarged(self) -> Enlarged | None:
        """What the map enlarges beside itself; None where no part holds so many sites."""
        sites = self.made.table[self.made["precision"] == SITE]
        box = densest(self.made.table)
        if box is None:
            return None
        west, south, east, north = box
        inside = sites[sites["longitude"].between(west, east) & sites["latitude"].between(south, north)]
        areas = self.made.edition.data.places
        far = (areas["latitude"] - (south + north) / 2).abs() + (areas["longitude"] - (west + east) / 2).abs()
        name = str(areas.loc[far.idxmin(), "governorate"]) if len(areas) and far.min() < INSIDE else ""
        spots = inside[["latitude", "longitude"]].drop_duplicates()
        return Enlarged(name, int(inside["count"].sum()), len(spots))

    @property
    def coarse(self) -> bool:
        """Whether any attack on the map is known to its area only."""
        return bool((self.made["precision"] == AREA).any())

    @property
    def placed(self) -> int:
        """Attacks that a map can draw."""
        return int(self.made["count"].sum())

    def top(self, series: str = "", most: int = 3) -> tuple[Place, ...]:
        """The places with most attacks of a series, largest first; ties by name."""
        return self._largest(self.made.table, "place", series)[:most]

    def areas(self, series: str = "") -> tuple[Place, ...]:
        """Governorates of a series' attacks, largest first; attacks without one are left out."""
        return self._largest(self.by_area.table.dropna(subset=["governorate"]), "governorate", series)

    def _largest(self, table: pd.DataFrame, column: str, series: str) -> tuple[Place, ...]:
        sums: dict[tuple[str, bool], int] = {}
        for row in table.to_dict("records"):
            if not series or row["series"] == series:
                key = str(row[column]), row.get("precision", AREA) == AREA
                sums[key] = sums.get(key, 0) + int(row["count"])
        return tuple(Place(name, n, area) for (name, area), n in sorted(sums.items(), key=lambda i: (-i[1], i[0])))

    @property
    def unplaced(self) -> int:
        """Attacks without a place to draw."""
        return int(self.made.value)


def places_fact(ed: Edition) -> PlacesFact:
    """Places of the edition's quarter."""
    return PlacesFact(places(ed), areas(ed), ed.campaign.district, ed.campaign.districts)
