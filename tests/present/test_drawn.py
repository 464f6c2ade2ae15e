"""A chart at the end of a cell is a picture."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from incident_report.present import charts, typefaces
from incident_report.present.drawn import register, svg


def test_an_axes_shows_the_figure_that_it_stands_in() -> None:
    shell = InteractiveShell()
    register(shell)
    left, right = charts.canvas(1, 2)
    right.set_title("Right")
    shown, _ = shell.display_formatter.format(left)
    assert shown["image/svg+xml"].lstrip().startswith("<?xml") and ">Right</text>" in shown["image/svg+xml"]
    assert "data:font" in shown["image/svg+xml"]


@pytest.mark.parametrize(("text", "more"), [("Attacks – Baʿqūba, 90 %", 0), ("Brașov", 2), ("بغداد", 1)])
def test_letters_are_cut_only_where_the_ready_faces_lack_them(
    text: str, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut, asked = typefaces._cut, []
    monkeypatch.setattr(typefaces, "_cut", lambda *given: asked.append(given) or cut(*given))
    [ax] = charts.canvas()
    ax.set_title(text, weight="bold")
    shown = svg(ax)
    assert len(asked) == more
    assert shown.count("unicode-range") == more
    assert shown.count("font/woff2") == 2  # regular and, for the title, bold


@pytest.mark.parametrize("own", ["", "3"])
def test_a_kernel_takes_one_thread_of_linear_algebra_where_nobody_says_otherwise(own: str) -> None:
    code = (
        "import os; from IPython.core.interactiveshell import InteractiveShell as S; S.instance(); import helpers; "
        "print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    env = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"} | (
        {"OPENBLAS_NUM_THREADS": own} if own else {}
    )
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == (own or "1")
