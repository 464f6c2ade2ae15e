"""Faces that were cut before are worn again only where font, letters, features and what cuts them are the same."""

from __future__ import annotations

import pytest

from incident_report.present import typefaces
from incident_report.publish.faces import faces_kept
from incident_report.store import Store

SVG = '<svg><text style="font-weight: 700">Najaf {}</text></svg>'
CODE = {"templates/fonts/NotoSans-Bold.ttf": "1", "src/incident_report/publish/html.py": "1"}


@pytest.fixture
def worn(tmp_path, monkeypatch):
    """Show a text in a process of its own; gives the picture and the faces that were cut for it."""
    cut, store = [], Store(tmp_path)
    made = typefaces._cut
    monkeypatch.setattr(typefaces, "_cut", lambda *given: cut.append(given) or made(*given))

    def show(text, code=CODE, report="2020Q3"):
        cut.clear()
        monkeypatch.setattr(typefaces, "parts", {})
        with faces_kept(store, {"code": code, "lock": "1", "versions": {}}, [report]):
            picture = typefaces.carrying(SVG.format(text))
        return picture, len(cut)

    return show


def test_an_edition_s_next_build_cuts_no_face_again(worn):
    first = worn("a")
    assert first[1] == 2  # regular and bold
    assert worn("a") == (first[0], 0)
    assert worn("a", {**CODE, "src/incident_report/publish/html.py": "2"}) == (first[0], 0)


def test_other_letters_fonts_and_cutters_are_cut_for(worn):
    worn("a")
    picture, cut = worn("ł")
    assert cut == 2 and picture == typefaces.carrying(SVG.format("ł"))
    for name in ("templates/fonts/NotoSans-Bold.ttf", "src/incident_report/present/typefaces.py"):
        assert worn("ł", {**CODE, name: "2"})[1] == 2
    assert worn("ł", report="2020Q2")[1] == 2


def test_what_is_worn_no_more_is_kept_no_more(worn):
    worn("ł")
    worn("a")
    assert worn("ł")[1] == 2
