"""Phrasebook and prose: values become words in one place, and an unknown never prints."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from editions import founding
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from incident_report.analysis.change import Verdict
from incident_report.analysis.finding import Said
from incident_report.analysis.robustness import KINDS, PLAUSIBLE, Robustness
from incident_report.paths import NOTEBOOKS, TEMPLATES
from incident_report.present.entries import WordsError
from incident_report.present.passages import Broken
from incident_report.present.prose import prose
from incident_report.present.show import _table as set_table
from incident_report.present.words import Words, phrasebook


@pytest.mark.parametrize("value", [None, pd.NA, math.nan, pd.NaT, True, 0.5])
def test_a_value_without_a_reading_is_an_error(value: object) -> None:
    for markdown in (True, False):
        with pytest.raises(WordsError):
            phrasebook().text("{{ x }}", {"x": value}, markdown=markdown)


@given(st.text(max_size=40))
def test_a_text_from_data_comes_through_and_commands_nothing(text: str) -> None:
    context = {"x": text}
    plain = phrasebook().text("[{{ x }}]", context, markdown=False)
    assert plain == f"[{text}]"
    written = phrasebook().text("[{{ x }}]", context)
    bare = written[1:-1].replace("\\\\", "\0")
    for mark in "`*_{}[]()#<>$~^@&|!":
        assert bare.count(mark) == bare.count("\\" + mark)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ 0 | count('attack') }}", "no attacks"), ("{{ 1 | count('attack') }}", "one attack"),
        ("{{ 10 | count('attack') }}", "10 attacks"), ("{{ 5200 | digits('man', 'men') }}", "5,200 men"),
        ("{{ share(3, 9) }}", "3 of 9"),
        ("{{ share(3, 12) }}", "3 of 12 (25%)"), ("{{ share(0, 0) }}", "none recorded"),
        ("{{ between(11, 58, 58) }}", "between 11 and 58 of 58"), ("{{ between(3, 3, 9) }}", "3 of 9"),
        ("{{ from_to(6, 9) }}", "six to nine"), ("{{ from_to(5, 5) }}", "five"),
        ("{{ span(a, b) }}", "1 July to 25 September 2020"), ("{{ span(a, a) }}", "1 July 2020"),
        ("{{ interval(1.234, inf) }}", "95% interval 1.2 to no upper limit"),
        ("{{ ['a', 'b', 'c'] | and_list }}", "a, b and c"), ("{{ ['a', 'b'] | or_list }}", "a or b"),
    ],
)  # fmt: skip
def test_phrases_over_a_grid_of_cases(source: str, said: str) -> None:
    context = {"a": date(2020, 7, 1), "b": date(2020, 9, 25), "inf": math.inf}
    assert phrasebook().text(source, context, markdown=False) == said


def test_words_are_looked_up_by_heading_and_faults_name_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "phrases.md").write_text("{% macro hi(x) %}hi {{ x }}{% endmacro %}", "utf-8")
    (folder / "a.md").write_text("## tab-a\n\n### title\n{{ hi(name) }}\n\n### caption\n{{ nothing }}\n", "utf-8")
    with pytest.raises(WordsError, match="no phrasebook"):
        Words("de", folder=tmp_path)
    words = Words("en", folder=tmp_path)
    with pytest.raises(WordsError, match=r"a\.md:6 .*nothing"):
        words.record("tab-a", {"name": "A & B"})
    assert words.record("tab-a", {"name": "A & B", "nothing": ""})["title"] == "hi A & B"


@pytest.mark.parametrize(("values", "printed"), [(("", " "), 2), (("", "x"), 3)])
def test_a_column_in_which_nothing_stands_is_not_printed(tmp_path: Path, values: tuple[str, str], printed: int) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "phrases.md").write_text("", "utf-8")
    words = "".join(f"### column-{c}\n{c}\n\n### cell-{c}\n{{{{ value }}}}\n\n" for c in ("why", "n"))
    (folder / "a.md").write_text(f"## tab-a\n\n### title\nT\n\n### column-name\nName\n\n{words}", "utf-8")
    table = pd.DataFrame({"name": ["", ""], "why": values, "n": ["1", "2"]})
    made = set_table(Words("en", folder=tmp_path), "tab-a", table, table.to_dict("records"), None, {})
    assert len(made["columns"]) == printed and {len(row) for row in made["rows"]} == {printed}


def test_a_passage_whose_condition_fails_is_struck_and_told() -> None:
    ed = founding()
    text = "{% expect rockets is fall %}Fewer.{% endexpect %} {% expect rockets is rise %}More.{% endexpect %}"
    record = prose(ed, text)
    assert record.content["paragraphs"] == ["~~Fewer.~~ More."]
    assert record.content["broken"] == [vars(Broken("Fewer.", "rockets is fall", "rockets is rise"))]
    assert record.content["trace"] and all(t["sha256"] for t in record.content["trace"])


def test_a_condition_that_is_neither_yes_nor_no_is_an_error() -> None:
    with pytest.raises(WordsError):
        prose(founding(), "{% expect rockets.tally.now %}x{% endexpect %}")


def doubted(survives: tuple[str, ...] = (), flips: tuple[str, ...] = (), ends: tuple[int, int, int] = (20, 24, 27)):
    """A fact with doubts: the verdict stands for ends from the first to the second day, not to the third."""
    days = [date(2020, 9, d) for d in range(ends[0], ends[2] + 1)]
    held = tuple(d for d in days if d.day <= ends[1])
    found = Robustness("f", Said(Verdict.RISE), survives, {k: {} for k in flips}, (), held, tuple(days[len(held) :]))
    return SimpleNamespace(found=found, verdict=Verdict.RISE, because=())


@pytest.mark.parametrize(
    ("thing", "unless", "under"),
    [
        (doubted(), "", "No doubt bears on it"),
        (doubted(("window",)), "", "No doubt tried changes it"),
        (doubted(("window", "floor", "other_test")), "", "No doubt tried changes it"),
        (
            doubted(PLAUSIBLE[:6], ("whole_period",)),
            ", unless the count ran to the end of the quarter (a stress test)",
            "Not if the count ran to the end of the quarter",
        ),
        (
            doubted((), ("window", "whole_period")), ", unless the count ran to 25 September or later",
            "Not if the count ran to 25 September or later",
        ),
        (
            doubted(("weak_rows",), ("single_row", "single_day", "floor")),
            ", unless a single report is left out, a single day is left out"
            " or only the better sourced reports are counted",
            "Not if a single report is left out,"
            " a single day is left out or only the better sourced reports are counted",
        ),
        (SimpleNamespace(found=None), "", ""),
    ],
)  # fmt: skip
def test_doubts_over_a_grid_of_cases(thing: object, unless: str, under: str) -> None:
    assert phrasebook().text("{{ x | unless }}", {"x": thing}, markdown=False) == unless.strip()
    assert phrasebook().text("{{ x | holds_under }}", {"x": thing}, markdown=False) == under


@pytest.mark.parametrize(
    ("thing", "front", "section"),
    [
        (SimpleNamespace(found=None), "stands", "A."),
        (doubted(), "stands", "A."),
        (doubted(("window",)), "stands under every plausible doubt tried", "A, whatever doubt is tried."),
        (doubted(("other_test",)), "stands", "A, whatever doubt is tried."),
        (
            doubted(PLAUSIBLE[:6], ("whole_period",)),
            "stands under every plausible doubt tried, but not, in a stress test, if the count ran to the end of the"
            " quarter",
            "A, but not, in a stress test, if the count ran to the end of the quarter.",
        ),
        (
            doubted((), ("other_test",)), "stands, but not, in a stress test, if another test is used",
            "A, but not, in a stress test, if another test is used.",
        ),
        (
            doubted((), ("window", "whole_period")), "stands, unless the count ran to 25 September or later",
            "A, but not if the count ran to 25 September or later.",
        ),
        (
            doubted((), ("single_day", "whole_period", "other_test")), "stands, unless a single day is left out",
            "A, but not if a single day is left out; nor, in a stress test, if the count ran to the end of the quarter"
            " or another test is used.",
        ),
    ],
)  # fmt: skip
def test_front_and_section_make_the_same_reservation(thing: SimpleNamespace, front: str, section: str) -> None:
    thing.verdict = Verdict.RISE
    assert phrasebook().phrase("still_stands", thing) == front
    assert phrasebook().phrase("stands", thing).strip() == section.replace("A", phrasebook().phrase("a_verdict", thing))


@pytest.mark.parametrize("kind", ["as_reported", *KINDS])
def test_every_kind_of_doubt_has_a_name_and_a_clause(kind: str) -> None:
    assert phrasebook().phrase("doubt", kind)
    if kind != "as_reported":
        assert phrasebook().phrase("flip", kind, doubted().found)


@pytest.mark.parametrize("why", ["coverage_unknown", "coverage_thin", "coverage_uneven", "bound", "no_count", "few"])
def test_every_reason_has_a_clause(why: str) -> None:
    thing = SimpleNamespace(because=(why,))
    them, named = phrasebook().phrase("because", thing), phrasebook().phrase("because", thing, "convoy attacks")
    assert them.startswith("because ") and "  " not in them + named
    assert ("convoy attacks" in named) == ("them" in them)


@pytest.mark.parametrize(
    ("why", "kinds", "words"),
    [
        ("coverage_unknown", ("rockets", "convoys"), "; others counted only rockets and convoys"),
        ("coverage_unknown", ("rockets", "rockets"), "; others counted only rockets"),
        ("coverage_unknown", ("rockets", "all"), ""),
        ("coverage_unknown", (), ""),
        ("coverage_thin", ("rockets",), ""),
    ],
)
def test_which_kinds_others_counted_is_said_where_none_counted_all(
    why: str, kinds: tuple[str, ...], words: str
) -> None:
    coverage = SimpleNamespace(of={"2020Q2": [SimpleNamespace(series=k, noun=k) for k in kinds]}.get)
    edition = SimpleNamespace(period="2020Q2", all=SimpleNamespace(series=SimpleNamespace(id="all")))
    assert phrasebook().phrase("only_kinds", SimpleNamespace(because=(why,)), coverage, edition) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ((), ""),
        (("none",), "No documented attack is of such a kind if"),
        (("convoys",), "Most such attacks are of another kind if"),
        (("none", "convoys"), "Most such attacks are of another kind, or there is none, if"),
    ],
)
def test_what_a_doubt_leaves_of_a_gap_is_said_by_what_it_leaves(left: tuple[str, ...], words: str) -> None:
    flips = dict(zip(("weak_rows", "floor"), ({"verdict": v} for v in left), strict=False))
    found = Robustness("options.gap", Said("rockets"), (), flips, (), (), ())
    told = phrasebook().phrase("gap_turns", SimpleNamespace(found=found))
    assert told.startswith(words) and bool(told) == bool(words)
    assert phrasebook().phrase("gap_turns", SimpleNamespace(found=None)) == ""


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ((), ""),
        ((("A", 9, 27),), ""),
        ((("A", 1, 27),), "one attack is on record for days on which A counted at least 27."),
        ((("B", 0, 9), ("A", 2, 27)), "two attacks are on record for days on which A counted at least 27."),
        ((("A", 20, 27), ("B", 0, 9)), "no attacks are on record for days on which B counted at least nine."),
    ],
)
def test_what_is_documented_measures_nothing_where_less_than_a_third_is(
    checks: tuple[tuple[str, int, int], ...], said: str
) -> None:
    names = ("tracker", "documented", "tallied")
    one = {"series": "x", "noun": "attacks", "singular": "attack", "bound": "at_least"}
    found = [SimpleNamespace(**one, **dict(zip(names, c, strict=True))) for c in checks]
    coverage, gap = SimpleNamespace(of={"2020Q2": found}.get), SimpleNamespace(series=SimpleNamespace(id="x"))
    edition = SimpleNamespace(period="2020Q2", tracker="A")
    told = phrasebook().phrase("thin_beside", gap, coverage, edition)
    assert told.endswith(said) and bool(told) == bool(said)
    assert bool(phrasebook().phrase("thin_beside", gap, coverage, edition, "row")) == bool(said)


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ((), "Nobody else counted over the same days"),
        (((0, 0),), "Nobody else counted over the same days"),
        (((9, 11),), "On record: nine attacks where T0 counted 11"),
        (((1, 1), (0, 27)), "On record: one attack where T0 counted one, and no attacks where T1 counted 27"),
        (((9, 9), (8, 7), (3, 2)), "None of three counts by others exceeds the record"),
        (
            ((9, 9), (5, 6), (3, 2)),
            "One of three counts by others exceeds the record: six attacks by T1, five on record",
        ),
        (
            ((9, 10), (5, 6), (3, 3)),
            "Two of three counts by others exceed the record, that of T1 by the largest share: "
            "six attacks, five on record",
        ),
        (
            ((9, 10), (0, 6), (3, 2)),
            "Two of three counts by others exceed the record, that of T1 by the largest share: "
            "six attacks, none on record",
        ),
    ],
)
def test_the_record_beside_others_is_a_message_for_none_one_and_many(
    checks: tuple[tuple[int, int], ...], words: str
) -> None:
    one = {"noun": "attacks", "singular": "attack", "bound": "exact"}
    found = [SimpleNamespace(**one, tracker=f"T{i}", documented=d, tallied=n) for i, (d, n) in enumerate(checks)]
    assert " ".join(phrasebook().phrase("beside_others", found).split()) == words


def _conditions(node: nodes.Node) -> list[str]:
    """Names that stand alone as a condition, or as a part of one."""
    if isinstance(node, nodes.Name):
        return [node.name]
    if isinstance(node, nodes.And | nodes.Or):
        return _conditions(node.left) + _conditions(node.right)
    return _conditions(node.node) if isinstance(node, nodes.Not) else []


@pytest.mark.parametrize("path", [*(TEMPLATES / "words").rglob("*.md"), *NOTEBOOKS.glob("*.ipynb")], ids=str)
def test_no_text_takes_a_phrase_for_a_value(path: Path) -> None:
    """A macro is always there, so that a condition on its name would always hold."""
    phrases = set(re.findall(r"{% macro (\w+)", (TEMPLATES / "words/en/phrases.md").read_text("utf-8")))
    text = path.read_text("utf-8")
    cells = [text] if path.suffix == ".md" else ["".join(c["source"]) for c in json.loads(text)["cells"]]
    for cell in cells:
        tree = Environment().parse(re.sub(r"{% (end)?expect.*?%}", "", cell)) if "{%" in cell else nodes.Template([])
        own = {n.name for n in tree.find_all(nodes.Name) if n.ctx in ("store", "param")}
        asked = {a for n in tree.find_all((nodes.If, nodes.CondExpr)) for a in _conditions(n.test)}
        asked |= {a for n in tree.find_all(nodes.For) if n.test is not None for a in _conditions(n.test)}
        assert not (asked - own) & phrases


def test_a_campaigns_own_short_words_print_as_the_language_has_them():
    english, arabic = Words("en"), Words("ar")
    assert arabic.terms and not english.terms
    for source in ("{{ x }}", "{{ x | cap }}", "{{ option_name(x, false) }}"):
        assert english.text(source, {"x": "Close the embassy"}, markdown=False) == "Close the embassy"
        assert arabic.text(source, {"x": "Close the embassy"}, markdown=False) == arabic.terms["Close the embassy"]
    assert arabic.text("{{ x }}", {"x": "Close the embassy."}, markdown=False) == "Close the embassy."


CODED = {"attack_method": {"ied_other": "Infernal machine"}, "outcome": {"carried_out": "Done"}}


def named(value: str, *columns: str) -> str:
    return next((CODED[c][value] for c in columns if value in CODED.get(c, {})), value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ cell_value('attack_method', 'ied_other') }}", "Infernal machine"),
        ("{{ cell_value('attack_method', 'ied_other;x') }}", "Infernal machine; x"),
        ("{{ cell_value('place', 'ied_other') }}", "ied_other"),
        ("{{ cell_value('place', none) }}", ""),
        ("{{ cell_value('date', '2020-04-09') }}", "9 April 2020"),
        ("{{ cell_value('date', '2020-04') }}", "2020-04"),
        ("{{ cell_value('sources', 'a-nd;b', ['a-nd', 'b']) }}", "[@a-nd; @b]"),
        ("{{ cell_value('sources', 'a b;c', ['c']) }}", "[@c]; a b"),
        ("{{ cell_value('sources', 'a b;c') }}", "a b; c"),
        ("{{ rivals_named('outcome = carried_out @ a; killed = 7 @ b') }}", "outcome: Done [@a]; killed: 7 [@b]"),
    ],
)
def test_a_cell_is_told_by_the_label_of_its_own_column(text: str, said: str) -> None:
    assert Words(labels=named).text(text, {}, markdown=False) == said


@pytest.mark.parametrize("path", [*TEMPLATES.glob("words/*/*.md"), *NOTEBOOKS.glob("*.ipynb")], ids=lambda p: p.name)
def test_every_label_names_its_column(path: Path) -> None:
    """Without one, a value takes the label of whichever column knows it first: munitions were a unit of tallies."""
    assert re.findall(r"\|\s*label\b(?!\()|map\(.?\"label.?\"\)", path.read_text("utf-8")) == []
