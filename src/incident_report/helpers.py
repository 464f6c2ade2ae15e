"""The notebooks' face: opener, analysis, charts, show, `%%prose`; no logic.

Every name is imported when it is asked for, so that a kernel pays only for what its chapter uses.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from incident_report.garbage import seldom_looked_for

# Name -> module of this package that holds it.
HOMES = {
    # open
    "Edition": "analysis.edition",
    "load": "analysis.open",
    "open_edition": "present.opener",
    "read_previous": "data.predecessor",
    # questions of one's own, on any selection of rows
    "where": "analysis.selection",
    "explore": "present.explorer",
    "select": "analysis.explorer",
    "count": "analysis.public",
    "versus": "analysis.public",
    "cross": "analysis.public",
    "shares": "analysis.public",
    "around": "analysis.public_time",
    "gaps": "analysis.public_time",
    "near": "analysis.public_place",
    "evidence": "analysis.public_place",
    "what_if": "analysis.what_if",
    # the report's own
    "compare": "analysis.series_facts",
    "counts": "analysis.series_facts",
    "incidents": "analysis.series_facts",
    "facts": "analysis.catalogue",
    "replay": "analysis.result",
    # the front
    "by_area": "analysis.front",
    "chronicle": "analysis.front",
    "direction": "analysis.direction",
    "numbers": "analysis.front",
    "surprise": "analysis.surprise",
    # chapters
    "areas": "analysis.what_happened",
    "around_events": "analysis.what_happened",
    "dates": "analysis.what_happened",
    "days": "analysis.what_happened",
    "months": "analysis.months",
    "change_periods": "analysis.changepoint",
    "change_points": "analysis.changepoint",
    "exposure": "analysis.exposure",
    "places": "analysis.what_happened",
    "responsibility": "analysis.what_happened",
    "targets": "analysis.what_happened",
    "coverage_checks": "analysis.coverage",
    "curves": "analysis.curves",
    "overview": "analysis.robustness",
    "robustness": "analysis.robustness",
    "revisions": "analysis.how_we_know",
    "firsts": "analysis.techniques",
    "hurt": "analysis.casualties",
    "killed": "analysis.casualties",
    "levels": "analysis.how_dangerous",
    "reports": "analysis.techniques",
    "rubric_levels": "analysis.rubric",
    "salvos": "analysis.how_dangerous",
    "shared_days": "analysis.rubric",
    "silences": "analysis.how_dangerous",
    "techniques": "analysis.techniques",
    "toll": "analysis.casualties",
    "rubric_weights": "analysis.how_dangerous",
    "expected": "analysis.what_next",
    "scored": "analysis.what_next",
    "stored": "analysis.what_next",
    "tested": "analysis.what_next",
    "acceptability": "analysis.tradeoffs",
    "correlations": "analysis.tradeoffs",
    "disagreement": "analysis.scorecard",
    "exclusions": "analysis.reach",
    "packages": "analysis.reach",
    "reach": "analysis.reach",
    "scorecard": "analysis.scorecard",
    "to_look_at": "analysis.ageing",
    "watch_list": "analysis.scorecard",
    "claims": "analysis.claims_fact",
    "verdicts": "analysis.claims_fact",
    # show and say
    "Column": "present.records",
    "Record": "present.records",
    "Trace": "present.records",
    "bibliography": "present.records",
    "prose": "present.prose",
    "show": "present.show",
    "show_list": "present.show",
    "show_figure": "present.theme",
    "show_prose": "present.records",
    "show_table": "present.records",
    "theme": "present.theme",
}
MODULES = {
    "charts": "present.charts",
    "glance": "present.glance",
    "how_we_know": "analysis.how_we_know",
    "claims_list": "present.claims_list",
    "spread": "present.spread",
}

# One module a chapter.
CHAPTERS = ("frequency",)

__all__ = ["CHAPTERS", *HOMES, *MODULES]


def __getattr__(name: str) -> Any:
    """`from helpers import where, frequency` imports the two homes and nothing else."""
    if name in HOMES:
        return getattr(_module(HOMES[name]), name)
    if name in MODULES or name in CHAPTERS:
        return _module(MODULES.get(name, f"present.{name}"))
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")


def _module(name: str) -> Any:
    with seldom_looked_for():
        return import_module(f"incident_report.{name}")


def __dir__() -> list[str]:
    """Every name, for completion in the notebook."""
    return sorted({*__all__, *CHAPTERS})


def _in_notebook() -> None:
    """In a kernel, `%%prose` is there as soon as this module is imported, and a chart shows itself."""
    if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()) is not None:
        # As in a build's kernels. Threads of linear algebra, which nothing here gains by, wait for work by turning
        # round: a tenth of the CPU that the first chart takes.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        _module("present.prose").register(shell)
        _module("present.drawn").register(shell)


_in_notebook()
