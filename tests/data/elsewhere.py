"""Made-up campaigns unlike the founding one: without weapons, in Arabic, at sea outside any outline."""

from __future__ import annotations

import csv
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import yaml
from foreign import MAPS, UCDP, write

from incident_report.data.importers import Selection, chosen_map, import_file

TOWNS = {
    "Karsa": ("North province", 10.1, 20.2),
    "Old Ford": ("North province", 10.4, 20.9),
    "Tamun": ("River province", 9.2, 21.4),
    "Seven Wells": ("South province", 8.3, 20.6),
}
OFFICES = ("Radio A", "The Courier", "Agency B")
HEADLINES = {
    "1": "Clash near {town}",
    "2": "Herders and farmers fight near {town}",
    "3": "Villagers killed near {town}",
}
SIDES = {
    "1": ("Government of Xyland", ("Group B", "Group C")),
    "2": ("Farmers of {town}", ("Herders of {town}",)),
    "3": ("Group B", ("Civilians",)),
}


def fatal_events(quarters: dict[str, int] | None = None, seed: int = 7) -> list[dict[str, str]]:
    """Rows in UCDP GED's layout, which holds deadly events alone and codes neither weapon nor target."""
    chance, rows = random.Random(seed), []
    for quarter, count in (quarters or {"2022Q1": 9, "2022Q2": 14, "2022Q3": 11, "2022Q4": 24}).items():
        start = date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
        for _ in range(count):
            kind = chance.choices("123", (5, 1, 4))[0]
            town = chance.choices(list(TOWNS), (4, 1, 3, 2))[0]
            province, latitude, longitude = TOWNS[town]
            side_a, others = SIDES[kind]
            dead = chance.choice((1, 1, 2, 3, 5, 9))
            day = start + timedelta(days=chance.randrange(89))
            office = chance.choice(OFFICES)
            row = dict.fromkeys(UCDP, "0") | {
                "id": str(1000 + len(rows)), "relid": f"XYL-{len(rows)}", "type_of_violence": kind,
                "side_a": side_a.format(town=town), "side_b": chance.choice(others).format(town=town),
                "number_of_sources": "1", "source_article": f"{office}, {day}", "source_office": office,
                "source_headline": HEADLINES[kind].format(town=town), "where_prec": chance.choice("1123"),
                "where_coordinates": town, "adm_1": province, "latitude": str(latitude), "longitude": str(longitude),
                "country": "Xyland", "event_clarity": "1", "date_prec": chance.choice("1112"),
                "date_start": f"{day} 00:00:00.000", "date_end": f"{day} 00:00:00.000",
                "best": str(dead), "low": str(dead), "high": str(dead + chance.choice((0, 0, 2))),
            }  # fmt: skip
            rows.append(row)
    return rows


def without_weapons(folder: Path) -> Path:
    """A campaign imported from such rows."""
    file = write(folder.parent / f"{folder.name}.csv", UCDP, fatal_events())
    import_file(file, chosen_map("ucdp-ged"), folder, Selection(country="Xyland"))
    return folder


SEAS = {"71": (1.2, 103.6), "57": (4.1, 6.8), "62": (12.9, 47.3), "93": (7.0, 118.9)}
ACTS = {
    "Robbers": ("Robbers boarded an anchored ship at night and stole stores.", "Bulk carrier"),
    "Pirates": ("Pirates in two skiffs fired upon a ship under way; it outran them.", "Product tanker"),
    "Suspicious approach": ("Four skiffs came near and turned away.", "Container ship"),
}


def at_sea(folder: Path) -> Path:
    """Acts against ships, imported by the map that stands beside: no country, no outline, no deaths, no weapons."""
    chance, rows = random.Random(11), []
    for quarter, count in (("2016Q1", 12), ("2016Q2", 15), ("2016Q3", 7), ("2016Q4", 13)):
        start = date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
        for _ in range(count):
            act = chance.choices(list(ACTS), (5, 3, 1))[0]
            sea = chance.choices(list(SEAS), (4, 4, 2, 1))[0]
            latitude, longitude = (round(x + chance.uniform(-0.4, 0.4), 2) for x in SEAS[sea])
            day = start + timedelta(days=chance.randrange(89))
            north, east = (f"{int(x)}° {int(x % 1 * 60):02d}' 00\"" for x in (latitude, longitude))
            rows.append(
                {
                    "Reference Number": f"2016-{len(rows)}", "Date of Occurrence": day.strftime("%m/%d/%Y"),
                    "Geographical Subregion": sea, "Geographical Location": f"{north} N \n{east} E",
                    "Aggressor": act, "Victim": ACTS[act][1], "Description": ACTS[act][0],
                }
            )  # fmt: skip
    file = folder.parent / f"{folder.name}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    import_file(file, chosen_map("", MAPS / "piracy.yml"), folder, Selection())
    return folder


PLACES = {
    "الطارمية": "محافظة صلاح الدين",
    "بيجي": "محافظة صلاح الدين",
    "الناصرية": "محافظة ذي قار",
    "السماوة": "محافظة المثنى",
}
REPORT = {
    "title": "هجمات على الطريق الشمالي",
    "authors": ["An analyst"],
    "wording": {
        "actors": "فصائل مسلحة",
        "targets": "قوافل الدعم",
        "country": "العراق",
        "scope": "Test of an odd campaign.",
    },
    "series": [
        {
            "id": "fire", "label": "صواريخ", "noun": "هجمات صاروخية", "singular": "هجوم صاروخي",
            "where": {"attack_method": ["rocket", "drone"]},
        },
        {
            "id": "bombs", "label": "عبوات ناسفة", "noun": "هجمات بعبوات ناسفة", "singular": "هجوم بعبوة ناسفة",
            "where": {"attack_method": ["ied_roadside"]},
        },
    ],
    "known_weaknesses": ["السجل يعتمد على الصحافة المحلية."],
}  # fmt: skip


def in_arabic(folder: Path) -> Path:
    """Places, targets, summaries and the names of series in Arabic; no coordinates and no outline."""
    from incident_report.data import default_package

    chance = random.Random(3)
    header = [field.name for field in default_package().tables["incidents"].fields]
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "incidents").mkdir(parents=True)
    (folder / "report.yml").write_text(yaml.safe_dump(REPORT, allow_unicode=True, sort_keys=False), "utf-8")
    (folder / "sources.csv").write_text(
        "source_id,publisher,published,kind,reliability,url\ns1,وكالة الأنباء,2021-03-01,press,C,\n",
        "utf-8",
    )
    for quarter, count in (("2021Q1", 20), ("2021Q2", 30)):
        start = date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
        with (folder / "incidents" / f"{quarter}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
            writer.writeheader()
            for i in range(count):
                place = chance.choice(list(PLACES))
                killed = chance.choice(["", "0", "0", "1", "3"])
                writer.writerow(
                    {
                        "incident_id": f"X-{quarter}-{i}", "date": start + timedelta(days=chance.randrange(89)),
                        "date_precision": "day", "place": place, "governorate": PLACES[place],
                        "target_category": "logistics_convoy", "target_name": "قافلة دعم",
                        "attack_method": chance.choice(["rocket", "ied_roadside", "drone", "small_arms"]),
                        "killed": killed, "wounded": killed and chance.choice(["", "0", "2"]),
                        "confidence": chance.choice(["medium", "high"]), "outcome": "carried_out",
                        "summary": f"هجوم على قافلة قرب {place}", "sources": "s1",
                    }
                )  # fmt: skip
    return folder
