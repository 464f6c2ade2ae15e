"""A chart at the end of a notebook's cell is seen, in the report's own look: an Axes would only print its name."""

from __future__ import annotations

from typing import Any


def register(shell: Any) -> None:
    """Have a kernel show what it is given as an Axes; what draws is imported when there is one."""
    shell.display_formatter.formatters["image/svg+xml"].for_type_by_name("matplotlib.axes._axes", "Axes", svg)


def svg(axes: Any) -> str:
    """The whole figure of an Axes, with the letters that it needs."""
    from incident_report.present.theme import figure_svg
    from incident_report.present.typefaces import carrying

    return carrying(figure_svg(axes.figure), ready=True)
