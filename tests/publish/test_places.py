"""Where outputs go: two different editions never share a place, and nobody else's files are replaced."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.cli import main
from incident_report.errors import BuildError, UsageError
from incident_report.paths import DATA, FIGURES, REPORTS, ROOT
from incident_report.publish.places import Places, check_ours, check_out, places
from incident_report.publish.provenance import FORMAT, outputs
from incident_report.publish.request import Request

NAMES = st.one_of(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=300),
    st.sampled_from(["syria", "Syria", "SYRIA", "2020Q3", "2020q3", "2020Q3+floor-high", "data", "a.", "a", "..a"]),
    st.sampled_from(["émile", unicodedata.normalize("NFD", "émile"), "a b", "a-b", "a~b", "con", "-", "+", "x" * 255]),
).filter(lambda n: n not in (".", ".."))
FOLDERS = st.builds(
    lambda base, parts: Path(base, *parts),
    st.sampled_from([ROOT / "campaigns", ROOT, Path("/elsewhere"), ROOT / "campaigns" / "syria"]),
    st.lists(NAMES, min_size=1, max_size=2),
)
VALUES = st.one_of(NAMES, st.sampled_from(["", "1", "1.", "x=1", "A", "a"]))
REQUESTS = st.builds(
    Request,
    baseline=st.sampled_from(["", "2020Q1", "2019Q4"]),
    confidence_floor=st.sampled_from(["low", "medium", "high"]),
    as_of=st.sampled_from(["", "2020-09-28", "of-2020-09-28"]),
    previous=st.one_of(st.none(), FOLDERS),
    parameters=st.dictionaries(
        st.sampled_from(["floor", "Floor", "as", "weights", "a_b", "größe", "p" * 130]), VALUES, max_size=3
    ),
)
EDITIONS = st.tuples(FOLDERS, st.sampled_from(["2020Q2", "2020Q3"]), REQUESTS)


def spelt(path: Path) -> str:
    """As a file system sees it that knows neither capitals nor ways to write an accent."""
    return unicodedata.normalize("NFKD", str(path)).casefold()


@given(EDITIONS, EDITIONS)
def test_two_editions_never_share_a_place_nor_lie_in_each_other(one, other):
    own = (DATA.resolve(), *other[1:])
    for first, second in ((one, other), (one, own)):
        a, b = places(*first), places(*second)
        same = first == second
        for mine, theirs, base in ((a.report, b.report, REPORTS), (a.figures, b.figures, FIGURES)):
            assert mine.is_relative_to(base) and ".." not in mine.parts
            assert all(len(os.fsencode(part)) <= 200 for part in mine.relative_to(base).parts)
            if same:
                assert mine == theirs
            else:
                x, y = Path(spelt(mine)), Path(spelt(theirs))
                assert not x.is_relative_to(y) and not y.is_relative_to(x)


def test_the_place_can_be_read():
    request = Request(confidence_floor="high", as_of="2020-09-28")
    assert places(DATA.resolve(), "2020Q3", Request()).report == REPORTS / "2020Q3"
    assert places(DATA.resolve(), "2020Q3", request).figures == FIGURES / "2020Q3+floor-high+as-of-2020-09-28"
    own = Request(baseline="2020Q1", parameters={"weights": "a"})
    assert places(DATA.resolve(), "2020Q3", own).report.name == "2020Q3+baseline-2020Q1+weights=a"
    assert places(ROOT / "campaigns" / "syria-2012", "2013Q4", Request()).report == REPORTS / "syria-2012" / "2013Q4"
    other = places(Path("/elsewhere/Syria"), "2013Q4", Request()).report
    assert other.parent.name.startswith("syria~")


def test_linked_data_are_still_the_projects_own(tmp_path, monkeypatch):
    import incident_report.data.folders as folders

    (tmp_path / "elsewhere" / "incidents").mkdir(parents=True)
    (tmp_path / "data").symlink_to("elsewhere")
    monkeypatch.setattr(folders, "DATA", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    folder = folders.data_folder("data")
    assert folder == tmp_path / "elsewhere"
    assert folders.named(folder) == "data"
    assert places(folder, "2020Q3", Request()).report == REPORTS / "2020Q3"


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    return tmp_path


@pytest.mark.parametrize(
    "out",
    ["", " ", ".", "..", "../cwd", "link", str(ROOT), str(ROOT.parent), "/", str(DATA), str(DATA / "new"),
     str(ROOT / "notebooks"), str(ROOT / "src" / "x"), str(ROOT / "reports" / "x"), str(ROOT / "figures" / "2020Q3"),
     str(ROOT / "tests" / ".." / "data"), "a\0b", "loop", "campaign", "campaign/new", "report/new"],
)  # fmt: skip
def test_folders_that_are_no_place_for_a_report(out, here):
    (here / "cwd" / "link").symlink_to(here / "cwd")
    (here / "cwd" / "loop").symlink_to("loop")
    (here / "cwd" / "campaign").mkdir()
    mark(here / "cwd" / "report")
    before = sorted(here.rglob("*"))
    with pytest.raises(UsageError):
        check_out(out, [here / "cwd" / "campaign"])
    assert sorted(here.rglob("*")) == before


def mark(folder: Path, **files: str) -> None:
    """A small report of ours."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    known = {"format": FORMAT, "inputs_sha256": "0", "outputs": outputs(folder)}
    (folder / "provenance.json").write_text(json.dumps(known))


def test_only_new_empty_and_marked_folders_are_replaced(here):
    out = here / "out"
    place = Places(out, out / "figures")
    check_ours(place)
    out.mkdir()
    check_ours(place)
    mark(out, report_html="x")
    (out / ".DS_Store").touch()
    check_ours(place)
    (out / "report.html").write_text("changed by hand: still an output")
    check_ours(place)
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(BuildError, match=r"thesis\.txt"):
        check_ours(place)


def test_an_empty_folder_of_somebody_is_kept(here):
    (here / "out" / "inner").mkdir(parents=True)
    with pytest.raises(BuildError, match="inner/"):
        check_ours(Places(here / "out", here / "out" / "figures"))


@pytest.mark.parametrize("content", ["{}", "[]", "", '{"format": "other"}', '{"inputs_sha256": "0"}', "[" * 10_000])
def test_a_provenance_of_somebody_else_is_no_mark(here, content):
    (here / "out").mkdir()
    (here / "out" / "provenance.json").write_text(content)
    with pytest.raises(BuildError, match=r"provenance\.json"):
        check_ours(Places(here / "out", here / "out" / "figures"))


def test_figures_of_somebody_else_and_a_file_in_the_way_are_found_before_anything_is_built(here):
    report, figures = here / "reports" / "2020Q3", here / "figures" / "2020Q3"
    figures.mkdir(parents=True)
    (figures / "manifest.json").write_text('{"figures": [{"id": "fig-a"}]}')
    for name in ("fig-a.svg", "fig-a.csv", "fig-a.png"):
        (figures / name).touch()
    check_ours(Places(report, figures))
    (figures / "logo.svg").touch()
    with pytest.raises(BuildError, match=r"logo\.svg"):
        check_ours(Places(report, figures))
    (here / "reports").touch()
    with pytest.raises(BuildError, match="is a file"):
        check_ours(Places(report, here / "figures" / "other"))


@pytest.mark.parametrize("out", ["thesis", "", ".", "file", "file/below"])
def test_the_command_line_refuses_in_one_line_and_touches_nothing(here, capsys, out):
    (here / "cwd" / "thesis").mkdir()
    (here / "cwd" / "thesis" / "mine.txt").write_text("mine")
    (here / "cwd" / "file").write_text("mine")
    before = sorted(here.rglob("*"))
    assert main(["build", "--only", "html", "--data", str(DATA), "--out", out]) in (1, 2)
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert sorted(here.rglob("*")) == before
