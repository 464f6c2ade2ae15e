"""A language's tag, or none: an odd one never stops a document."""

from __future__ import annotations

import pytest
from exports import export
from hypothesis import given
from hypothesis import strategies as st
from traits import FRAME, book, cell, md, shown

from nbtypst import languages
from nbtypst.languages import tag


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("en", "en"), ("en_GB", "en-GB"), ("zh-Hant-TW", "zh-TW"), ("French", "fr"), ("es-419", "es-419"),
        ("ckb", "ckb"), ("python", None), ("R", None), ("sql", None), ("", None), (None, None), (["en"], None),
        ("en#panic()", None),
    ],
)  # fmt: skip
def test_tag(value, expected):
    assert tag(value) == expected


@given(st.text())
def test_any_text_gives_a_short_tag_or_none(text):
    found = tag(text)
    assert found is None or (found.isascii() and 2 <= len(found) <= 7)


@pytest.mark.parametrize("about", [{"language": "python"}, {"lang": "English?"}, {"lang": {"a": 1}}])
def test_an_odd_language_is_warned_about_and_english_taken(about):
    made = export(book(md("# Plain\n\nText."), **about))
    assert "Text." in made.text
    with made.open() as pdf:
        assert str(pdf.Root.Lang) == "en"
    assert [w for w in made.warnings if "language's tag" in w]


def test_figures_and_tables_are_called_by_the_languages_words():
    framed = cell(shown({"text/html": FRAME}), source='#| tbl-cap: "Worte"\n#| label: tbl-x\nx')
    made = export(book(md("Siehe @tbl-x."), framed, lang="de-AT"))
    assert made.text.replace("\u00a0", " ").count("Tabelle 1") == 2
    assert "Table" not in made.text
    assert not made.warnings


@pytest.mark.parametrize("lang", ["de", "fr", "ar", "he", "fa", "ur", "zh", "ja", "ko", "ru", "uk", "tr"])
def test_words_beside_the_text_are_the_languages(lang):
    own, english = languages.words(lang), languages.words("en")
    same = [key for key in own if own[key] == english[key]]
    assert own.keys() == english.keys()
    assert not {"contents", "columns", "rows", "error", "warning", "abstract"} & set(same)
    assert all(own[key].count("{") == english[key].count("{") for key in own)


@pytest.mark.parametrize("lang", ["ar", "he", "fa", "de"])
def test_an_admonition_and_a_parted_table_speak_the_documents_language(lang):
    wide = "|" + "|".join(f" column_name_{i} " for i in range(40)) + "|\n|" + "---|" * 40 + "\n"
    made = export(book(md("> [!WARNING]\n> x\n\n" + wide + "|" + " 1 |" * 40), lang=lang))
    assert "Warning" not in made.text
    assert "Columns" not in made.text
    with made.open() as pdf:
        assert str(pdf.Root.Lang) == lang
