"""Write a campaign of any size, drawn from the founding record: for benchmarks and tests of growth.

    python scripts/bench_data.py FOLDER ROWS [QUARTERS]

Rows are drawn with replacement from the founding ones as corrected, each on the same day of its period, and get ids
of their own; the same arguments give the same bytes. What refers to single rows (corrections, evidence, story) is left
out; rows that claims or options name stay as they are. All else, tallies and sources too, is the founding record's.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd

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


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int((sys.argv[3:] or ["20"])[0]))
