"""The explorer's payload, unpacked again, is the edition; its module is joined of whole files; words fall back."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from editions import founding
from hypothesis import given
from hypothesis import strategies as st

from incident_report.analysis.public import count
from incident_report.analysis.rates import garwood
from incident_report.periods import Window
from incident_report.present.explorer import FOLDER, explore, module, page_script, payload, styles, texts
from incident_report.present.explorer_columns import MISSING, degrees_as_numbers, words

ED = founding()
NAME = r"^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)"


def unpack(packed: bytes) -> tuple[dict[str, Any], Any]:
    """Header, and a function that reads one of its buffers."""
    plain = gzip.decompress(packed)
    size = int.from_bytes(plain[:4], "little")
    first = -(-(4 + size) // 8) * 8
    assert not any(plain[4 + size : first])

    def read(slot: dict[str, Any]) -> Any:
        at = first + slot["at"]
        assert at % 8 == 0
        if slot["type"] == "utf8":
            return plain[at : at + slot["length"]].decode("utf-8")
        return np.frombuffer(plain, f"<{slot['type']}", slot["length"], at)

    return json.loads(plain[4 : 4 + size]), read


def column(header: dict[str, Any], read: Any, name: str) -> list[Any]:
    """A column as plain values, None where unknown."""
    (one,) = [c for c in header["columns"] if c["name"] == name]
    held = read(one["buffer"])
    if one["kind"] == "text":
        return [v or None for v in held.split("\0")]
    if one["kind"] == "code":
        return [one["values"][c - 1] if c else None for c in held]
    if one["kind"] == "list":
        edges = read(one["offsets"])
        return [tuple(one["values"][c - 1] for c in held[a:b]) for a, b in pairwise(edges)]
    scale = 1e5 if one["kind"] == "degrees" else 1
    return [None if v == MISSING else v / scale for v in held.tolist()]


@pytest.fixture(scope="module")
def packed() -> tuple[dict[str, Any], Any]:
    return unpack(payload(ED))


def test_every_column_comes_back_as_the_edition_has_it(packed: tuple[dict[str, Any], Any]) -> None:
    header, read = packed
    rows = ED.listed
    assert header["rows"] == len(rows) and header["version"] == 1
    for name in ("incident_id", "place", "attack_method", "summary", "techniques", "sources", "killed", "longitude"):
        expected = [None if v is pd.NA else v for v in rows[name]]
        assert column(header, read, name) == expected, name
    days = [(d - pd.Timestamp(0)).days for d in rows["date"]]
    assert column(header, read, "date") == days
    counted = set(ED.counted["incident_id"])
    assert column(header, read, "counted") == ["yes" if i in counted else "no" for i in rows["incident_id"]]
    for one in ED.campaign.series:
        inside = [one.id in held for held in column(header, read, "series")]
        where = [all(row[c] in a for c, a in one.where.items()) for row in rows.to_dict("records")]
        assert inside == where


def test_periods_and_limits_are_those_of_the_analysis(packed: tuple[dict[str, Any], Any]) -> None:
    header, read = packed
    for by, made in header["periods"].items():
        table = count(ED, by=by).table
        assert made["labels"] == table["period"].tolist() and made["days"] == table["days"].tolist()
        assert [pd.Timestamp(d, unit="D") for d in made["start"]] == table["start"].tolist()
    low, high = (read(header["limits"][side]) for side in ("low", "high"))
    assert [(a, b) for a, b in zip(low, high, strict=True)] == [garwood(c) for c in range(len(ED.listed) + 1)]
    (span,) = header["covered"]
    assert span[1] - span[0] + 1 == Window(ED.quarters[0].start, ED.quarter.end).days


def test_sources_and_evidence_are_those_of_the_incidents_and_lead_to_the_web_only() -> None:
    sources = ED.data.sources.copy()
    cited = sources.index[sources["source_id"] == ED.listed["sources"].iloc[0][0]]
    sources.loc[cited, "url"] = "javascript:alert(1)"
    header, _ = unpack(payload(replace(ED, data=replace(ED.data, sources=sources))))
    assert all(s["url"] == "" or re.match("https?://", s["url"]) for s in header["sources"].values())
    assert header["sources"][ED.listed["sources"].iloc[0][0]]["url"] == ""
    assert {s for cell in ED.listed["sources"] for s in cell} <= header["sources"].keys()
    assert header["evidence"].keys() <= set(ED.listed["incident_id"])
    assert sum(map(len, header["evidence"].values())) == len(ED.data.evidence)
    assert {e["says"] for told in header["evidence"].values() for e in told} <= set(ED.data.evidence["status"])


def test_same_edition_same_bytes_and_the_header_is_sound(packed: tuple[dict[str, Any], Any]) -> None:
    header, _ = packed
    assert payload(ED) == payload(ED) != payload(ED, anchors=True)
    names = [c["name"] for c in header["columns"]]
    assert len(names) == len(set(names)) and {*header["table"], *header["facets"], *header["search"]} <= set(names)
    assert all(c["label"] for c in header["columns"])
    assert all(len(c["values"]) == len(c["labels"]) for c in header["columns"] if "values" in c)
    west, south, east, north = header["map"]["box"]
    points = ED.listed[["longitude", "latitude"]].dropna()
    assert points["longitude"].between(west, east).all() and points["latitude"].between(south, north).all()


@given(st.decimals(-180, 180, places=7), st.decimals(-180, 180, places=4))
def test_a_degree_keeps_its_side_of_every_line_that_a_box_can_have(degree: Any, line: Any) -> None:
    (number,) = degrees_as_numbers(pd.Series([float(degree)], dtype="Float64"))
    assert (number >= round(line * 100_000)) == (degree >= line)
    assert (number <= round(line * 100_000)) == (degree <= line)


def test_an_edition_without_rows_can_be_packed() -> None:
    header, read = unpack(payload(replace(ED, data=replace(ED.data, incidents=ED.data.incidents.iloc[:0]))))
    assert header["rows"] == 0 and len(read(header["limits"]["low"])) == 1


@pytest.mark.skipif(not (FOLDER / "mount.js").is_file(), reason="no module yet")
class TestModule:
    """The joined module."""

    def test_no_name_stands_twice_and_nothing_is_imported(self) -> None:
        names = Counter(re.findall(NAME, module(), re.MULTILINE))
        assert names["mount"] == 1 and [n for n, times in names.items() if times > 1] == []
        assert not re.search(r"^import\b", module(), re.MULTILINE)
        assert module().count("\nexport ") == 2  # mount, and anywidget's default
        assert "</script" not in page_script().lower() and "</style" not in styles().lower()

    def test_every_file_is_in_it_once(self) -> None:
        for path in FOLDER.glob("*.js"):
            if path.name != "page.js":
                line = max(re.findall(r"^ +[a-z].*;$", path.read_text("utf-8"), re.MULTILINE), key=len)
                assert module().count(line) == path.read_text("utf-8").count(line) > 0, path.name

    def test_every_word_that_it_says_is_in_the_phrasebook(self) -> None:
        said = set(re.findall(r"\bsay\(\s*\"([\w.-]+)\"", module()))
        there = {key for key in words()} | {key.removesuffix(".other") for key in words()}
        assert said and said - there == set()


def test_a_language_takes_the_words_that_it_lacks_from_english() -> None:
    german = replace(ED.campaign, raw={**ED.campaign.raw, "language": "de"})
    header, _ = unpack(payload(replace(ED, data=replace(ED.data, campaign=german))))
    assert header["lang"] == "de" and words("de").keys() == words().keys()
    own = {key for key, text in words("de").items() if text != words()[key]}
    assert own and own < words().keys()
    assert all(re.findall(r"\{\w+\}", words("de")[k]) == re.findall(r"\{\w+\}", words()[k]) for k in own)


def test_what_needs_no_widget_imports_none() -> None:
    code = (
        "import sys, helpers; from helpers import explore, select; import incident_report.publish.report;"
        "sys.exit(any(n in sys.modules for n in ('anywidget', 'ipywidgets')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not (FOLDER / "mount.js").is_file(), reason="no module yet")
def test_a_widget_holds_the_bytes_of_the_page_and_a_selection_for_every_question() -> None:
    x = explore(ED, {"where": {"attack_method": ["rocket"]}})
    assert x.payload == payload(ED) and x._esm == module()
    assert x.view["by"] == "week" and count(ED, x.selection)["count"].sum() == len(x.selection) > 9
    assert pd.concat([x.selection, x.selection])["incident_id"].nunique() == len(x.selection)
    before = len(x.selection)
    x.view = {"time": ("2020-07-01", "2020-09-30")}
    assert x.view["time"] == ["2020-07-01", "2020-09-30"] and len(x.selection) != before
    with pytest.raises(ValueError, match="series"):
        x.view = {"series": "nosuch"}


def test_every_text_of_a_payload_is_found_in_it_and_no_number_is_taken_for_one():
    said = "\n".join(texts(payload(ED)))
    assert all(str(v) in said for column in ("incident_id", "place", "summary") for v in ED.listed[column].dropna())
    assert not [c for c in said if ord(c) > 0x6FF and c.isalpha()]  # the founding edition has Latin and Arabic only
