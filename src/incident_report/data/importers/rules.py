"""What the rules of a map decide, row by row, and what words had to do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from incident_report.data.importers.imported import Imported, Review
from incident_report.data.importers.table import LINE
from incident_report.data.importers.words import (
    answer,
    by_words_alone,
    find_words,
    unless_words,
    without_words,
    words_in,
)

# Columns that are added to a frame: id, day, its precision, whether it is a state force's own operation. No column of a
# file begins with a space.
ID, DATE, PRECISION, STATE = " id", " date", " precision", " state"


class Rules:
    """The conditions of a map over a table.

    A rule that only words in free text fulfil decides nothing: what it would give is proposed. One that words and
    another column fulfil together decides, and the row is listed.

    Parameters
    ----------
    frame : DataFrame
        With `LINE` and `ID`.
    free : sequence of str
        Columns of free text.
    result : Imported
        Takes what is to be reviewed.
    """

    def __init__(self, frame: pd.DataFrame, free: Sequence[str], result: Imported) -> None:
        self.frame = frame
        self._free = free
        self._result = result

    def first(self, column: str, rules: Sequence[Mapping[str, Any]], to: str = "to") -> pd.Series:
        """What the first rule that holds says of each row, else nothing."""
        made = pd.Series("", self.frame.index, dtype=object)
        proposed: dict[Any, Review] = {}
        for i, rule in enumerate(rules, 1):
            holds, given, open_ = self._holds(rule["when"], made == "")
            self._result.review += self._look(column, i, rule, to, given, "given")
            looked = self._look(column, i, rule, to, open_, "proposed")
            for row, review in zip(self.frame.index[open_], looked, strict=True):
                proposed.setdefault(row, review)
            made[holds] = str(rule[to])
        self._result.review += [r for row, r in proposed.items() if made[row] == ""]
        return made

    def every(self, column: str, rules: Sequence[Mapping[str, Any]]) -> pd.Series:
        """What all rules that hold say of each row, separated by semicolons."""
        said: dict[str, pd.Series] = {}
        for i, rule in enumerate(rules, 1):
            holds, given, open_ = self._holds(rule["when"])
            self._result.review += self._look(column, i, rule, "to", given, "given")
            self._result.review += self._look(column, i, rule, "to", open_, "proposed")
            said[rule["to"]] = said.get(rule["to"], False) | holds
        made = pd.Series("", self.frame.index, dtype=object)
        for value, holds in said.items():
            made = made.mask(holds, made.where(made == "", made + ";") + value)
        return made

    def when(self, column: str, number: int, spec: Mapping[str, Any], value: str) -> pd.Series:
        """Where a condition beside a value holds; everywhere without one."""
        if "when" not in spec:
            return pd.Series(True, self.frame.index)
        holds, given, open_ = self._holds(spec["when"])
        rule = {"when": spec["when"], "to": value}
        self._result.review += self._look(column, number, rule, "to", given, "given")
        self._result.review += self._look(column, number, rule, "to", open_, "proposed")
        return holds

    def _holds(self, when: Any, among: pd.Series | None = None) -> tuple[pd.Series, pd.Series, pd.Series]:
        """Where a condition decides; where words were needed for that; where words alone would have decided."""
        frame = self.frame if among is None else self.frame[among]
        nowhere = pd.Series(False, self.frame.index)
        if not words_in(when, self._free):
            return nowhere | answer(frame, when).reindex(self.frame.index, fill_value=False), nowhere, nowhere
        some = frame[answer(frame, when, unless_words(self._free))]
        some = some[answer(some, when)]
        worded = ~answer(some, when, without_words(self._free))
        alone = worded & answer(some, when, by_words_alone(self._free))
        found = [one.reindex(self.frame.index, fill_value=False) for one in (~alone, worded & ~alone, alone)]
        return found[0], found[1], found[2]

    def _look(
        self, column: str, number: int, rule: Mapping[str, Any], to: str, where: pd.Series, standing: str
    ) -> list[Review]:
        if not where.any():
            return []
        rows, tests, made = self.frame[where], words_in(rule["when"], self._free), []
        cells = zip(*(rows[c] for c, _ in tests), strict=True)
        for line, ident, texts in zip(rows[LINE], rows[ID], cells, strict=True):
            hits = [(c, find_words(text, words)) for (c, words), text in zip(tests, texts, strict=True)]
            fields = "; ".join(dict.fromkeys(c for c, w in hits if w))
            words = "; ".join(dict.fromkeys(w for _, found in hits for w in found))
            made.append(Review(int(line), ident, f"{column} {number}", fields, words, str(rule[to]), standing))
        return made


def each(column: pd.Series, read: Callable[[str], Any]) -> list[Any]:
    """What each cell gives, every distinct cell read once."""
    seen = {cell: read(cell) for cell in column.unique()}
    return [seen[cell] for cell in column]
