"""What changed between two editions: the command on made-up bundles, and its complaints."""

import sys
from pathlib import Path

import pytest

from incident_report.analysis.open import open_edition
from incident_report.cli import main
from incident_report.publish.bundle import bundle, write_zip

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from settled import settled


def publish(data: Path, quarter: str, folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_zip(folder / "data.zip", bundle(open_edition(str(data), quarter=quarter), []))
    return folder


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """An edition, and a later one in which a row was dropped, one added, one corrected and a tally raised."""
    tmp_path = tmp_path_factory.mktemp("editions")
    data = settled(tmp_path / "campaign")
    old = publish(data, "2020Q2", tmp_path / "old")
    path = data / "incidents" / "2020Q2.csv"
    lines = path.read_text("utf-8").splitlines()
    dropped = lines.pop(1).split(",")[0]
    first = lines[1].split(",")[0]
    lines.append(lines[1].replace(first, "IQ-20200699-1"))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    row = next(
        r for r in open_edition(str(data), quarter="2020Q2").listed.to_dict("records") if r["quarter"] == "2020Q1"
    )
    killed = "" if row["killed"] is None or row["killed"] != row["killed"] else str(row["killed"])
    with (data / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row['incident_id']},killed,{killed},7,a later report,2020-10-05,editor\n")
    tallies = data / "tallies.csv"
    tallies.write_text(tallies.read_text("utf-8").replace("2020-03-31,14,exact", "2020-03-31,15,exact"), "utf-8")
    return old, publish(data, "2020Q3", tmp_path / "new"), dropped, row["incident_id"]


def test_every_kind_of_change_is_named_with_its_effect(editions, capsys):
    old, new, dropped, corrected = editions
    assert main(["diff", "--from", str(old), "--to", str(new / "data.zip")]) == 0
    text = capsys.readouterr().out
    assert "2020Q3: the whole quarter is new (61 rows)" in text
    assert "2020Q2: 2 rows differ" in text
    assert f"  - {dropped}\n" in text
    assert "  + IQ-20200699-1\n" in text
    assert f"  ~ {corrected} killed: " in text
    assert "-> '7'" in text
    assert "2019Q4: no row differs" in text
    assert "documented rocket and drone attacks: " in text
    assert "count: '14' -> '15'" in text


def test_an_edition_does_not_differ_from_itself(editions, capsys):
    old = editions[0]
    assert main(["diff", "--from", str(old), "--to", str(old)]) == 0
    text = capsys.readouterr().out
    assert text.count("no row differs") == len(text.splitlines())


@pytest.mark.parametrize("missing", ["--from", "--to"])
def test_a_missing_edition_is_one_line(editions, capsys, missing):
    args = {"--from": str(editions[0]), "--to": str(editions[1])} | {missing: "reports/1999Q1"}
    assert main(["diff", *(x for pair in args.items() for x in pair)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"incident-report: {missing}: there is no 'reports/1999Q1'; name the folder of an edition, or its data.zip"
    ]


def test_a_folder_without_data_and_a_broken_zip_are_one_line_each(editions, tmp_path, capsys):
    for make in (Path.mkdir, lambda p: p.with_suffix(".zip").write_bytes(b"PK\x03\x04no zip")):
        make(tmp_path / "none")
    for name in ("none", "none.zip"):
        assert main(["diff", "--from", str(tmp_path / name), "--to", str(editions[1])]) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert "build that edition again" in error


def test_nothing_named_is_a_usage_error(capsys):
    assert main(["diff"]) == 2
    assert "name both editions" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "told"), [("1999Q1", "there is no"), ("empty", "holds no")])
def test_a_build_whose_predecessor_is_missing_stops_before_any_notebook_runs(tmp_path, capsys, name, told):
    (tmp_path / "empty").mkdir()
    arguments = ["build", "--previous", str(tmp_path / name), "--out", str(tmp_path / "out")]
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_correction_with_a_wrong_old_value_and_two_files_for_a_quarter_stop_the_build(tmp_path, capsys):
    data = settled(tmp_path / "campaign")
    with (data / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write("IQ-20200705-1,killed,5,6,a later report,2020-10-05,editor\n")
    (data / "incidents" / "2020q3.csv").write_bytes((data / "incidents" / "2020Q3.csv").read_bytes())
    assert main(["build", "--data", str(data), "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert "'5': is not what stands in killed of IQ-20200705-1: '0'" in error
    assert "2020Q3.csv and 2020q3.csv are files for one quarter" in error


def test_a_day_before_all_data_stops_the_build(tmp_path, capsys):
    assert main(["build", "--as-of", "2001-01-01", "--out", str(tmp_path / "out")]) == 1
    assert "as_of 2001-01-01 lies before all data; the first is of 2019-10-30" in capsys.readouterr().err
