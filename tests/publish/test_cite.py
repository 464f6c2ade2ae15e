"""How a version is cited: every format has what it requires, in the form it requires, whatever the names hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml

from incident_report.publish.cite import Work, citation_files, licence_address

PLAIN = Work("x-v1.0", "Attacks", ("Family, Given", "An Institute"), date(2021, 3, 5), "1.0", "Cite it", "0" * 64)
ODD = replace(
    PLAIN,
    title='One { of\n100% & “q” "d" \\ $x_1^2$ ~ # <b>, الهجمات',
    authors=("O’Neil, Ann {", "Sons, Ltd and Daughters", "Ministry of X and Y", "Alone,"),
    abstract="<script>1 < 2 & 3</script>\nnext",
    publisher="A & B {",
    licence="CC BY-NC 4.0",
    doi="10.1000/a_b#1",
    url="https://example.org/v1.0/report.html",
    keywords=("Iraq",),
)


def read(work: Work) -> dict[str, Any]:
    files = {name: content.decode() for name, content in citation_files(work, {}).items()}
    whole = {n: json.loads(t) for n, t in files.items() if n.endswith((".json", ".jsonld"))}
    return {**files, **whole, "CITATION.cff": yaml.safe_load(files["CITATION.cff"])}


@pytest.mark.parametrize("work", [PLAIN, ODD], ids=["plain", "odd"])
def test_each_format_has_what_it_requires_in_its_form(work: Work) -> None:
    found = read(work)
    cff, datacite, zenodo = found["CITATION.cff"], found["datacite.json"], found["zenodo.json"]["metadata"]
    (csl,) = found["citation.csl.json"]
    assert cff["cff-version"] == "1.2.0" and {"message", "title", "authors", "version"} <= set(cff)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(cff["date-released"])) and cff["type"] in ("dataset", "software")
    assert all(value for author in cff["authors"] for value in author.values())
    assert {"creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"} <= set(datacite)
    assert datacite["publicationYear"] == "2021" and datacite["types"]["resourceTypeGeneral"] == "Report"
    assert {"upload_type", "publication_type", "title", "creators", "description"} <= set(zenodo)
    assert csl["type"] == "report" and csl["id"] and csl["issued"]["date-parts"] == [[2021, 3, 5]]
    assert found["codemeta.json"]["@context"].startswith("https://") and found["codemeta.json"]["name"]


def test_bibtex_can_be_read_whatever_stands_in_a_name() -> None:
    text = read(ODD)["citation.bib"]
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0 and text.count("\n}\n") == 1
    authors = re.search(r"^  author = \{(.*)\},?$", text, re.MULTILINE)
    assert authors
    bare = re.sub(r"\{(?:[^{}]|\{\})*\}", "X", authors[1].replace("{}", ""))  # what is in braces is one name
    assert len(bare.split(" and ")) == len(ODD.authors)
    assert "doi = {10.1000/a_b#1}" in text


def test_ris_is_a_line_a_field() -> None:
    text = read(ODD)["citation.ris"]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in text.split("\r\n") if line)
    assert text.count("AU  - ") == len(ODD.authors) and text.rstrip("\r\n").endswith("\r\nER  - ")


def test_a_doi_that_the_format_does_not_take_stands_as_an_address() -> None:
    assert "doi" not in read(ODD)["CITATION.cff"] and read(ODD)["CITATION.cff"]["url"] == ODD.url
    assert read(replace(ODD, url=""))["CITATION.cff"]["url"] == "https://doi.org/10.1000/a_b#1"
    assert read(replace(ODD, doi="10.5281/zenodo.1"))["CITATION.cff"]["doi"] == "10.5281/zenodo.1"


def test_text_that_a_repository_reads_as_html_is_text() -> None:
    assert "<" not in read(ODD)["zenodo.json"]["metadata"]["description"]


@pytest.mark.parametrize(("licence", "end"), [("CC BY 4.0", "licenses/by/4.0/"), ("cc0-1.0", "zero/1.0/"), ("x", "x")])
def test_a_licence_is_an_address_where_it_has_one(licence: str, end: str) -> None:
    assert licence_address(licence).endswith(end)
    assert replace(PLAIN, licence=licence).spdx.startswith("CC") == licence_address(licence).startswith("https://")
