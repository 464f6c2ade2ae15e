"""Write a campaign of any size, drawn from the founding record: for benchmarks and tests of growth.

    python scripts/bench_data.py FOLDER ROWS [QUARTERS]
    python scripts/bench_data.py --growth REPORT SMALL LARGE

The second prints how the time of each analysis that a report's chapters call grows from one campaign to a larger one.

Rows are drawn with replacement from the founding ones as corrected, each on the same day of its period, and get ids
of their own; the same arguments give the same bytes. What refers to single rows (corrections, evidence, story) is left
out; rows that claims or options name stay as they are. All else, tallies and sources too, is the founding record's.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.analysis.result import replay
from incident_report.data import load
from incident_report.paths import DATA
from incident_report.periods import Period

ABOUT_ROWS = ("corrections.csv", "evidence.csv", "open_questions.csv", "double_coding.csv")
NAMING = ("claims.yml", "policy_options.yml")
LAST = Period.parse("2020Q3")


def write(folder: Path, rows: int, quarters: int = 20, seed: int = 20200930) -> Path:
    """Write the campaign into a folder that is not there yet.

    Parameters
    ----------
    folder : Path
    rows : int
        Attacks on file; at least as many as claims and options name.
    quarters : int
        The last so many up to 2020Q3, in which rows lie evenly.
    seed : int

    Returns
    -------
    Path
        The folder.

    Examples
    --------
    >>> write(Path("big"), 100_000, quarters=1)  # doctest: +SKIP
    """
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("story", "incidents", *ABOUT_ROWS))
    header = (DATA / "corrections.csv").read_text("utf-8").splitlines()[0]
    (folder / "corrections.csv").write_text(header + "\n", "utf-8")
    (folder / "incidents").mkdir()
    names = (DATA / "incidents" / f"{LAST}.csv").read_text("utf-8").splitlines()[0].split(",")
    pool = _settled(load(DATA).incidents)
    named = {found for file in NAMING for found in re.findall(r"IQ-\d{8}-\d+", (DATA / file).read_text("utf-8"))}
    kept = pool[pool["incident_id"].isin(named)]
    chance = np.random.default_rng(seed)
    drawn = pool.iloc[chance.integers(len(pool), size=rows - len(kept))].copy()
    periods = [LAST.shift(-n) for n in range(quarters)]
    period = chance.integers(len(periods), size=len(drawn))
    starts = np.array([p.start for p in periods], dtype="datetime64[D]")[period]
    length = np.array([p.days for p in periods])[period]
    first = drawn["quarter"].map({q: Period.parse(q).start for q in pool["quarter"].unique()})
    day = (pd.to_datetime(drawn["date"]) - pd.to_datetime(first)).dt.days.to_numpy()
    drawn["date"] = starts + np.minimum(day, length - 1)
    drawn["quarter"] = np.array([str(p) for p in periods])[period]
    drawn["incident_id"] = [f"IQ-{d:%Y%m%d}-{n}" for n, d in enumerate(drawn["date"], 1000)]
    made = pd.concat([kept, drawn]).sort_values(["date", "incident_id"])
    for quarter, own in made.groupby("quarter"):
        own[names].to_csv(
            folder / "incidents" / f"{quarter}.csv", index=False, date_format="%Y-%m-%d", lineterminator="\n"
        )
    return folder


def _settled(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as corrected, with what the loader adds taken away again."""
    rows = rows.astype(object).where(rows.notna(), "")
    rows["date"] = pd.to_datetime(rows["date"])
    rows.loc[rows["site_id"] != "", ["latitude", "longitude"]] = ""
    rows["possible_double_of"] = ""
    for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
        rows.loc[rows[whole] == "", part] = ""  # the evidence that states them is left out
    lists = rows.map(lambda cell: isinstance(cell, (tuple, list)))
    return rows.mask(lists, rows.map(lambda cell: ";".join(cell) if isinstance(cell, (tuple, list)) else cell))


def growth(report: Path, small: Path, large: Path) -> pd.DataFrame:
    """CPU seconds of every analysis that a report rests on, in two campaigns of different size.

    Each call is made by itself, with nothing remembered from the one before; calls of one function are added up.

    Parameters
    ----------
    report : Path
        A report's folder, whose provenance names the calls.
    small, large : Path
        Campaigns as from `write`.

    Returns
    -------
    DataFrame
        By function: calls, small, large (CPU seconds), exponent of the rows; the steepest first. Times under
        5 ms are too short to measure and count as 5 ms.
    """
    records = json.loads((report / "provenance.json").read_text("utf-8"))["records"].values()
    calls = {json.dumps([t["function"], t["params"]], sort_keys=True) for r in records for t in r["trace"]}
    known = [json.loads(call) for call in sorted(calls)]
    editions = [open_edition(str(folder), quarter=str(LAST)) for folder in (small, large)]
    times = [(function, *(_seconds(function, params, ed) for ed in editions)) for function, params in known]
    found = pd.DataFrame(times, columns=["function", "small", "large"]).groupby("function")
    table = found.sum().assign(calls=found.size())
    more = np.log(len(editions[1].listed) / len(editions[0].listed))
    table["exponent"] = np.log(table["large"].clip(5e-3) / table["small"].clip(5e-3)) / more
    return table[["calls", "small", "large", "exponent"]].sort_values("exponent", ascending=False)


def _seconds(function: str, params: dict[str, Any], edition: Edition) -> float:
    seconds = []
    for _ in range(2):  # the first call imports what it needs
        own = Edition(edition.data, edition.quarter, edition.baseline, edition.confidence_floor)
        started = time.process_time()
        replay({"function": function, "params": params}, own)
        seconds.append(time.process_time() - started)
    return min(seconds)


if __name__ == "__main__" and sys.argv[1] == "--growth":
    print(growth(*map(Path, sys.argv[2:5])).round(3).to_string())
elif __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int((sys.argv[3:] or ["20"])[0]))
