"""House style in report.yml: what is taken, and what is refused with its line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import small
import yaml
from PIL import Image

from incident_report.colours import contrast
from incident_report.data import check
from incident_report.data.model import House

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path fill="#123456" d="M0 0h40v20H0z"/></svg>'
GOOD = {
    "publisher": 'An Institute <b>&</b> "Sons"',
    "contact": "desk@example.org",
    "cite_as": "Institute ({year}): {edition}",
    "site_url": "https://example.org/reports/",
    "logo": "logo.svg",
    "logo_alt": "A blue box",
    "paper": "Letter",
    "colours": {"accent": "#123456"},
}


def told(folder: Path, picture: bytes | None = SVG, **keys: Any) -> tuple[House | None, list[tuple[str | None, str]]]:
    """The house style, and the column and severity of each fault of report.yml."""
    report = yaml.safe_load(small.files()["report.yml"]) | GOOD | keys
    text = yaml.safe_dump(report, sort_keys=False, allow_unicode=True)
    name = report["logo"] if report["logo"] in ("logo.svg", "logo.png") else "logo.svg"
    data, faults = check(small.make(folder / "c", {"report.yml": text, name: picture}))
    own = [f for f in faults if f.file == "report.yml"]
    assert all(f.line for f in own)
    return data.campaign.house if data else None, [(f.column, f.severity) for f in own]


def test_a_house_style_is_read(tmp_path: Path) -> None:
    house, faults = told(tmp_path)
    assert faults == []
    assert house == House(**{**GOOD, "site_url": "https://example.org/reports"})
    assert (house.colour("accent"), house.colour("link")) == ("#123456", "#0a4f84")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("paper", "A3"),
        ("paper", ["A4"]),
        ("publisher", "two\nlines"),
        ("publisher", 7),
        ("contact", " "),
        ("cite_as", "x" * 301),
        ("logo", "../logo.svg"),
        ("logo", "logo.gif"),
        ("colours.accent", "red"),
        ("colours.accent", '#12345"); evil'),
        ("colours.accent", "#ffee00"),
        ("colours", {"accents": "#123456"}),
        ("site_url", "http://example.org"),
        ("site_url", "https://example.org/?a=b"),
        ("site_url", "https://user@example.org"),
        ("site_url", 'https://example.org/"><script>'),
        ("site_url", "javascript:alert(1)"),
        ("site_url", "https://[::1"),
        ("site_url", "https://example.org:x/"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(tmp_path: Path, key: str, value: Any) -> None:
    outer, _, inner = key.partition(".")
    house, faults = told(tmp_path, **{outer: {inner: value} if inner else value})
    assert house is None
    assert faults == [(key, "error")]


@pytest.mark.parametrize(
    "logo",
    [
        None,
        b"",
        b"GIF89a",
        b"<svg><script>1</script></svg>",
        SVG.replace(b"<path", b'<path onclick="x()"'),
        SVG.replace(b"<path", b'<image href="https://example.org/x.png"/><path'),
        SVG.replace(b"#123456", b"url(https://example.org/x)"),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>1</s:script></s:svg>',
        SVG.replace(b"#123456", b"ur&#108;(https://example.org/x)"),
        b'<?xml-stylesheet href="https://example.org/x.css"?>' + SVG,
    ],
)
def test_a_logo_that_is_none_is_refused(tmp_path: Path, logo: bytes | None) -> None:
    assert told(tmp_path, logo)[1] == [("logo", "error")]


@pytest.mark.parametrize("cut", [0, 40])
def test_a_png_that_cannot_be_decoded_is_refused(tmp_path: Path, cut: int) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), "#123456").save(stream, "PNG")
    data = stream.getvalue()
    assert told(tmp_path, data[: len(data) - cut], logo="logo.png")[1] == ([("logo", "error")] if cut else [])


def test_a_logo_needs_words_and_may_be_no_link_out_of_the_folder(tmp_path: Path) -> None:
    assert told(tmp_path, logo_alt="")[0] is None
    (tmp_path / "outside.svg").write_bytes(SVG)
    report = yaml.safe_load(small.files()["report.yml"]) | GOOD
    folder = small.make(tmp_path / "d", {"report.yml": yaml.safe_dump(report)})
    (folder / "logo.svg").symlink_to(tmp_path / "outside.svg")
    data, faults = check(folder)
    assert data is None
    assert any(f.file == "logo.svg" for f in faults)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
