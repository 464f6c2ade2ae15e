"""Each rule of the coherence gate fires on a report that breaks it, and on nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from babel import Locale
from editions import founding

from incident_report.analysis.options import Rating
from incident_report.errors import BuildError
from incident_report.present.show import LIMITS, show
from incident_report.present.usage import usage
from incident_report.present.words import Words, phrasebook
from incident_report.publish import gate, wording
from incident_report.publish.collect import Found
from incident_report.publish.direction import turned
from incident_report.publish.gate import Draft, faults
from incident_report.publish.laid_out import astray
from nbtypst import ast


@pytest.fixture(scope="module")
def ed():
    return founding()


def prose(id: str, text: str, **more: Any) -> Found:
    return Found("00_front", "c", "prose", {"id": id, "paragraphs": [text], **more})


def table(id: str, title: str = "A table", **more: Any) -> Found:
    return Found("00_front", "c", "table", {"id": id, "title": title, "data": {"columns": [], "rows": []}, **more})


def heading(level: int, text: str) -> ast.Node:
    return {"t": "Header", "c": [level, ast.attr(f"sec-{text}"), ast.words(text)]}


def framed(id: str) -> ast.Node:
    made = ast.table([ast.words("a")], [[ast.words("1")]], ["left"], [None], [], ["record"])
    return ast.div([made], id, ["record", "table-record"])


def said(text: str, *targets: str) -> ast.Node:
    return ast.para([*ast.words(f"{text} "), *(ast.link(ast.words("x"), t) for t in targets)])


def draft(
    ed: Any, *records: Found, blocks: list[ast.Node] | None = None, labels: dict[str, str] | None = None
) -> Draft:
    return Draft(list(records), blocks or [], labels or {}, ed)


@pytest.mark.parametrize(
    ("text", "verdicts", "broken"),
    [
        ("Rockets doubled", ["rise"], False),
        ("Rockets doubled", ["level", "too_few"], True),
        ("Rockets fell and convoys rose", ["fall"], True),
        ("No detectable rise in rockets", ["level"], False),
        ("Rockets doubled", [], False),  # rests on no comparison: somebody's own words under their own condition
        ("One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen", [], True),
    ],
)
def test_headline_says_no_more_than_its_results(ed, text, verdicts, broken):
    assert bool(list(gate.headline(draft(ed, prose("headline", text, verdicts=verdicts))))) == broken


def test_title_denied_by_a_panel(ed):
    assert list(gate.titles(draft(ed, table("tab-a", "A clear fall in salvos", verdicts=["level", "rise"]))))
    assert not list(gate.titles(draft(ed, table("tab-a", "A clear fall in salvos", verdicts=["level", "fall"]))))


def test_one_question_with_two_answers(ed):
    def one(id: str, value: str) -> Found:
        return prose(id, "x", trace=[{"function": "f", "params": {"a": 1}, "rows": [], "sha256": value}])

    assert not list(gate.same_values(draft(ed, one("a", "1"), one("b", "1"))))
    assert list(gate.same_values(draft(ed, one("a", "1"), one("b", "2"))))


def test_a_table_that_no_text_names(ed):
    labels = {"tab-a": "Table 1"}
    lone = [heading(1, "One"), framed("tab-a")]
    unnamed = [heading(1, "One"), said("Text."), framed("tab-a")]
    named = [heading(1, "One"), said("Text", "#tab-a"), framed("tab-a")]
    adrift = [heading(1, "One"), said("Text", "#tab-a"), heading(1, "Two"), said("More."), framed("tab-a")]
    below = [heading(2, "Two"), said("More."), framed("tab-a")]
    opened = [heading(1, "One"), said("Text", "#tab-a"), *below]
    aside = [heading(1, "One"), heading(2, "Aside"), said("Text", "#tab-a"), *below]
    made = {
        name: list(gate.cited(draft(ed, blocks=blocks, labels=labels)))
        for name, blocks in {
            "lone": lone, "unnamed": unnamed, "named": named, "adrift": adrift, "opened": opened, "aside": aside,
        }.items()
    }  # fmt: skip
    assert {name for name, found in made.items() if found} == {"unnamed", "adrift", "aside"}


def test_records_are_found_where_their_direction_is_marked(ed):
    told = [heading(1, "One"), said("Text", "#tab-a"), framed("tab-a"), heading(2, "Two"), framed("tab-b")]
    marked = turned(told, Locale("ar"))
    assert not any(map(wording.record_id, marked))
    assert draft(ed, blocks=marked).homes == draft(ed, blocks=told).homes == {"tab-a": 1, "tab-b": 1}
    assert not list(gate.cited(draft(ed, blocks=marked)))


def test_an_event_in_a_headline_that_rests_on_little(ed):
    rows = ed.data.incidents
    disputed = rows.loc[rows["outcome"] == "disputed", "incident_id"].iloc[0]
    single = rows.loc[(rows["sources"].map(len) == 1) & (rows["outcome"] == "carried_out"), "incident_id"].iloc[0]
    sound = rows.loc[(rows["sources"].map(len) > 2) & (rows["outcome"] == "carried_out"), "incident_id"].iloc[0]

    class Telling(Draft):
        events = ()

    def fires(id: str, text: str) -> bool:
        made = Telling([], [], {}, ed)
        type(made).events = [(id, text)]
        return bool(list(gate.doubtful_events(made)))

    assert fires(disputed, "A camp was hit") and fires(single, "A camp was hit")
    assert not fires(sound, "A camp was hit")
    assert not fires(disputed, "A camp was hit, by one account")


def test_a_red_assumption_that_a_table_hides(ed):
    option = ed.facts["options"].red[0]
    data = {"columns": ["option", "mark"], "rows": [[option.id, "better"]]}

    def fires(*row: str, columns: tuple[str, ...] = ("option", "mark")) -> bool:
        made = table("tab-o", data=data | {"columns": list(columns)}, rows=[list(row)])
        return bool(list(gate.assumptions(draft(ed, made))))

    assert fires(option.label, "4–5") and fires(option.label.replace(" ", "\\ "), "4–5")
    assert not fires(option.label, "4–5", "**RED** the threat is inside") and not fires(f"{option.label} †", "4–5")
    assert not fires("Another option", "4–5") and not fires(option.label, "12", columns=("option", "attacks"))


@pytest.mark.parametrize(
    ("name", "values", "cell", "broken"),
    [
        ("p", [[0.0496]], "0.050", True),
        ("p", [[0.0496]], "0.0496", False),
        ("p", [[0.0512]], "0.051", False),
        ("p", [[0.0001]], "<0.001", False),
        ("ratio", [[0.998]], "1.00", True),
        ("interval", [[1.004, 5.2]], "2.10 (1.00–5.20)", False),  # one or more, and so it reads
        ("interval", [[0.997, 5.2]], "2.10 (1.00–5.20)", True),
        ("interval", [[1.2]], "1.20–", False),  # no upper limit
    ],
)
def test_a_number_printed_on_the_other_side_of_its_limit(ed, name, values, cell, broken):
    limits = [{"column": 0, "at": LIMITS[name][0], "values": values}]
    made = table("tab-s", rows=[[cell]], limits=limits)
    assert bool(list(gate.thresholds(draft(ed, made)))) == broken


@pytest.mark.parametrize("value", [0.0496, 0.04999, 0.05, 0.0501, 0.9951, 0.99999, 1.0, 1.0049])
def test_a_number_that_decides_is_printed_on_its_own_side(value):
    at = 0.05 if value < 0.5 else 1.0
    printed = phrasebook().phrase("p_bare" if value < 0.5 else "ratio_number", value)
    assert (float(printed) < at) == (value < at)


@pytest.mark.parametrize(("cell", "broken"), [("0,37", False), ("0.37", False), ("0,04", True), ("0.04", True)])
def test_a_number_of_an_untranslated_cell_is_read_as_english_writes_it(
    ed: Any, monkeypatch: pytest.MonkeyPatch, cell: str, broken: bool
) -> None:
    monkeypatch.setattr(gate, "words_of", lambda _: phrasebook("de"))
    made = table("tab-s", rows=[[cell]], limits=[{"column": 0, "at": 0.05, "values": [[0.37]]}])
    assert bool(list(gate.thresholds(draft(ed, made)))) == broken


def test_tables_with_a_p_are_looked_at(ed):
    made = show(ed.facts["edition"].all.within, "tab-within")
    assert made.content["limits"][0]["at"] == 0.05 and any(made.content["limits"][0]["values"])


def test_an_acronym_before_it_is_spelled_out(ed):
    late = [said("The C-RAM fired."), said("A counter-rocket, artillery and mortar defence.")]
    assert [f for f in gate.acronyms(draft(ed, blocks=late)) if f.startswith("C-RAM")]
    early = wording.spelled_out([said("The C-RAM fired."), said("C-RAM again.")], ed.campaign.acronyms)
    assert not list(gate.acronyms(draft(ed, blocks=early)))
    assert ast.text_of(early).count("counter-rocket") == 1


def test_an_acronym_that_nobody_explains(ed):
    assert list(gate.acronyms(draft(ed, blocks=[said("The XQZW was hit.")])))


def test_a_spelling_that_the_vocabulary_forbids(ed, monkeypatch):
    monkeypatch.setitem(ed.campaign.__dict__, "names", {"Camp Taji": ("Camp Tajee",)})
    assert list(gate.names(draft(ed, blocks=[said("Camp Tajee was hit.")])))
    assert list(gate.names(draft(ed, table("tab-a", "Fire on Camp Tajee"))))
    assert not list(gate.names(draft(ed, blocks=[said("Camp Taji was hit.")])))


def test_a_source_without_a_title(ed):
    def entry(text: str) -> list[ast.Node]:
        return [ast.div([ast.div([said(text)], "ref-a")], "refs")]

    assert list(gate.titled(draft(ed, blocks=entry("rt.com."))))
    assert not list(gate.titled(draft(ed, blocks=entry("RT. 2020. “Rockets hit camp.” rt.com"))))


def test_every_rule_has_a_test_here():
    source = __import__("pathlib").Path(__file__).read_text("utf-8")
    assert all(f"gate.{rule.__name__}(" in source for rule in gate.RULES if rule is not gate.laid_out)


def test_the_founding_report_is_laid_out_as_its_lists_say(built):
    content = (built.folder / "report.pdf").read_bytes()
    known = json.loads((built.folder / "provenance.json").read_text("utf-8"))["records"]
    page = (built.folder / "report.html").read_text("utf-8")
    ids = dict.fromkeys(i for i in re.findall(r'\bid="([\w-]+)"', page) if known.get(i, {}).get("label"))
    labels = [label for i in ids if "W" not in (label := known[i]["label"])]
    assert len(labels) > 20 and not list(astray(content, labels))
    assert list(astray(content, labels[1:])), "a caption more than the lists have is not seen"
    assert list(astray(content, [labels[-1], *labels[1:-1], labels[0]])), "a swapped label is not seen"


def test_lists_are_held_against_what_the_reports_language_calls_figures(ed, monkeypatch):
    given: list[list[str]] = []
    made = draft(ed, blocks=[framed("tab-a"), framed("tab-w")], labels={"tab-a": "Table 1", "tab-w": "Table W1"})
    monkeypatch.setattr(gate, "words_of", lambda _: Words("ar"))
    asked = replace(made, pdf=b"pdf", astray=lambda _, printed: given.append(printed) or [])
    assert not list(gate.laid_out(asked)) and given == [["جدول 1"]]


def test_a_fault_stops_the_build_unless_it_is_allowed(tmp_path, monkeypatch):
    from incident_report.publish import report
    from incident_report.publish.request import Request

    def broken(draft: Draft) -> list[str]:
        return ["headline: says rise, and it is none"]

    monkeypatch.setattr(report, "faults", broken)
    chapters = tmp_path / "notebooks"
    chapters.mkdir()
    _tiny(chapters / "00_one.ipynb")
    with pytest.raises(BuildError, match="says rise"):
        report.build(Request(quarter="2020Q3", only=("html",), out=tmp_path / "a", notebooks=chapters))
    assert not (tmp_path / "a").exists()
    request = Request(
        quarter="2020Q3", only=("html", "pdf"), out=tmp_path / "b", notebooks=chapters, allow_incoherent=True
    )
    page = (report.build(request) / "report.html").read_text("utf-8")
    assert '<aside class="mark"' in page


def _tiny(path: Any) -> None:
    import nbformat
    from nbformat import v4

    parameters = v4.new_code_cell('quarter: str = ""\nbaseline: str = ""\ndata_folder: str = ""\n'
                                  'confidence_floor: str = ""\nas_of: str = ""')  # fmt: skip
    parameters.metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# One"), parameters], metadata=kernel), path)


def test_the_gate_reads_every_rule(ed):
    assert not faults(draft(ed))


def test_ratings_are_read_as_words() -> None:
    """An edition with ratings that nobody looked at again must not fail for their capitals."""
    said = " ".join(phrasebook().phrase("rating", r.value) for r in Rating)
    assert set(said.split()) <= set(usage("en").plain)
