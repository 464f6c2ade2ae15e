"""The founding data as corrected, without what refers to single rows: a copy that tests may spoil."""

from __future__ import annotations

import csv
import shutil
from functools import cache
from pathlib import Path

import pandas as pd

from incident_report.data import load
from incident_report.paths import DATA
from incident_report.publish.bundle import table_csv

# They name rows one by one, so a test that drops or doubles rows would have to change them too.
ABOUT_ROWS = ("corrections.csv", "evidence.csv", "open_questions.csv")


@cache
def _files() -> dict[str, bytes]:
    rows = load(DATA).incidents
    made = {}
    for path in sorted((DATA / "incidents").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        quarter = rows[rows["quarter"] == path.stem].astype(object)
        placed = quarter["site_id"].notna()
        quarter.loc[placed, ["latitude", "longitude"]] = ""
        quarter["possible_double_of"] = ""
        for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
            quarter.loc[quarter[whole].isna(), part] = pd.NA  # the evidence that states them is left out
        made[f"incidents/{path.name}"] = table_csv(quarter[header])
    return made


def settled(folder: Path) -> Path:
    """Write the copy; corrections.csv keeps its header."""
    shutil.copytree(DATA, folder)
    for name, content in _files().items():
        (folder / name).write_bytes(content)
    header = (folder / "corrections.csv").read_text("utf-8").splitlines()[0]
    for name in ABOUT_ROWS:
        (folder / name).unlink()
    (folder / "corrections.csv").write_text(header + "\n", "utf-8")
    shutil.rmtree(folder / "story")  # it tells of rows and numbers that a test changes
    return folder
