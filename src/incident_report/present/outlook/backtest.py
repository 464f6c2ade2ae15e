"""How the model would have done on past quarters."""

from __future__ import annotations

import pandas as pd

from incident_report.analysis.backtest import Case, back_test, hit_rates
from incident_report.analysis.counts import BASES
from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import MAIN, MODELS
from incident_report.analysis.predictive import AVERAGED, LEVELS
from incident_report.present.change import basis_name
from incident_report.present.outlook.common import MODEL_WORDS, source
from incident_report.present.phrase import count, escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_FUNCTION = "incident_report.analysis.backtest.back_test"


def _all(ed: Edition, half_life: float) -> dict[str, tuple[Case, ...]]:
    return {basis: made for basis in BASES if (made := back_test(ed, basis, half_life))}


def backtest_table(ed: Edition, half_life: float = AVERAGED) -> Record | None:
    """Hit rates of the 50, 80 and 95% ranges, per basis and model."""
    found = _all(ed, half_life)
    if not found:
        return None
    rows, csv = [], []
    for basis, made in found.items():
        for model in MODELS:
            rates = hit_rates(c for c in made if c.model == model)
            rows.append(
                {
                    "basis": sentence([basis_name(ed, basis)]),
                    "model": sentence([MODEL_WORDS[model]]),
                    "n": number(rates[0].cases),
                    **{f"h{r.level}": f"{r.hits} ({r.expected:.1f})" for r in rates},
                }
            )
            csv += [
                {"basis": basis, "model": model, "level": r.level, "cases": r.cases, "hits": r.hits,
                 "expected": r.expected, "rate_low": r.low, "rate_high": r.high}
                for r in rates
            ]  # fmt: skip
    data = pd.DataFrame(rows)
    data.loc[data["basis"].eq(data["basis"].shift()), "basis"] = ""
    return show_table(
        data,
        id="tab-backtest",
        title=_title(found),
        columns={
            "basis": Column("Kind of count", width=0.2),
            "model": Column("Model", width=0.18),
            "n": Column("Predictions", "right", 0.12),
            **{f"h{level}": Column(f"In the {level}% range", "right", 0.12) for level in LEVELS},
        },
        caption="Each past quarter is predicted from those before it, as they are known now. In brackets the hits that"
        " the model itself expected: ranges of whole numbers hold a little more than their level.",
        source=" ".join(source(ed, b) for b in found),
        csv=pd.DataFrame(csv),
        trace=[Trace(_FUNCTION, {"basis": b}, _rows(m), str(len(m))) for b, m in found.items()],
    )


def cases_table(ed: Edition, half_life: float = AVERAGED) -> Record | None:
    """Every back-tested prediction of the main model beside what came."""
    made = [c for cases in _all(ed, half_life).values() for c in cases if c.model == MAIN]
    if not made:
        return None
    data = pd.DataFrame(
        [
            {
                "basis": sentence([basis_name(ed, c.basis)]),
                "series": ed.find_series(c.series).label,
                "quarter": c.observed.label,
                "past": number(c.past_quarters),
                **{f"r{level}": f"{number(c.range(level)[0])}–{number(c.range(level)[1])}" for level in LEVELS},
                "observed": number(c.observed.count or 0) + ("*" if c.observed.partial else ""),
                "fell": _fell(c),
            }
            for c in made
        ]
    )
    plain = data.copy()
    same = data[["basis", "series"]].eq(data[["basis", "series"]].shift())
    data.loc[same["basis"] & same["series"], "series"] = ""
    data.loc[same["basis"], "basis"] = ""
    partial = any(c.observed.partial for c in made)
    return show_table(
        data,
        id="tab-backtest-cases",
        web_only=True,
        title="Each past quarter predicted from those before it, and what came",
        columns={
            "basis": Column("Kind of count", width=0.16),
            "series": Column("Series", width=0.17),
            "quarter": Column("Quarter", width=0.1),
            "past": Column("Quarters before", "right", 0.09),
            **{f"r{level}": Column(f"{level}% range", "right", 0.1) for level in LEVELS},
            "observed": Column("Count", "right", 0.08),
            "fell": Column("Fell", width=0.14),
        },
        caption="Gamma-Poisson model.",
        notes=["\\* Covers fewer days than the quarter has; the ranges are for the days covered."] if partial else [],
        source=" ".join(source(ed, b) for b in _all(ed, half_life)),
        csv=plain,
        trace=[
            Trace(_FUNCTION, {"series": c.series, "basis": c.basis, "quarter": c.observed.period}, c.observed.rows,
                  str(c.observed.count))
            for c in made
        ],
    )  # fmt: skip


def backtest_text(ed: Edition, half_life: float = AVERAGED) -> Record:
    """What the back-test shows, and how little that proves."""
    found = _all(ed, half_life)
    if not found:
        return show_prose(
            "txt-backtest",
            "A back-test needs counts of two quarters at least; there is nothing yet to hold the model against.",
        )
    clauses, most = [], 0
    for basis, made in found.items():
        main = [c for c in made if c.model == MAIN]
        rates = hit_rates(main)
        most = max(most, len({c.observed.period for c in main}))
        hits = [f"{r.hits} inside the {r.level}% range" for r in rates]
        clauses.append(
            f"Of {count(len(main), 'prediction', 'predictions')} for {escape(basis_name(ed, basis))}, the gamma-Poisson"
            f" model has {join(hits)}."
        )
    cases = [c for made in found.values() for c in made if c.model == MAIN]
    rate = hit_rates(cases)[-1]
    quarters = count(most, "quarter", "quarters")
    little = ""
    if most < 12:
        little = f" This rests on {quarters} and proves little"
        if len(cases) >= 10:
            little += (
                ": hits like these would not surprise if the 95% range really caught anything from"
                f" {100 * rate.low:.0f}% to {100 * rate.high:.0f}% of counts, and the predictions share quarters,"
                " so even that is too sure"
            )
        little += "."
    surprise = _surprise(ed, cases)
    return show_prose(
        "txt-backtest",
        " ".join(clauses) + little + surprise,
        role="observation",
        trace=[Trace(_FUNCTION, {"basis": b}, _rows(m), str(len(m))) for b, m in found.items()],
    )


def _surprise(ed: Edition, cases: list[Case]) -> str:
    """Names the misses that no range caught: they tell more than the rate."""
    missed = [c for c in cases if c.narrowest is None]
    if not missed:
        return ""
    items = [
        f"{escape(ed.find_series(c.series).noun)} in {c.observed.label} ({number(c.observed.count or 0)} against"
        f" {number(c.range(95)[0])} to {number(c.range(95)[1])}, {escape(basis_name(ed, c.basis))})"
        for c in missed[:6]
    ]
    more = len(missed) - len(items)
    tail = f", and {count(more, 'other', 'others')}" if more else ""
    return f" Outside every range fell {join(items) if not tail else ', '.join(items)}{tail}."


def _fell(c: Case) -> str:
    if c.narrowest is not None:
        return f"Inside {c.narrowest}%"
    return "Above all" if (c.observed.count or 0) > c.range(max(LEVELS))[1] else "Below all"


def _rows(made: tuple[Case, ...]) -> list[str]:
    return sorted({r for c in made for r in c.observed.rows})


def _title(found: dict[str, tuple[Case, ...]]) -> str:
    main = [c for made in found.values() for c in made if c.model == MAIN]
    rates = hit_rates(main)
    noun = "prediction" if len(main) == 1 else "predictions"
    return f"{rates[-1].hits} of {len(main)} past {noun} fell inside the gamma-Poisson model's 95% range"
