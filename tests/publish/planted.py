"""A campaign with values planted in every text and number column, all of them restricted; and a search for them."""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import html
import io
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pikepdf
import small
import yaml

from incident_report.data.package import Field, default_package
from incident_report.data.reviews import Line, Review, as_json
from incident_report.paths import ROOT, TEMPLATES

OPEN, OPEN_REASON = "IQ-20200705-1", "two died later"  # an incident that goes out
COLUMNS = ("incidents.munition_detail", "incidents.wounded", "sites.note", "posture.us_sites", "sources.note")
_OWN = {"quarter": "2020Q2", "url": "https://planted.example/{}", "archived": "https://planted.example/{}"}
_PLAIN = ("language", "published")  # patterns that leave no room for a value of our own


class Planter:
    """Makes values that stand nowhere else, and keeps them."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}  # value -> where it was planted

    def text(self, where: str) -> str:
        value = f"Zq{len(self.values):03d}planted"
        self.values[value] = where
        return value

    def number(self, where: str, field: Field) -> str:
        n = 715_003 + 7 * len(self.values)
        value = f"31.{n}" if field.type == "number" else str(n)
        self.values[str(n)] = where
        return value

    def cell(self, table: str, field: Field, row: dict[str, str]) -> str:
        where = f"{table}.{field.name}"
        old = row.get(field.name, "")
        if field.categories or field.reference or field.type in ("date", "boolean") or field.name in _PLAIN:
            return old
        if field.name in _OWN:
            return _OWN[field.name].format(self.text(where))
        if field.type == "list":
            return old if field.name == "techniques" else f"{self.text(where)};{self.text(where)}"
        if field.type in ("integer", "number"):
            return (
                old
                if field.maximum and field.maximum < 715_003 and field.type == "integer"
                else self.number(where, field)
            )
        return self.text(where)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(small.files()[name], newline="")))


def campaign(folder: Path) -> tuple[Path, dict[str, str]]:
    """The small campaign with one restricted row more in every table, and where each planted value stands."""
    plant, files, tables = Planter(), {}, default_package().tables
    incident = rows(small.Q3)[1]
    restricted = place = ""
    about = {"incident_id": incident["incident_id"], "source_id": incident["sources"].split(";")[0]}
    made = {
        "evidence": {**about, "field": "place", "status": "stated"},
        "double_coding": {**about, "field": "place"},
        "open_questions": {**about, "field": "place", "certainty": "open"},
        "method_log": {"quarters": "2020Q3", "kind": "rule"},
        "search_protocol": {"quarter": "2020Q2"},
        "routes": {"route": "", "step": "1", "latitude": "33", "longitude": "44"},
        "coverage": {"start": "2020-04-01", "end": "2020-06-30"},
        "corrections": {**about, "field": "place", "old": "", "date": "2020-10-05"},
        "scores": {"option": "carry-on", "objective": "calm", "low": "2", "high": "4"},
    }
    for name, table in tables.items():
        path = small.Q3 if name == "incidents" else table.path
        there = rows(path) if path in small.files() else []
        base = there[1 % len(there)] if there else {}
        base = {**base, **made.get(name, {})}
        new = {f.name: plant.cell(name, f, base) for f in table.fields}
        new["restricted"] = plant.text(f"{name}.restricted")
        if name == "scores":
            new |= {"option": "carry-on", "objective": "calm"}
        if name == "sites":
            new |= {"inside": "", "latitude": f"32.{715_001}9", "longitude": f"43.{715_002}9"}
            plant.values |= {"7150019": "sites.latitude", "7150029": "sites.longitude"}
        if name == "corrections":  # of the restricted incident
            new["incident_id"] = restricted
            new["old"] = place
        if name == "incidents":
            new |= {"possible_double_of": "", "site_id": ""}
            restricted, place = new["incident_id"], new["place"]
        if name in ("evidence", "double_coding", "open_questions"):
            new["incident_id"] = restricted
        if name == "tallies":
            new |= {"tracker": base["tracker"], "series": base["series"], "start": "2020-04-01", "end": "2020-04-02"}
        head = list(dict.fromkeys([*(there[0] if there else ()), *new]))
        files[path] = [{**dict.fromkeys(head, ""), **r} for r in [*there, new]]
    _more(files, plant)
    text = {name: small.write(table) for name, table in files.items()}
    text["story/2020Q3.md"] = _story(plant, restricted)
    text["restrictions.yml"] = yaml.safe_dump(_rules(plant))
    text["policy_options.yml"] = _options()
    text["review/2020Q3.json"] = as_json(_review(plant, restricted)).decode()
    text["import/dataset.csv"] = f"id,secret\n1,{plant.text('import/dataset.csv')}\n"
    whole = "\n".join(text.values())
    return small.make(folder, text), {v: where for v, where in plant.values.items() if v in whole}


def _more(files: dict[str, list[dict[str, str]]], plant: Planter) -> None:
    """Values in restricted columns of rows that go out, points finer than the rules, a person."""
    open_row, road = files[small.Q3][0], files[small.Q3][1]
    open_row |= {
        "munition_detail": plant.text("column incidents.munition_detail"),
        "wounded": "",
        "latitude": "33.7150041",
        "longitude": "44.7150042",
        "coordinate_precision": "town",
    }
    where = [plant.text(f"route, {what}") for what in ("place", "district", "evidence", "correction")]
    road |= {
        "place": f"{where[0]}, at the bridge of {where[1]}",
        "latitude": "31.7150043",
        "longitude": "45.7150044",
        "summary": f"{_person(plant)} was there. It was east of {where[0]}. Trucks burned.",
        "target_name": f"Trucks at {where[1]}",
    }
    note = f"Found at {where[2]}; so it says"
    about = {"incident_id": road["incident_id"], "source_id": road["sources"].split(";")[0]}
    line = {"date": "2020-10-06", "reason": f"{where[1]} lies by it", "by": "editor"}
    for name, row in {
        "evidence.csv": {"field": "place", "value": where[2], "status": "stated", "note": note},
        "corrections.csv": {"field": "place", "old": road["place"], "new": where[3], **line},
        "open_questions.csv": {"field": "row", "question": f"{where[3]} or {where[2]}?", "certainty": "open"},
    }.items():  # fmt: skip
        head = files[name][0]
        files[name].append({**dict.fromkeys(head, ""), **{c: v for c, v in about.items() if c in head}, **row})
    said = {"incident_id": OPEN, "field": "attack_method", "value": open_row["attack_method"], "status": "stated"}
    said["source_id"] = open_row["sources"].split(";")[0]
    files["evidence.csv"].append({**dict.fromkeys(files["evidence.csv"][0], ""), **said})
    site = files["sites.csv"][0]
    site |= {"latitude": "33.7150045", "longitude": "42.7150046", "note": plant.text("column sites.note")}
    plant.values |= {f"715004{n}": "a point finer than the rules" for n in range(1, 7)}
    cited = next(r for r in files["sources.csv"] if r["source_id"] == about["source_id"])
    cited["title"] = f"[Report of a bomb ({road['place']})]"
    for row in files["sources.csv"]:
        row["note"] = row["note"] or plant.text("column sources.note")
    for row in files["posture.csv"]:
        row["us_sites"] = row["us_sites"] or "12"


def _options() -> str:
    """The short file of options that the example campaign has, made to fit this one."""
    text = (ROOT / "campaigns" / "syria-2012-2013-sample" / "policy_options.yml").read_text("utf-8")
    for old, new in {"against_government": "logistics_convoy", "against_civilians": "rocket_drone",
                     "un-s-res-2059": "iraq-businessnews-2020-09-28"}.items():  # fmt: skip
        text = text.replace(old, new)
    return text


def _review(plant: Planter, ident: str) -> Review:
    """A sheet that came back: what reviewers said of a restricted row and of a person."""
    comment = f"Is {_person(plant)} of {ident}?"
    asked = Line("story/what-happened/1", "Story", "The roads.", comment=comment, answer="=No")
    return Review("2020Q3", (asked,), back=True)


def _person(plant: Planter) -> str:
    return next((v for v, where in plant.values.items() if where == "person"), None) or plant.text("person")


def _rules(plant: Planter) -> dict[str, object]:
    reasons = {name: plant.text(f"reason of {name}") for name in COLUMNS}
    return {"columns": reasons, "persons": [{"name": _person(plant), "accused_of": plant.text("accused_of")}]}


def _story(plant: Planter, ident: str) -> str:
    one, two, three, why = (plant.text(f"story {n}") for n in range(4))
    return f"""---
quarter: 2020Q3
status: released
author: A. Author
reviewer: B. Reviewer
published: 2020-10-05
---
# Trucks burn on the highway
? all is known

The roads are not safe. {one} told us so.
! {why}
{_person(plant)} denies it. [IQ-20200705-1]

## How bad
What {two} saw. [{ident}]
Little is known. [IQ-20200705-1]

## Dates
- 5 July: {three} is hit.
! {why}
- 5 July: a rocket hits a house. [IQ-20200705-1]
"""


def corrected(folder: Path) -> dict[str, str]:
    """Two corrections after a release: one that is told, one that is restricted; and what is planted in it."""
    values = {f"Zqlater{what}": f"restricted correction, {what}" for what in ("new", "why", "reason")}
    new, why, reason = values
    told = {"incident_id": OPEN, "field": "killed", "old": "", "new": "3", "reason": OPEN_REASON}
    kept = {"incident_id": OPEN, "field": "target_name", "old": "", "new": new, "reason": why, "restricted": reason}
    quarter, lines = folder / small.Q3, folder / "corrections.csv"
    (open_row,) = (r for r in csv.DictReader(io.StringIO(quarter.read_text("utf-8"))) if r["incident_id"] == OPEN)
    there = list(csv.DictReader(io.StringIO(lines.read_text("utf-8"), newline="")))
    for row in (told, kept):
        row |= {"old": open_row[row["field"]], "date": "2020-11-02", "by": "editor"}
        there.append({**dict.fromkeys(there[0], ""), **row})
    lines.write_text(small.write(there), "utf-8")
    story = folder / "story" / "2020Q3.md"
    story.write_text(story.read_text("utf-8").replace("published: 2020-10-05", "published: 2020-11-03"), "utf-8")
    return values


def texts(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """Everything that can be read in a file: packed, encoded and compressed parts too."""
    yield data
    if depth > 5:
        return
    for one in _inside(data):
        yield from texts(one, depth + 1)


@cache
def _fonts() -> frozenset[bytes]:
    return frozenset(path.read_bytes() for path in (TEMPLATES / "fonts").iterdir())


def _inside(data: bytes) -> Iterator[bytes]:
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (name.encode() + b"\n" + archive.read(name) for name in archive.namelist())
            yield from (archive.read(name) for name in archive.namelist())
        return
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
        return
    if data[:5] == b"%PDF-":
        yield from _pdf(data)
        return
    if data[:4] in (b"wOFF", b"wOF2"):
        # What such a file packs nothing here can read; so it must be a font of the package, byte for byte.
        assert data in _fonts(), "a font that is not the package's"
        return
    if b"%" in data and (plain := unquote_to_bytes(data)) != data:
        yield plain
    if b"&" in data and (plain := html.unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace")) != data:
        yield plain
    for found in re.finditer(rb"[A-Za-z0-9+/]{40,}={0,2}", data):
        try:
            yield base64.b64decode(found[0], validate=True)
        except binascii.Error:
            continue


def pdf_text(data: bytes, page: int = 0) -> str:
    """The text of a PDF, or of one of its pages, from 1."""
    only = ["-f", str(page), "-l", str(page)] if page else []
    command = ["pdftotext", "-raw", *only, "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def place_of_word(data: bytes, word: str) -> float:
    """Where a word first stands in a PDF: the share of the page's width that lies left of its middle."""
    command = ["pdftotext", "-bbox", "-", "-"]
    told = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    width = float(re.search(r'<page width="([\d.]+)"', told)[1])
    found = re.search(rf'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>{word}</word>', told)
    return (float(found[1]) + float(found[2])) / 2 / width


def _pdf(data: bytes) -> Iterator[bytes]:
    yield pdf_text(data).encode()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                try:
                    yield one.read_bytes()
                except (pikepdf.PdfError, zlib.error):
                    yield one.read_raw_bytes()
            else:
                yield repr(one).encode()


def _pattern(value: str) -> str:
    """A value as it may be written; a number by itself, and with what may stand between its thousands."""
    if not value.isdigit():
        return re.escape(value)
    between = "(?:,|\\xc2\\xa0|\\xe2\\x80\\xaf|\\xe2\\x80\\x89)?"
    return rf"(?<!\d){value[:-3]}{between}{value[-3:]}(?!\d)"


def found_in(folder: Path, values: dict[str, str]) -> list[str]:
    """Which planted values stand in which files below a folder."""
    pattern = re.compile("|".join(map(_pattern, sorted(values, key=len, reverse=True))).encode("ascii"))
    begins = re.compile("|".join(map(re.escape, {v[:2] for v in values})).encode())  # quick to look for
    lines = set()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        for text in (name.encode(), *texts(path.read_bytes())):
            # Line ends and blanks that a layout puts into a long word do not hide it.
            for view in {text, re.sub(rb"[\s\x00]+", b"", text)}:
                hits = filter(None, (pattern.match(view, at.start()) for at in begins.finditer(view)))
                found = {h[0] if h[0].decode("latin-1") in values else re.sub(rb"\D", b"", h[0]) for h in hits}
                lines |= {f"{name}: {m.decode()} ({values[m.decode()]})" for m in found}
    return sorted(lines)
