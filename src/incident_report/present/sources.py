"""How a source is called where it is cited: by outlet and day, in the edition's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import remembered
from incident_report.data.model import as_written
from incident_report.present.words import words_of


@remembered
def source_names(ed: Edition) -> Mapping[str, tuple[str, str, str]]:
    """Outlet, day (empty where unknown) and address of every source by its id."""
    rows, locale = as_written(ed.data.sources).to_dict("records"), words_of(ed).locale
    return {str(r["source_id"]): (str(r["publisher"]), _day(str(r["published"]), locale), str(r["url"])) for r in rows}


def name_of(source: tuple[str, str, str]) -> str:
    """A source of `source_names` in one text: ``Rudaw, 28 July 2020``."""
    return ", ".join(filter(None, source[:2]))


def _day(text: str, locale: Any) -> str:
    """``2020-07-05``, ``2020-07`` or ``2020`` in words."""
    patterns = {10: "d MMMM y", 7: "MMMM y"}
    return (
        format_date(date.fromisoformat(f"{text}-01"[:10]), patterns[len(text)], locale=locale)
        if len(text) in patterns
        else text
    )
