"""A chart at the end of a cell is a picture."""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from incident_report.present import charts
from incident_report.present.drawn import register


def test_an_axes_shows_the_figure_that_it_stands_in() -> None:
    shell = InteractiveShell()
    register(shell)
    left, right = charts.canvas(1, 2)
    right.set_title("Right")
    shown, _ = shell.display_formatter.format(left)
    assert shown["image/svg+xml"].lstrip().startswith("<?xml") and ">Right</text>" in shown["image/svg+xml"]
    assert "data:font" in shown["image/svg+xml"]
