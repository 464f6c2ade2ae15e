"""What `verify` finds: a changed byte anywhere, and a zip file that means harm."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from incident_report.cli import main
from incident_report.data import archive
from incident_report.data.archive import ArchiveError, read_archive
from incident_report.data.row_sets import LONG
from incident_report.publish import provenance
from incident_report.publish.bundle import write_zip
from incident_report.publish.inputs import KINDS, digest
from incident_report.publish.jupyter import nbformat
from incident_report.publish.rebuild import rebuild
from incident_report.publish.report import build
from incident_report.publish.request import Request
from incident_report.publish.verify import verify

PARAMETERS = "\n".join(
    f'{name}: str = ""  # text'
    for name in ("quarter", "baseline", "data_folder", "confidence_floor", "as_of", "previous")
)
CHAPTER = """from helpers import frequency, open_edition, show_prose
ed = open_edition(data_folder, quarter=quarter, baseline=baseline, confidence_floor=confidence_floor, as_of=as_of)
show_prose("txt-a", f"Counted: {len(ed.counted)}.")"""


def notebook(folder, *cells):
    v4 = nbformat.v4
    made = [v4.new_markdown_cell("# A", id="title")]
    made.append(v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}))
    made += [v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder.mkdir()
    nbformat.write(v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), folder / "00_a.ipynb")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small report, and the chapters that it was made from."""
    base = tmp_path_factory.mktemp("verify")
    notebook(base / "nb", CHAPTER, "frequency.quarterly_figure(ed)")
    build(Request(notebooks=base / "nb", out=base / "report", only=("html", "pdf", "figures")), stream=io.StringIO())
    return base


@pytest.fixture
def report(made, tmp_path):
    return Path(shutil.copytree(made / "report", tmp_path / "reports" / "2020Q3"))


def flip(path, at=-40):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def known(report):
    return json.loads((report / "provenance.json").read_text("utf-8"))


def write(report, provenance):
    (report / "provenance.json").write_text(json.dumps(provenance), "utf-8")


def test_a_good_folder_is_one_line(report, capsys):
    assert verify(report).faults == []
    assert main(["verify", str(report)]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert main(["verify", str(report / "data.zip")]) == 0


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "data.zip", "figures/fig-counts.svg"])
@pytest.mark.parametrize("at", [0, 200, -1])
def test_a_changed_byte_is_found(report, name, at, capsys):
    flip(report / name, at)
    assert main(["verify", str(report)]) == 1
    assert f"{name}: has other bytes than were built" in capsys.readouterr().out.splitlines()


def test_missing_and_added_files_are_named(report):
    (report / "report.pdf").unlink()
    (report / "note\n.txt").write_text("x")
    assert verify(report).faults == ["'note\\n.txt': was put here by no build", "report.pdf: is missing"]


@pytest.mark.parametrize("kind", ["parameters", "code", "lock"])
def test_changed_inputs_do_not_fit_their_hash(report, kind):
    provenance = known(report)
    provenance[kind] = "0" * 64 if kind == "lock" else {**provenance[kind], "quarter": "2020Q2"}
    write(report, provenance)
    assert any("list of inputs" in line for line in verify(report).faults)


def test_what_is_no_provenance_is_one_line(report):
    for content in ("{", "[]", '{"format": "incident-report/1", "inputs_sha256": "x"}', '{"outputs": 3}'):
        (report / "provenance.json").write_text(content)
        assert len(verify(report).faults) == 1
    for content in ({"outputs": {"a": []}, "figures": 3, "rows": [], "data": "x", "parameters": [1]},):
        write(report, {"format": "incident-report/1", "inputs_sha256": "x", **content})
        assert verify(report).faults


def apart(report):
    """Move the figures to a folder of their own, as a build without `--out` puts them."""
    figures = report.parents[1] / "figures" / report.name
    figures.parent.mkdir()
    shutil.move(report / "figures", figures)
    provenance = known(report)
    provenance["outputs"] = {k: v for k, v in provenance["outputs"].items() if not k.startswith("figures/")}
    write(report, {**provenance, "figures_at": "../../figures/2020Q3"})
    return figures


def test_figures_in_their_own_folder_are_checked_where_they_are_there(report):
    figures = apart(report)
    assert verify(report).faults == []
    flip(figures / "fig-counts.csv")
    assert verify(report).faults == ["figures/2020Q3/fig-counts.csv: has other bytes than were built"]
    shutil.rmtree(figures)
    found = verify(report)
    assert found.faults == [] and "not beside the report" in found.unchecked[0]


def test_a_recorded_place_is_not_followed(report, tmp_path):
    apart(report)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_text("x")
    write(report, {**known(report), "figures_at": "../../secret"})
    assert not any("file:" in line for line in verify(report).faults)


def rezip(path, change):
    """Write a data.zip anew with changed content and a list that fits it."""
    files = read_archive(path)
    change(files)
    package = json.loads(files["datapackage.json"])
    for resource in package["resources"]:
        for part in resource.get("parts", [resource]):
            part["hash"] = f"sha256:{hashlib.sha256(files[part['path']]).hexdigest()}"
    files["datapackage.json"] = json.dumps(package).encode()
    write_zip(path, files)


def test_data_of_another_campaign_do_not_fit_the_report(report):
    def change(files):
        files["incidents/2020Q3.csv"] = files["incidents/2020Q3.csv"].replace(b"rocket", b"mortar", 1)

    rezip(report / "data.zip", change)
    assert verify(report / "data.zip").faults == []
    provenance = known(report)
    provenance["outputs"]["data.zip"] = hashlib.sha256((report / "data.zip").read_bytes()).hexdigest()
    write(report, provenance)
    assert verify(report).faults == ["data.zip: incidents/2020Q3.csv: has other bytes than were built"]


def test_a_data_zip_is_checked_against_its_own_list(report):
    path = report / "data.zip"
    files = read_archive(path)
    files["report.yml"] += b"# more\n"
    files["edition/more.csv"] = b"x\n"
    del files["tallies.csv"]
    write_zip(path, files)
    assert verify(path).faults == [
        "data.zip: edition/more.csv: was put here by no build",
        "data.zip: report.yml: has other bytes than were built",
        "data.zip: tallies.csv: is missing",
    ]
    for package in (b"", b"[]", b'{"resources": [{"path": "report.yml"}]}', b"[" * 100_000):
        write_zip(path, {"datapackage.json": package})
        assert len(verify(path).faults) == 1


def entry(name, mode=0o644):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([entry("../x")], "not a path inside"),
        ([entry("/etc/x")], "not a path inside"),
        ([entry("a/../../x")], "not a path inside"),
        ([entry("C:\\x")], "not a path inside"),
        ([entry("a"), entry("a")], "twice"),
        ([entry("a"), entry("A")], "names both"),
        ([entry("link", 0o120777)], "a link"),
    ],
)
def test_a_harmful_zip_is_refused_in_one_line(entries, told, tmp_path):
    path = tmp_path / "data.zip"
    with zipfile.ZipFile(path, "w") as file:
        for one in entries:
            file.writestr(one, "x")
    (fault,) = verify(path).faults
    assert told in fault and "\n" not in fault


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "data.zip"
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    monkeypatch.setattr(archive, "MOST_IN_ALL", 1500)
    for files in ({"a": b"0" * 2000}, {"a": b"0" * 900, "b": b"0" * 900}):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in files.items():
                file.writestr(name, content)
        with pytest.raises(ArchiveError, match="unpack to more"):
            read_archive(path)
    for content in (b"", b"PK\x03\x04no zip", b"%PDF"):
        path.write_bytes(content)
        with pytest.raises(ArchiveError):
            read_archive(path)
    with pytest.raises(ArchiveError, match="not a file"):
        read_archive(tmp_path)


def test_it_is_built_again_from_its_data_zip(made, report):
    assert rebuild(report, stream=io.StringIO(), notebooks=made / "nb") == []
    notebook(made / "other", CHAPTER.replace("Counted", "In all"), "frequency.quarterly_figure(ed)")
    lines = rebuild(report, stream=io.StringIO(), notebooks=made / "other")
    assert lines == [
        f"{name}: has other bytes when it is built again; another notebooks/00_a.ipynb"
        for name in ("report.html", "report.pdf")
    ]


def test_a_rebuild_without_what_it_needs_is_one_line(report, capsys):
    provenance = known(report)
    provenance["parameters"]["previous"] = "reports/1999Q1"
    provenance["inputs_sha256"] = digest({kind: provenance[kind] for kind in KINDS})
    write(report, provenance)
    assert main(["verify", str(report), "--rebuild"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["verify", str(report / "data.zip"), "--rebuild"]) == 2
    assert main(["verify", str(report / "nowhere")]) == 2


def test_a_folder_of_versions_alone_says_where_to_look(tmp_path):
    (tmp_path / "2020Q3" / "v1.0").mkdir(parents=True)
    (tmp_path / "2020Q3" / "v1.0" / "provenance.json").write_text("{}")
    (line,) = verify(tmp_path / "2020Q3").faults
    assert str(tmp_path / "2020Q3" / "v1.0") in line


def test_long_lists_of_rows_stand_once_in_the_file_and_are_whole_when_read(tmp_path):
    long, short = [f"X{i}" for i in range(LONG + 1)], ["a", "b"]
    records = {name: {"trace": [{"rows": rows}, {"rows": long}]} for name, rows in (("t", long), ("u", short))}
    index = {"format": provenance.FORMAT, "inputs_sha256": "0", "records": records, "rows": {}}
    folded = provenance.folded(index)
    (tmp_path / provenance.NAME).write_text(text := json.dumps(folded), "utf-8")
    assert text.count("X7") == json.dumps(long).count("X7") and folded["records"]["u"]["trace"][0]["rows"] == short
    assert provenance.read(tmp_path) == index
    folded["row_lists"] = []
    (tmp_path / provenance.NAME).write_text(json.dumps(folded), "utf-8")
    assert provenance.read(tmp_path) == folded
