"""Quarter files that nobody here has seen, in the shape of the founding ones, load without an edit elsewhere."""

import csv
import io
import random
import shutil
from datetime import timedelta

import pandas as pd
import pytest

from incident_report.data import check, default_package, format_faults
from incident_report.paths import DATA
from incident_report.periods import Period

FOUNDING = [f.name for f in default_package().tables["incidents"].fields if f.default is None]
VALUES = {f.name: [c.value for c in f.categories] for f in default_package().tables["incidents"].fields}
TEXTS = [
    "",
    "Zürich & Söhne",
    'He said "no", then left',
    "a; b, c",
    "مطار بغداد",
    "line one\nline two",
    "=1+1",
    "#$%_{}",
]


def quarter_file(quarter, size, seed, header):
    """A valid quarter of random rows."""
    rng = random.Random(seed)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, lineterminator=rng.choice(["\n", "\r\n"]), extrasaction="ignore")
    writer.writeheader()
    for i in range(size):
        day = quarter.start + timedelta(days=rng.randrange(quarter.days))
        known = rng.random() < 0.5
        killed, wounded = rng.choice([("", ""), ("0", "0"), ("2", "7")])
        writer.writerow(
            {
                "incident_id": f"{seed}-{i:03d}",
                "date": day.isoformat(),
                "place": rng.choice(TEXTS),
                "target_name": rng.choice(TEXTS),
                "governorate": rng.choice(["", "Baghdad", "Nowhere"]),
                "latitude": rng.choice(["33.3", "36.19000", "30"]) if known else "",
                "longitude": rng.choice(["44.4", "44.00900"]) if known else "",
                "munition_count": rng.choice(["", "1", "007", "31"]),
                "munition_detail": rng.choice(TEXTS),
                "techniques": rng.choice(["", "salvo", "salvo;efp", "daisy_chain"]),
                "killed": killed,
                "wounded": wounded,
                # Nothing may say that no American was hurt where nobody says how many people were.
                "us_killed": rng.choice(["", "0"]) if killed else "",
                "us_wounded": rng.choice(["", "0"]) if wounded else "",
                "attributed_to": rng.choice(TEXTS),
                "claimed_by": rng.choice(TEXTS),
                "claim_note": rng.choice(TEXTS),
                "summary": rng.choice(TEXTS),
                "sources": rng.choice(["unseen-2021-01-01", "unseen-2021-01-01;unseen-nd"]),
                **{
                    c: rng.choice(VALUES[c])
                    for c in ("date_precision", "target_category", "attack_method", "confidence")
                },
                "intercepted": rng.choice(["", *VALUES["intercepted"]]),
                "outcome": rng.choice(["", *VALUES["outcome"]]),
            }
        )
    return out.getvalue()


@pytest.mark.parametrize("name", ["2018Q1", "2020Q4", "2021Q1", "2021Q2", "2024Q1", "2031Q4"])
@pytest.mark.parametrize("size", [1, 15, 60])
@pytest.mark.parametrize("columns", ["founding", "all"])
def test_an_unseen_quarter_loads(tmp_path, name, size, columns):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("*.yml", "scores.csv", "story"))
    shutil.copy(DATA / "report.yml", folder)  # what others read rows for does not matter here, and is most of the time
    header = FOUNDING if columns == "founding" else list(VALUES)
    text = quarter_file(Period.parse(name), size, hash_of(name, size), header)
    (folder / "incidents" / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    with (folder / "sources.csv").open("a", encoding="utf-8") as stream:
        stream.write("unseen-2021-01-01,Unseen,2021-01-01,press,C,https://example.org/a?b=1&c=%20\n")
        stream.write("unseen-nd,Unseen,,official,A,\n")
    data, faults = check(folder)
    assert data is not None, format_faults([f for f in faults if f.severity == "error"])
    rows = data.incidents[data.incidents["quarter"] == name]
    written = {r["incident_id"]: r for r in csv.DictReader(io.StringIO(text, newline=""))}
    assert set(rows["incident_id"]) == set(written)
    for row in rows.to_dict("records"):
        original = written[row["incident_id"]]
        assert pd.isna(row["summary"]) if original["summary"] == "" else row["summary"] == original["summary"]
        assert row["outcome"] == (original.get("outcome") or "carried_out")
        assert (
            pd.isna(row["munition_count"])
            if not original["munition_count"]
            else row["munition_count"] == int(original["munition_count"])
        )


def hash_of(name, size):
    """A seed that is the same in every run (hash() of text is not)."""
    return sum(map(ord, name)) * 100 + size
