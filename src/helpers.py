"""The notebooks' face: what a chapter needs, and no logic."""

from importlib import import_module
from types import ModuleType

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.data.predecessor import read_previous
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import show_figure, theme

# One module a chapter, loaded when it is asked for: a kernel pays only for what its chapter imports.
CHAPTERS = (
    "appendix",
    "claims",
    "findings",
    "frequency",
    "method",
    "options",
    "outlook",
    "sophistication",
)

__all__ = [
    "CHAPTERS",
    "Column",
    "Edition",
    "Record",
    "Trace",
    "open_edition",
    "read_previous",
    "show_figure",
    "show_prose",
    "show_table",
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
