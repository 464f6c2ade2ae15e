"""Whether this quarter's counts fell inside the ranges that the last edition published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incident_report.analysis.counts import BASES, DOCUMENTED, Count
from incident_report.analysis.edition import Edition
from incident_report.analysis.names import is_number
from incident_report.analysis.outlook import MODELS
from incident_report.analysis.predictive import GAMMA, LEVELS, gammas

Track = dict[str, dict[str, int]]
_TRACK = ("scored", *(f"inside_{level}" for level in LEVELS))  # what a line of the running record counts


@dataclass(frozen=True)
class Score:
    """One published prediction beside what came.

    Attributes
    ----------
    ranges : mapping of level -> (low, high)
        As published, or for the days covered where these are fewer; empty where it cannot be scored.
    rescaled : bool
        The ranges were recomputed from the published gamma for the days covered.
    reason : str
        Empty, or why it cannot be scored: ``no_count``, ``other_floor``, ``fewer_days``.
    """

    series: str
    basis: str
    model: str
    edition: str
    observed: Count
    ranges: Mapping[int, tuple[int, int]]
    rescaled: bool = False
    reason: str = ""

    @property
    def scored(self) -> bool:
        """Whether a comparison was possible."""
        return not self.reason

    def inside(self, level: int) -> bool:
        """Whether the count fell into the range; only for a scored prediction."""
        low, high = self.ranges[level]
        return low <= (self.observed.count or 0) <= high


def published(previous: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The predecessor's predictions that have the expected shape; others are ignored."""
    found = previous.get("predictions")
    return [row for row in found if _sound(row)] if isinstance(found, list) else []


def _sound(row: Any) -> bool:
    if not isinstance(row, Mapping) or not isinstance(ranges := row.get("ranges"), Mapping):
        return False
    texts = all(isinstance(row.get(k), str) for k in ("edition", "quarter", "series", "basis", "model"))
    numbers = _whole(row.get("days")) and all(_range(ranges.get(str(level))) for level in LEVELS)
    return texts and numbers and row["basis"] in BASES and row["model"] in MODELS


def _range(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(map(_whole, pair)) and pair[0] <= pair[1]


def _whole(value: Any) -> bool:
    return isinstance(value, int) and is_number(value) and 0 <= value < 10**9


def scores(edition: Edition, previous: Mapping[str, Any]) -> tuple[Score, ...]:
    """Every prediction for this edition's quarter and this campaign's series, scored where possible."""
    known = {s.id for s in edition.series}
    rows = [r for r in published(previous) if r["quarter"] == str(edition.quarter) and r["series"] in known]
    return tuple(_score(edition, row) for row in rows)


def _score(edition: Edition, row: Mapping[str, Any]) -> Score:
    observed = edition.record(row["series"]).count(edition.quarter, row["basis"])
    ranges = {level: (row["ranges"][str(level)][0], row["ranges"][str(level)][1]) for level in LEVELS}
    rescaled, reason = False, ""
    if observed.count is None:
        reason = "no_count"
    elif row["basis"] == DOCUMENTED and row.get("confidence_floor") != edition.confidence_floor:
        reason = "other_floor"
    elif observed.days != row["days"]:
        gamma = row.get("gamma") or {}
        if _gamma(gamma):
            predictive = gammas(*map(gamma.get, GAMMA))
            ranges = {level: predictive.range(level, observed.days) for level in LEVELS}
            rescaled = True
        else:
            reason = "fewer_days"
    return Score(
        row["series"], row["basis"], row["model"], row["edition"], observed, {} if reason else ranges, rescaled, reason
    )


def _gamma(gamma: Any) -> bool:
    parts: list[Any] = [gamma.get(k) for k in GAMMA] if isinstance(gamma, Mapping) else [()]
    if not all(map(_column, parts)) or len(set(map(len, parts))) != 1:
        return False
    return min(parts[0]) > 0 and min(parts[1]) > 0 and sum(parts[2]) > 0


def _column(values: Any) -> bool:
    return isinstance(values, list) and 0 < len(values) <= 100 and all(is_number(v) and 0 <= v < 1e9 for v in values)


def key(basis: str, series: str, model: str) -> str:
    """How the running record names a line."""
    return f"{basis}/{series}/{model}"


def running(edition: Edition, previous: Mapping[str, Any]) -> Track:
    """The running record after this edition: how many were scored, and hits per level.

    What earlier editions scored travels with each prediction (`track`), so that the chain needs no
    file but the last one's. A line that cannot be scored this time keeps its record.
    """
    made: Track = {}
    for row in published(previous):
        if row["quarter"] == str(edition.quarter):
            kept = row.get("track")
            if isinstance(kept, Mapping) and all(_whole(kept.get(f)) for f in _TRACK):
                made[key(row["basis"], row["series"], row["model"])] = {f: kept[f] for f in _TRACK}
    for score in scores(edition, previous):
        if score.scored:
            name = key(score.basis, score.series, score.model)
            line = made.setdefault(name, dict.fromkeys(_TRACK, 0))
            line["scored"] += 1
            for level in LEVELS:
                line[f"inside_{level}"] += int(score.inside(level))
    return made
