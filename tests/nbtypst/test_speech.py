"""Formulas that are heard: which words stand where, and that each language's words are whole."""

from __future__ import annotations

import re

import pytest
from exports import export
from test_formulas import alternatives
from traits import book, md

from nbtypst import languages, typst_writer
from nbtypst.tex_speech import Speaker, say
from nbtypst.tex_tree import parse

SPOKEN = sorted(path.stem for path in (typst_writer.HERE / "speech").glob("*.toml"))
ENGLISH = languages.speech("en")
TABLES = ("phrases", "accents")  # whose words hold parts of the formula


def keys():
    """A language whose words are their own names: ``over<a|b>``."""
    found = {name: {key: f"{key}<>" if name in TABLES else key for key in table} for name, table in ENGLISH.items()}
    for name in TABLES:
        for key, said in ENGLISH[name].items():
            places = sorted(set(re.findall(r"{\d}", said)))
            found[name][key] = f"{key}<{'|'.join(places)}>"
    return found | {"signs": {}, "letters": ENGLISH["letters"]}


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\frac{a}{b}", "over<a|b>"),
        (r"\frac{a+b}{c}", "fraction<a + b|c>"),
        ("x_i^2", "squared<index<x|i>>"),
        (r"\frac{a}{b}^3", "cubed<pause<over<a|b>>>"),
        ("e^{-x}", "power_long<e|minus x>"),
        (r"\sum_{i}^n i", "from_to<n-ary summation|i|n> i"),
        (r"\sum_{i} i", "over_set<n-ary summation|i> i"),
        (r"\int^n", "up_to<integral|n>"),
        (r"\lim_{x} f", "limit<lim|x> f"),
        (r"\sqrt{x}\sqrt{x+1}\sqrt[n]{x}", "root_short<x> root<x + 1> root_of_order<x|n>"),
        (r"\hat{x}", "hat<x>"),
        (r"\left|x\right|", "abs<x>"),
        (r"\begin{cases} a & b \\ c & d \end{cases}", "case<2|a, b; c, d>"),
        (r"\begin{pmatrix} a & b \end{pmatrix}", "matrix<1|2|row<1|a, b>>"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "next_line<a = b|c = d>"),
        (r"a \tag{7}", "a equation<7>"),
        (r"\begin{CD} A @>f>> B \\ @VVgV @| \\ C @<<< D \end{CD}",
         "diagram<arrow_by<A|B|f>; arrow_by<A|C|g>; same<B|D>; arrow<D|C>>"),
        (r"\begin{prooftree} \AxiomC{$a$} \AxiomC{$b$} \RightLabel{r} \BinaryInfC{$c$} \end{prooftree}",
         "infer_by<both<a|b>|c|r>"),
        (r"\begin{prooftree} \AxiomC{} \UnaryInfC{$c$} \end{prooftree}", "infer<nothing<>|c>"),
        (r"\begin{numcases}{f} 1 & if $x$ \tag{1} \\ 2 & else \tag{2} \end{numcases}",
         "f case<2|1, if x equation<1>; 2, else equation<2>>"),
    ],
)  # fmt: skip
def test_which_words_stand_where(tex, said):
    assert Speaker(keys()).say(parse(tex)) == said


@pytest.mark.parametrize("lang", SPOKEN)
def test_a_languages_words_say_every_part(lang):
    own = languages._speech(lang)
    assert set(own) <= set(ENGLISH)
    for name, table in own.items():
        assert set(table) <= set(ENGLISH[name])
        for key, said in table.items():
            places = [set(re.findall(r"{\d}", one)) for one in (said, ENGLISH[name].get(key, ""))]
            assert places[0] == places[1], (lang, key)
    assert {"phrases", "signs", "functions", "letters"} <= set(own)
    assert set("+−=<>≤≥×∑∫") <= set(own["signs"])
    assert len(own["letters"]["greek"].split()) == 24


@pytest.mark.parametrize("tag", ["xx", "ka", "tlh-Latn", "", "../../etc/passwd"])
def test_a_language_without_words_is_heard_in_english(tag):
    parts = parse(r"\frac{a+b}{c} \ge \alpha")
    assert say(parts, tag) == say(parts, "en")


def test_a_region_speaks_its_language():
    parts = parse(r"\frac{a+b}{c}")
    assert say(parts, "de-AT") == say(parts, "de") != say(parts, "en")


@pytest.mark.parametrize("lang", SPOKEN)
def test_a_documents_formulas_are_heard_in_its_language(lang):
    tex = r"\sum_{i=1}^{n} \sqrt{x_i + 1} \le \frac{\alpha}{2}"
    made = export(book(md(f"Text ${tex}$.\n\n- In a list $${tex}$$\n\n> ## Head ${tex}$"), lang=lang))
    with made.open() as pdf:
        said = alternatives(pdf)
    assert said.count(say(parse(tex), lang)) == len(said) == 3
