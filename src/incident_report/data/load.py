"""Read a campaign folder into a Dataset."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import yaml

from incident_report.data.model import Campaign, Dataset, Series
from incident_report.periods import Quarter

_INTS = ("munition_count", "killed", "wounded", "us_killed", "us_wounded")
_LISTS = ("techniques", "sources")


def load(folder: Path, *, as_of: date | None = None) -> Dataset:
    """Load a campaign folder (first version: no validation yet)."""

    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)

    frames = []
    for path in sorted((folder / "incidents").glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frames.append(frame.assign(quarter=path.stem))
    inc = pd.concat(frames, ignore_index=True)
    inc["date"] = pd.to_datetime(inc["date"])
    for c in _INTS:
        inc[c] = pd.to_numeric(inc[c]).astype("Int64")
    for c in ("latitude", "longitude"):
        inc[c] = pd.to_numeric(inc[c]).astype("Float64")
    for c in _LISTS:
        inc[c] = [tuple(t for t in v.split(";") if t) for v in inc[c]]
    if "outcome" not in inc:
        inc["outcome"] = "carried_out"
    inc["counted"] = inc["outcome"] == "carried_out"
    inc = inc.sort_values(["date", "incident_id"], ignore_index=True)
    tallies, context, posture = table("tallies"), table("context"), table("posture")
    for c in ("start", "end"):
        tallies[c] = pd.to_datetime(tallies[c])
    tallies["count"] = pd.to_numeric(tallies["count"]).astype("Int64")
    context["date"] = pd.to_datetime(context["date"])
    context["annotate"] = context["annotate"] == "yes"
    posture["date"] = pd.to_datetime(posture["date"])
    for c in ("us_troops", "us_sites"):
        posture[c] = pd.to_numeric(posture[c]).astype("Int64")
    quarters = tuple(sorted(p.stem for p in (folder / "incidents").glob("*.csv")))

    def doc(name: str) -> dict | None:
        path = folder / f"{name}.yml"
        return yaml.safe_load(path.read_text("utf-8")) if path.exists() else None

    raw = doc("report") or {}
    series = [
        Series(s["id"], s["label"], s["noun"], s["singular"], {k: tuple(v) for k, v in s.get("where", {}).items()})
        for s in [*raw["series"], raw["all_series"]]
    ]
    wording = raw["wording"]
    campaign = Campaign(
        title=raw["title"],
        subtitle=raw.get("subtitle", ""),
        authors=tuple(raw["authors"]),
        actors=wording["actors"],
        targets=wording["targets"],
        country=wording["country"],
        scope=wording.get("scope", ""),
        series=tuple(series[:-1]),
        all_series=series[-1],
        headline_tracker=raw.get("headline_tracker"),
        trackers=raw.get("trackers", {}),
        article=raw.get("article"),
        article_name=raw.get("article_name"),
        known_weaknesses=tuple(raw.get("known_weaknesses", ())),
        licence=raw.get("licence", "CC BY 4.0"),
        raw=raw,
    )
    region = folder / "geo" / "region.geojson"
    places = folder / "geo" / "governorates.csv"
    return Dataset(
        folder=folder,
        campaign=campaign,
        incidents=inc,
        tallies=tallies,
        context=context,
        posture=posture,
        sources=table("sources"),
        corrections=pd.DataFrame(columns=["incident_id", "field", "old", "new", "reason", "date", "by"]),
        quarters=quarters,
        coverage={q: (Quarter.parse(q).start, Quarter.parse(q).end) for q in quarters},
        sophistication=doc("sophistication"),
        options=doc("policy_options"),
        claims=doc("claims"),
        region=json.loads(region.read_text("utf-8")) if region.exists() else None,
        places=pd.read_csv(places) if places.exists() else pd.DataFrame(columns=["governorate", "latitude", "longitude"]),
        as_of=as_of,
    )
