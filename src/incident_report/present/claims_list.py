"""The claims in doubt, in body and annex: those that fail, rest on the article alone, or wait for evidence."""

from __future__ import annotations

from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.present.records import Column


def by_verdict(ed: Edition) -> pd.DataFrame:
    """One row a verdict that leaves claims in doubt, for the body.

    Returns
    -------
    DataFrame
        Columns verdict (an id), claims (a tuple of `Claim`) and count (of all claims with the verdict, those that
        no evidence could settle included).
    """
    fact = ed.facts["claims"]
    found = dict.fromkeys(c.verdict.value for c in fact.doubtful)
    rows = [(v, tuple(c for c in fact.doubtful if c.verdict.value == v), len(fact.having(v))) for v in found]
    return pd.DataFrame(rows, columns=["verdict", "claims", "count"]).astype(object)


def named_columns() -> dict[str, Column]:
    """The columns of `by_verdict`."""
    return {"verdict": Column("", "left", 0.24), "claims": Column("", "left", 0.76)}


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
