"""The notebooks' face: opener, analysis, charts, show, `%%prose`; no logic."""

from importlib import import_module
from types import ModuleType

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.analysis.series_facts import compare, counts, incidents
from incident_report.analysis.what_happened import (
    areas,
    around_events,
    dates,
    days,
    months,
    places,
    responsibility,
    targets,
)
from incident_report.analysis.what_next import expected, scored, stored, tested
from incident_report.data.predecessor import read_previous
from incident_report.present import charts
from incident_report.present.prose import prose, register
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.show import show
from incident_report.present.theme import show_figure, theme

# One module a chapter, loaded when it is asked for: a kernel pays only for what its chapter imports.
CHAPTERS = (
    "appendix",
    "claims",
    "findings",
    "frequency",
    "method",
    "options",
    "sophistication",
)

__all__ = [
    "CHAPTERS",
    "Column",
    "Edition",
    "Record",
    "Trace",
    "areas",
    "around_events",
    "charts",
    "compare",
    "counts",
    "dates",
    "days",
    "expected",
    "incidents",
    "months",
    "open_edition",
    "places",
    "prose",
    "read_previous",
    "responsibility",
    "scored",
    "show",
    "show_figure",
    "show_prose",
    "show_table",
    "stored",
    "targets",
    "tested",
    "theme",
]


def __getattr__(name: str) -> ModuleType:
    """`from helpers import frequency` gives `incident_report.present.frequency`."""
    if name in CHAPTERS:
        return import_module(f"incident_report.present.{name}")
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Chapters too, for completion in the notebook."""
    return sorted({*globals(), *CHAPTERS})


def _in_notebook() -> None:
    """In a kernel, `%%prose` is there as soon as this module is imported."""
    import sys

    if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()) is not None:
        register(shell)


_in_notebook()
