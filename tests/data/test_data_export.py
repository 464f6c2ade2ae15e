"""Sources for reference managers, however they are written."""

import json
import re

import pandas as pd

from incident_report.data import load, to_bibtex, to_csl, to_ris
from incident_report.paths import DATA
from incident_report.present.words import Words

SAY = Words(labels=load(DATA).label).phrase

NASTY = pd.DataFrame(
    [
        {
            "source_id": "a-2020-09",
            "publisher": r"A & B {50%} \input{/etc/passwd} $x_1$ #~^",
            "published": "2020-09",
            "kind": "iraqi_press",
            "reliability": "C",
            "url": "https://x.example/a_b%20{c}\\d?e=1&f=2#g",
        },
        {"source_id": "b", "publisher": "B", "published": "", "kind": "dataset", "reliability": "F", "url": ""},
    ]
)


def test_csl():
    first, second = to_csl(NASTY, SAY)
    assert first["id"] == "a-2020-09" and first["issued"] == {"date-parts": [[2020, 9]]}
    assert "C (fairly reliable)" in first["note"] and first["type"] == "webpage"
    assert "issued" not in second and "URL" not in second and second["type"] == "dataset"
    json.dumps(to_csl(load(DATA).sources, SAY))


def test_bibtex_is_escaped():
    text = to_bibtex(NASTY, SAY)
    whole = r"A \& B {50\%} \textbackslash{}input{/etc/passwd} \$x\_1\$ \#"
    said = text.replace(r"\textbraceleft{}", "{").replace(r"\textbraceright{}", "}")
    assert whole in said and r"\{" not in text  # BibTeX counts an escaped brace, too
    assert r"\url{https://x.example/a_b%20%7Bc%7D%5Cd?e=1&f=2#g}" in text
    assert "month = {9}" in text and "year = {2020}" in text


def test_bibtex_has_every_source_and_balanced_braces():
    sources = load(DATA).sources
    text = to_bibtex(sources, SAY)
    assert re.findall(r"(?m)^@misc\{([^,]+),$", text) == sources["source_id"].tolist()
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")


def test_ris_has_one_record_a_source_and_one_line_a_value():
    nasty = NASTY.assign(publisher="Two\r\nER  - lines")
    for sources in (nasty, load(DATA).sources):
        lines = to_ris(sources, SAY).split("\r\n")
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*|", line) for line in lines)
        assert not any("\n" in line for line in lines)
        assert sum(line.startswith("TY  - ") for line in lines) == lines.count("ER  - ") == len(sources)
        told = [line[6:] for line in lines if line.startswith("ID  - ")]
        assert told == list(sources["source_id"])
