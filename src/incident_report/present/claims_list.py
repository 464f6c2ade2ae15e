"""The claims that the body of the report lists: those that fail, rest on the article alone, or wait for evidence."""

from __future__ import annotations

from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.present.records import Column


def doubtful(ed: Edition) -> pd.DataFrame:
    """One row a claim in doubt, below a row with its verdict; empty where none is.

    Returns
    -------
    DataFrame
        Columns claim (a `Claim`, None in a verdict's row), verdict (an id) and count (of all claims with it).
    """
    fact, last = ed.facts["claims"], ""
    rows: list[dict[str, Any]] = []
    for claim in fact.doubtful:
        verdict = claim.verdict.value
        if verdict != last:
            last = verdict
            rows.append({"claim": None, "verdict": verdict, "count": len(fact.having(verdict))})
        rows.append({"claim": claim, "verdict": verdict, "count": 0})
    return pd.DataFrame(rows, columns=["claim", "verdict", "count"]).astype(object)


def columns() -> dict[str, Column]:
    """The columns of `doubtful`."""
    return {"claim": Column("", "left", 0.56), "settle": Column("", "left", 0.44)}
