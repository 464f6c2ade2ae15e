"""What the chapter's parts share: the series followed, quarters, and how verdicts read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import main_series
from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import rubric
from incident_report.analysis.sophistication import filed
from incident_report.data.model import Series
from incident_report.periods import Quarter
from incident_report.present.change import VERDICT_LABELS
from incident_report.present.phrase import count, escape, join, number
from incident_report.present.records import Record, show_prose

SHOWN = 6  # quarters that a chart or a table holds side by side
NO_RUBRIC = "This campaign has no sophistication rubric, so attacks are not scored by one."
BASIS = "Documented incidents, not published tallies."


def chosen(ed: Edition, series: str) -> Series:
    """The series that the chapter follows: the one named, or the best documented."""
    return ed.find_series(main_series(ed, series))


def nothing(ed: Edition, record_id: str, series: str = "") -> Record | None:
    """A sentence in place of a part that has nothing to show, or None where there is something."""
    if rubric(ed) is None:
        return show_prose(record_id, NO_RUBRIC)
    one = chosen(ed, series)
    if ed.incidents(None, one.id).empty:
        return show_prose(record_id, f"No {escape(one.singular)} is documented up to {ed.quarter.words}.")
    return None


def shown(ed: Edition) -> tuple[Quarter, ...]:
    """The latest quarters with a file, ascending, as many as fit side by side."""
    return filed(ed)[-SHOWN:]


def attacks(number: int, series: Series) -> str:
    """``26 documented rocket and drone attacks``."""
    return count(number, f"documented {escape(series.singular)}", f"documented {escape(series.noun)}")


def part_of(part: int, whole: int, series: Series) -> str:
    """``24 of 26 documented rocket and drone attacks``, in figures on both sides."""
    if whole == 0:
        return f"no documented {escape(series.singular)}"
    if whole == 1:
        return f"{part or 'none'} of 1 documented {escape(series.singular)}"
    return f"{part or 'none'} of {whole} documented {escape(series.noun)}"


def names(labels: Iterable[str]) -> str:
    """Labels inside a sentence: ``weapon, coordination and scale of salvo``, escaped."""
    found = [escape(label[:1].lower() + label[1:]) for label in labels]
    double = [label for label in found if " and " in label]  # last, after a comma, so that nothing runs together
    single = [label for label in found if " and " not in label]
    if not double:
        return join(single)
    return ", and ".join([*([", ".join(single)] if single else []), *double])


def quarter_list(quarters: Iterable[Quarter]) -> str:
    """``Q1, Q2 and Q3 2020``, or with every year where the years differ."""
    found = list(quarters)
    if len({q.year for q in found}) == 1:
        return f"{join([f'Q{q.number}' for q in found])} {found[0].year}"
    return join([q.label for q in found])


def span_of(quarters: tuple[Quarter, ...]) -> str:
    """``from Q4 2019 to Q3 2020``."""
    return f"from {quarters[0].label} to {quarters[-1].label}"


def verdict(value: Verdict) -> str:
    """A verdict with its article: ``a clear rise``, ``no detectable change``."""
    words = VERDICT_LABELS[value]
    return f"a {words}" if value in (Verdict.RISE, Verdict.FALL) else words


def line(known: int) -> dict[str, Any]:
    """How an interval is drawn: dashed where it rests on fewer than ten attacks."""
    return {"linewidth": 1.4, "linestyle": "-" if known >= 10 else (0, (2, 1.2))}


def before(ed: Edition) -> str:
    """The baseline's label, for sentences that only stand where there is one."""
    return ed.baseline.label if ed.baseline else "the quarter before"


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows as named tuples, without the index."""
    return frame.itertuples(index=False)


def signed(value: float, digits: int = 2) -> str:
    """``+0.02`` or ``–0.41`` (an en dash: the fonts hold no minus sign); ``0.00`` has no sign."""
    text = number(abs(value), digits)
    if not any(c in "123456789" for c in text):
        return text
    return f"{'–' if value < 0 else '+'}{text}"
