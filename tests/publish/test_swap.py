"""Publishing: report and figures together or not at all, whatever is killed when."""

from __future__ import annotations

import errno
import json
import os
import signal
from pathlib import Path

import pytest

from incident_report.publish import swap
from incident_report.publish.lock import Held, locked
from incident_report.publish.places import Places
from incident_report.publish.swap import holding, staged, tidy, unfinished


@pytest.fixture
def place(tmp_path):
    return Places(tmp_path / "reports" / "2020Q3", tmp_path / "figures" / "2020Q3")


def publish(place: Places, text: str, *, figures: bool = True) -> None:
    with holding(place), staged(place, figures=figures) as stage:
        (stage.report / "report.html").write_text(text)
        if figures:
            (stage.figures / "fig.svg").write_text(text)
        stage.commit()


def state(place: Places) -> tuple[str, str]:
    return (place.report / "report.html").read_text(), (place.figures / "fig.svg").read_text()


def alone(place: Places) -> bool:
    """Nothing lies about."""
    return all([p.name for p in folder.parent.iterdir()] == ["2020Q3"] for folder in (place.report, place.figures))


def test_both_change_and_nothing_is_left(place):
    publish(place, "one")
    publish(place, "two")
    assert state(place) == ("two", "two")
    publish(place, "three", figures=False)
    assert state(place) == ("three", "two")
    assert alone(place)


def test_an_error_leaves_both_as_they_were(place):
    publish(place, "good")
    with pytest.raises(RuntimeError), holding(place), staged(place, figures=True) as stage:
        (stage.report / "report.html").write_text("bad")
        raise RuntimeError
    assert state(place) == ("good", "good")
    assert alone(place)


def test_nothing_is_left_of_a_first_build_that_failed(place, tmp_path):
    with pytest.raises(RuntimeError), holding(place), staged(place, figures=True):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_put_in_place_takes_the_other_one_back(place, monkeypatch):
    publish(place, "good")
    exchange = swap._exchange

    def fail(one: Path, other: Path) -> bool:
        if other == place.report:
            raise OSError(errno.EIO, "broken", str(other))
        return exchange(one, other)

    monkeypatch.setattr(swap, "_exchange", fail)
    with pytest.raises(OSError, match="broken"):
        publish(place, "bad")
    assert state(place) == ("good", "good")
    assert alone(place)


class Killed(BaseException):
    """Stands for a kill: nothing after it runs."""


# Every call of the system that publishing makes, in order; a kill before each of them.
CALLS = ("os.fsync", "pathlib.Path.rename", "incident_report.publish.swap._exchange", "pathlib.Path.unlink",
         "shutil.rmtree")  # fmt: skip


@pytest.mark.parametrize("one_call", [True, False], ids=["exchange", "renames"])
def test_a_kill_before_any_step_leaves_whole_folders_that_the_next_command_mends(place, tmp_path, one_call):
    outcomes = set()
    for step in range(200):
        publish(place, "old")
        pid = os.fork()
        if pid == 0:
            _die_before(step, one_call)
            publish(place, "new")
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        report, figures = state(place) if place.report.exists() and place.figures.exists() else ("gone", "gone")
        noted = unfinished(place)
        assert {report, figures} <= {"old", "new", "gone"}
        assert report == figures or noted, "in between only with the note that it has to be finished"
        assert "gone" not in (report, figures) or not one_call
        tidy(place)
        report, figures = state(place)
        assert report == figures and alone(place), step
        outcomes.add(report)
        if os.waitstatus_to_exitcode(status) == 0:
            break
    assert step > 10
    assert outcomes == {"old", "new"}


def _die_before(step: int, one_call: bool) -> None:
    """In a child: count the calls, and die by SIGKILL before the one with this number."""
    import pkgutil

    left = [step]

    def count(function):
        def counted(*args, **kwargs):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return function(*args, **kwargs)

        return counted

    if not one_call:
        swap._exchange = lambda one, other: False
    for name in CALLS:
        owner, attribute = name.rsplit(".", 1)
        found = pkgutil.resolve_name(owner)
        setattr(found, attribute, count(getattr(found, attribute)))


def test_verify_finishes_a_swap_that_was_killed_between_the_folders(tmp_path, monkeypatch, capsys):
    from incident_report.cli import main
    from incident_report.publish import places, provenance

    monkeypatch.setattr(places, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(places, "FIGURES", tmp_path / "figures")
    where = places.place_at(tmp_path / "reports" / "2020Q3")

    def vouched(text: str) -> None:
        with holding(where), staged(where, figures=True) as stage:
            (stage.figures / "fig.svg").write_text(text)
            (stage.report / "report.html").write_text(text)
            known = {"format": provenance.FORMAT, "inputs_sha256": "0", "figures_at": "../../figures/2020Q3"}
            known |= {"outputs": provenance.outputs(stage.report), "figures": provenance.outputs(stage.figures)}
            (stage.report / provenance.NAME).write_text(json.dumps(known))
            stage.commit()

    vouched("old")
    pid = os.fork()
    if pid == 0:
        exchange = swap._exchange

        def die(one: Path, other: Path) -> bool:
            if other == where.report:
                os.kill(os.getpid(), signal.SIGKILL)
            return exchange(one, other)

        swap._exchange = die
        vouched("new")
    os.waitpid(pid, 0)
    assert state(where) == ("old", "new") and unfinished(where)
    main(["verify", str(where.report)])
    assert "figures" not in capsys.readouterr().out.split("as it was built")[0]
    assert state(where) == ("new", "new")
    assert alone(where)


def test_a_torn_note_and_one_about_other_folders_publish_nothing(place):
    publish(place, "good")
    for note in ("", "{", '{"report": 1, "figures": 2}', "[]", '{"report": "../../x"}'):
        stage = swap.beside(place.report, "building")
        stage.mkdir()
        (stage / "report.html").write_text("bad")
        swap.beside(place.report, "publish").write_text(note)
        tidy(place)
        assert state(place) == ("good", "good")
        assert alone(place)


def test_ctrl_c_in_the_swap_comes_after_it(place, monkeypatch):
    publish(place, "old")
    exchange = swap._exchange

    def interrupted(one: Path, other: Path) -> bool:
        os.kill(os.getpid(), signal.SIGINT)
        return exchange(one, other)

    monkeypatch.setattr(swap, "_exchange", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(place, "new")
    assert state(place) == ("new", "new")
    assert alone(place)


def test_a_name_as_long_as_names_can_be(tmp_path):
    out = tmp_path / ("x" * 255)
    publish(Places(out, out / "figures"), "one", figures=False)
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


def test_a_lock_names_its_holder_and_is_free_when_the_holder_is_dead(tmp_path):
    path = tmp_path / "lock"
    ready, go = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        with locked(path):
            os.write(ready[1], b"x")
            os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    with pytest.raises(Held, match=rf"process {pid} on .+ since \d{{4}}-"), locked(path):
        pass
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert path.exists()
    with locked(path) as waited:
        assert not waited
    assert not path.exists()


def test_the_second_waits_and_is_told_for_whom(tmp_path):
    path, said = tmp_path / "lock", []
    ready, go = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        with locked(path):
            os.write(ready[1], b"x")
            os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)

    def wait(holder: str) -> None:
        said.append(holder)
        os.write(go[1], b"x")

    with locked(path, wait) as waited:
        assert waited
    os.waitpid(pid, 0)
    assert len(said) == 1 and f"process {pid} " in said[0]
