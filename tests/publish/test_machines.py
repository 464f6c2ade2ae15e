"""The same bytes on any machine: fonts, style files, locale, clock, processor, home folder, other programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import machine
import pytest
from small import make

from incident_report.paths import FIGURES, ROOT
from incident_report.present.typefaces import carrying
from incident_report.publish.environment import KEPT, kernel_environment

pytestmark = pytest.mark.xdist_group("machines")  # each machine draws once, not once a worker
HERE = Path(__file__).parent
# What no machine needs to have for a chart to be drawn.
BARE = {"PATH": os.environ["PATH"], "FRESH": "1"}
OTHER = {
    "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kolkata", "PYTHONHASHSEED": "4711", "MPLBACKEND": "svg", "COLUMNS": "20",
    "OPENBLAS_CORETYPE": "Nehalem", "OPENBLAS_NUM_THREADS": "2", "NPY_DISABLE_CPU_FEATURES": "AVX512_SKX,X86_V4,X86_V3",
    "SOURCE_DATE_EPOCH": "86400", "MPL_IGNORE_SYSTEM_FONTS": "1", "PYTHONUTF8": "0",
}  # fmt: skip


def run(program: Path, folder: Path, environment: dict[str, str], *before: str) -> dict[str, Any]:
    """What `program` notes, run in `folder` (where data/ is) under just this environment."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data").symlink_to(ROOT / "data")
    noted = folder / "noted.json"
    done = subprocess.run(
        [*before, sys.executable, str(program), str(noted)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(noted.read_text("utf-8"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """What a machine draws, asked by its name."""
    base = tmp_path_factory.mktemp("machines")
    fonts = machine.false_fonts(base / "share" / "fonts").parent
    for name in ("here", "there", "mpl"):
        (base / name).mkdir()
        (base / name / "matplotlibrc").write_text(machine.HOSTILE_RC)
    narrow = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    umask = ["sh", "-c", 'umask 077; exec "$@"', "sh", *narrow]
    faces = {"XDG_DATA_HOME": str(fonts), "MPLCONFIGDIR": str(base / "mpl")}
    together = {k: v for k, v in OTHER.items() if k != "MPL_IGNORE_SYSTEM_FONTS"}
    states: dict[str, tuple[dict[str, str], list[str]]] = {
        "clean": (BARE, []),
        "all": ({**BARE, **together, **faces}, umask),
        "fonts": ({**BARE, **faces}, []),
        "here": ({**BARE, "HOME": str(base / "nowhere")}, []),
        "there": ({**BARE, "MATPLOTLIBRC": str(base / "there" / "matplotlibrc")}, []),
        "other": ({**BARE, **OTHER}, umask),
    }

    @cache
    def one(name: str) -> dict[str, Any]:
        environment, before = states[name]
        place = base / "here" if name == "here" else base / f"at-{name}"
        return run(HERE / "machine.py", place, environment, *before)

    return one


def charts(found: dict[str, Any]) -> dict[str, Any]:
    return {id: chart for id, chart in found.items() if id.startswith("fig-")}


# All that could change a chart at once; each alone in the long form, which says what did (`make chaos`).
ALONE = [pytest.param(name, marks=pytest.mark.chaos) for name in ("fonts", "here", "there", "other")]


@pytest.mark.parametrize("name", ["all", *ALONE])
def test_charts_are_the_same_bytes(drawn, name):
    assert drawn("clean")["line"] != 9
    if name in ("all", "fonts"):
        assert Path(drawn(name)["font"]).name == "NotoSans-Regular.ttf"
    assert (drawn(name)["line"] == 9) is (name != "other")  # the machine is what it should be
    expected, found = charts(drawn("clean")), charts(drawn(name))
    assert expected.keys() == found.keys()
    assert [id for id in found if found[id] != expected[id]] == []


def test_charts_are_the_committed_ones(drawn):
    for id, chart in charts(drawn("clean")).items():
        if id != "fig-arabic":
            assert carrying(chart["svg"]) == (FIGURES / "2020Q3" / f"{id}.svg").read_text("utf-8"), (
                f"{id}: make figures"
            )


def test_the_committed_figures_are_what_a_build_makes(built):
    """So that `make report` leaves a fresh clone as it is."""
    made, committed = built.folder / "figures", FIGURES / "2020Q3"
    names = {p.name for p in made.iterdir()}
    assert names == {p.name for p in committed.iterdir() if p.suffix != ".png"}
    assert not any(name.endswith(".png") for name in names)
    changed = [name for name in sorted(names) if (made / name).read_bytes() != (committed / name).read_bytes()]
    assert changed == [], "run make figures and commit them"


def test_arabic_is_drawn_from_our_face_in_bold_and_italic_too(drawn):
    svg = drawn("clean")["fig-arabic"]["svg"]
    assert "LastResort" not in svg and "DejaVu" not in svg
    assert "عصبة الثائرين" in svg and "5 $ and 6 $" in svg  # text as text: not read as a formula
    carried = carrying(svg)
    assert carried.count("@font-face") >= 2 and "Naskh" in carried


def test_a_kernel_gets_nothing_of_the_environment_but_what_starts_it(monkeypatch, tmp_path):
    before = kernel_environment(tmp_path, 0)
    for name in ("PYTHONPATH", "PYTHONSTARTUP", "MATPLOTLIBRC", "XDG_DATA_HOME", "LD_PRELOAD", "VIRTUAL_ENV", *OTHER):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("HOME", "/elsewhere")
    monkeypatch.setenv("PATH", "/usr/bin")
    after = kernel_environment(tmp_path, 0)
    assert {name for name in after if after[name] != before.get(name)} == {"PATH"}
    assert "elsewhere" not in "".join(value for name, value in after.items() if name not in KEPT)


def test_a_whole_build_is_the_same_bytes_on_a_hostile_machine(tmp_path):
    """Also with another kernel of this name, another Pandoc, and start-up files."""
    make(tmp_path / "campaign")
    home = tmp_path / "home"
    fonts = machine.false_fonts(home / ".local" / "share" / "fonts").parent
    kernel = home / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    start = home / ".ipython" / "profile_default" / "startup"
    start.mkdir(parents=True)
    (start / "0.py").write_text("raise SystemExit\n")
    (home / "startup.py").write_text("raise SystemExit\n")
    templates = fonts / "pandoc" / "templates"
    templates.mkdir(parents=True)
    for kind in ("openxml", "html5", "typst"):
        (templates / f"default.{kind}").write_text("not this one")
    programs = home / "bin"
    programs.mkdir()
    (programs / "pandoc").write_text("#!/bin/sh\n[ $1 = --version ] && echo pandoc 99.9 || echo not this one\n")
    (programs / "pandoc").chmod(0o755)
    (home / "matplotlibrc").write_text(machine.HOSTILE_RC)
    hostile = {
        **OTHER,
        "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(home), "XDG_DATA_HOME": str(fonts),
        "JUPYTER_PATH": str(home / "jupyter"), "PYTHONSTARTUP": str(home / "startup.py"),
        "MATPLOTLIBRC": str(home / "matplotlibrc"), "TYPST_FONT_PATHS": str(fonts / "fonts"),
    }  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(run, HERE / "tiny_build.py", tmp_path / "one", BARE)
        two = pool.submit(
            run, HERE / "tiny_build.py", tmp_path / "two", hostile, "sh", "-c", 'umask 077; exec "$@"', "sh"
        )
        assert {"report.html", "report.pdf", "data.zip", "figures/fig-counts.svg"} <= set(one.result())
        assert two.result() == one.result()
