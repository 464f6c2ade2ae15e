"""Our columns, each made from the foreign ones as a map says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from incident_report.data.importers import cells, days
from incident_report.data.importers.imported import Imported, Range
from incident_report.data.importers.map_shape import DECIDED, ORIGINAL, PEOPLE, TEXTS
from incident_report.data.importers.rules import DATE, ID, PRECISION, STATE, Rules, each
from incident_report.data.importers.sources import Sources
from incident_report.data.lookalikes import is_nothing
from incident_report.periods import Period

_EXACT = ("day", "week", "month")  # from exact to vague
_AUTHOR_AND_TARGET = ("attributed_to", "claimed_by", "claim_note", "target_name", "target_category")
_PARTS = (("us_killed", "killed"), ("us_wounded", "wounded"))
_FRACTION = re.compile(r"-?[0-9]{1,3}([.,])[0-9]+")
_NOT_WHOLE = "number of people not a whole number, such as a share of linked attacks; left unknown"


class Fields:
    """What a map makes of the rows that are kept.

    Parameters
    ----------
    frame : DataFrame
        Rows that are kept.
    whole : DataFrame
        The whole table, from which it is seen how numbers are written.
    """

    def __init__(self, frame: pd.DataFrame, doc: Mapping[str, Any], whole: pd.DataFrame, result: Imported) -> None:
        self._frame = frame
        self._doc = doc
        self._whole = whole
        self._result = result
        self._rules = Rules(frame, doc.get("free_text", ()), result)

    def fill(self) -> None:
        """Write incidents, sources and ranges of the rows into the outcome."""
        decimal = self._decimal()
        made = pd.DataFrame(index=self._frame.index)
        made["incident_id"] = (
            f"{self._doc['id']['prefix']}-" + self._frame[ID] if "prefix" in self._doc["id"] else self._frame[ID]
        )
        made["date"] = self._frame[DATE]
        made["date_precision"] = self._date_precision()
        self._ends()
        for column in TEXTS:
            if column != "country":
                made[column] = self.text(column)
        made = made.join(self._placed(decimal))
        for column in PEOPLE:
            made = made.join(self._people(column, decimal, made["incident_id"]))
        for part, whole in _PARTS:
            empty = (made[part] == "0") & (made[whole] == "")
            made[part] = made[part].mask(empty, "")  # zero of an unknown total is not a report that nobody was hurt
            self._note(f"{part} zero beside an unknown total; left unknown", int(empty.sum()))
        for column in DECIDED:
            rules = self._doc.get(column, ())
            made[column] = (
                self._rules.every(column, rules) if column == "techniques" else self._rules.first(column, rules)
            )
        made = self._opened(made)
        made = self._with_original(made)
        made["outcome"] = made["outcome"].replace("", "carried_out")
        sources = Sources(self._frame, self._doc, self._result)
        made["sources"] = sources.ids()
        several = made["sources"].str.contains(";", regex=False)
        made["confidence"] = made["confidence"].where(
            made["confidence"] != "", several.map({True: "high", False: "medium"})
        )
        names = [str(c) for c in made.columns]
        self._result.incidents = [dict(zip(names, row, strict=True)) for row in made.itertuples(index=False, name=None)]

    def text(self, column: str) -> pd.Series:
        """One of our text columns: the first of its makings that gives something."""
        made = pd.Series("", self._frame.index, dtype=object)
        for i, spec in enumerate(self._doc.get(column, ()), 1):
            one = self._one_text(spec)
            if "when" in spec:
                one = one.where(self._rules.when(column, i, spec, "taken"), "")
            made = made.where(made != "", one)
        return made

    def _one_text(self, spec: Mapping[str, Any]) -> pd.Series:
        if "value" in spec:
            return pd.Series(spec["value"], self._frame.index, dtype=object)
        unknown = cells.codes(spec.get("unknown", ()))
        named = _by_code(spec)
        endings = [e.casefold() for e in spec.get("without", ())]

        def clean(cell: str) -> str:
            if is_nothing(cell) or cells.code(cell) in unknown:
                return ""
            if named and cell:
                return str(named.get(cells.code(cell), spec.get("otherwise", cell)))
            return _without(cell, endings)

        cleaned = zip(*(each(self._frame[c], clean) for c in spec["columns"]), strict=True)
        told = (list(filter(None, row)) for row in cleaned)
        if "join" in spec:
            made = [spec["join"].join(dict.fromkeys(row)) for row in told]
        else:
            made = [next(iter(row), "") for row in told]
        return pd.Series(made, self._frame.index, dtype=object)

    def _date_precision(self) -> pd.Series:
        """The vaguer of what the date's form tells and what the map's codes say."""
        spec = self._doc["date"].get("precision", {})
        form = list(self._frame[PRECISION])
        if "column" not in spec:
            said = [spec.get("otherwise", "day")] * len(form)
        elif "rule" in spec:
            said = each(self._frame[spec["column"]], days.days_in_words)
        else:
            said = self._coded(spec, "day")
        return pd.Series([max(pair, key=_EXACT.index) for pair in zip(form, said, strict=True)], self._frame.index)

    def _coded(self, spec: Mapping[str, Any], otherwise: str) -> list[str]:
        """What codes of a column stand for; others are told."""
        named = _by_code(spec)
        column, instead = spec["column"], spec.get("otherwise", otherwise)
        for strange, n in self._frame[column].value_counts().items():
            if strange and "codes" in spec and cells.code(str(strange)) not in named:
                self._note(f"{column} is {strange!r}, which the map does not name; taken for {instead}", int(n))
        return each(self._frame[column], lambda cell: named.get(cells.code(cell), instead))

    def _ends(self) -> None:
        """Tell of events that last from one period into another."""
        spec = self._doc["date"]
        if "end" not in spec:
            return
        ends = days.read_days(self._frame[spec["end"]], spec.get("formats", [days.ISO]))
        over, unit = 0, self._result.period
        for first, last in zip(self._frame[DATE], self._frame[spec["end"]], strict=True):
            end = ends[last][0]
            begun = Period.of(date.fromisoformat(first), unit)
            over += not isinstance(end, str) and begun.around(end.day) != begun
        self._note(f"from one {unit} into another; put under its first day", over)

    def _placed(self, decimal: str) -> pd.DataFrame:
        """Coordinates and how exact they are; none, with a note, where the point is that of a larger area."""
        spec, frame = self._doc.get("coordinates", {}), self._frame
        exact = spec.get("precision", {})
        codes = frame[exact["column"]] if exact.get("column") in self._there() else None
        precision = [exact.get("otherwise", "unknown")] * len(frame)
        if codes is not None:
            precision = self._coded(exact, "unknown")
        wanted = cells.codes(spec.get("points", ()))
        area = pd.Series(False, frame.index)
        if codes is not None and wanted:
            area = pd.Series(each(codes, lambda cell: cells.code(cell) not in wanted), frame.index)
        written = self._points(spec, decimal)
        none = written.map(lambda one: one is None)
        self._note("coordinates that are no point on Earth; left out", int(none.sum()))
        self._note("placed in a larger area only, so without coordinates", int((area & written.map(bool)).sum()))
        shown = [("", "") if far or not one else one for one, far in zip(written, area, strict=True)]
        made = pd.DataFrame(shown, index=frame.index, columns=["latitude", "longitude"])
        made["coordinate_precision"] = precision if spec else ""
        return made

    def _points(self, spec: Mapping[str, Any], decimal: str) -> pd.Series:
        """Each row's point as a pair of texts: an empty one where none is given, NA where it is none on Earth."""
        frame = self._frame

        def read(cell: str) -> Any:
            if not cell.strip():
                return ()
            latitude, _, longitude = cell.partition("\n")
            swapped = spec.get("order") == "longitude first"
            if "point" in spec:
                return cells.pair(cell, decimal, swapped=swapped)
            return cells.point(latitude, longitude, decimal)

        if not spec:
            return pd.Series([()] * len(frame), frame.index)
        column = frame[spec["point"]] if "point" in spec else frame[spec["latitude"]] + "\n" + frame[spec["longitude"]]
        return pd.Series(each(column, read), frame.index, dtype=object)

    def _people(self, column: str, decimal: str, idents: pd.Series) -> pd.Series:
        """A number of people as text; its range, where the dataset gives one, goes to the outcome."""
        made = pd.Series("", self._frame.index, dtype=object, name=column)
        spans: dict[Any, tuple[int, int]] = {}
        for i, spec in enumerate(self._doc.get(column, ()), 1):
            holds = self._rules.when(column, i, spec, str(spec.get("to", "taken"))) & (made == "")
            if "to" in spec:
                made = made.mask(holds, str(spec["to"]))
                continue
            found = self._numbers(spec, decimal)
            best = pd.Series([str(f[1]) if f else "" for f in found], self._frame.index, dtype=object)
            made = made.mask(holds, best)
            for row, one, held in zip(self._frame.index, found, holds, strict=True):
                if held and one and one[0] != one[2]:
                    spans[row] = (one[0], one[2])
        self._result.ranges += [Range(idents[r], column, low, int(made[r]), high) for r, (low, high) in spans.items()]
        return made

    def _numbers(self, spec: Mapping[str, Any], decimal: str) -> list[tuple[int, int, int] | None]:
        """Least, best and most of each row; the least is taken where no best is given."""
        unknown = cells.codes(spec.get("unknown", ()))

        def read(cell: str) -> tuple[int, ...] | None:
            return () if not cell or cells.code(cell) in unknown else cells.people(cell, decimal)

        names = ("low", "best", "high")
        given = {name: each(self._frame[spec[name]], read) for name in names if name in spec}
        self._note(_NOT_WHOLE, sum(column.count(None) for column in given.values()))
        nothing = [None] * len(self._frame)
        made = list(map(_estimate, *(given.get(name, nothing) for name in names)))
        wrong = [one is not None and not one[0] <= one[1] <= one[2] for one in made]
        self._note("low, best and high estimates out of order; best kept", sum(wrong))
        return [(one[1],) * 3 if one and bad else one for one, bad in zip(made, wrong, strict=True)]

    def _opened(self, made: pd.DataFrame) -> pd.DataFrame:
        """A state's own operation has no author and no target of ours, whatever the rules say."""
        if STATE in self._frame and self._frame[STATE].any():
            for column in _AUTHOR_AND_TARGET:
                made[column] = made[column].mask(self._frame[STATE], "")
        return made

    def _with_original(self, made: pd.DataFrame) -> pd.DataFrame:
        """The codes of the dataset beside what no rule names."""
        for column, kept in ORIGINAL.items():
            spec = self._doc.get("original", {}).get(column, {})
            text = (
                self._one_text({"join": " / ", "columns": spec["columns"], **spec})
                if spec
                else pd.Series("", made.index)
            )
            other = made[column].isin(("", "other"))
            self._result.unmapped[column] = Counter(text[other])
            made[column] = made[column].mask(other, "other")
            made[kept] = text.where(other, "")
        return made

    def _decimal(self) -> str:
        """The decimal sign: as declared, or as coordinates are written."""
        if "decimal" in self._doc:
            return str(self._doc["decimal"])
        spec = self._doc.get("coordinates", {})
        columns = [self._whole[spec[k]] for k in ("latitude", "longitude") if k in spec]
        signs = Counter(m[1] for column in columns for c in column.unique() if (m := _FRACTION.fullmatch(c)))
        sign = "," if signs[","] > signs["."] else "."
        if signs:
            self._result.found.append(f"decimal {'comma' if sign == ',' else 'point'}")
        return sign

    def _there(self) -> Sequence[str]:
        """Columns of the file that hold anything."""
        return [c for c in self._whole.columns if (self._whole[c] != "").any()]

    def _note(self, text: str, count: int) -> None:
        if count:
            self._result.notes[text] += count


def _by_code(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What each code of a map stands for, by what codes are compared by."""
    return {c: to for theirs, to in spec.get("codes", {}).items() for c in cells.codes([theirs])}


def _without(cell: str, endings: Sequence[str]) -> str:
    """A cell without the first of some endings that it has, unless it is nothing else."""
    for ending in endings:
        if cell.casefold().endswith(ending) and len(cell) > len(ending):
            return cell[: -len(ending)].strip()
    return cell


def _estimate(*given: tuple[int, ...] | None) -> tuple[int, int, int] | None:
    """Least, best and most from what low, best and high say, each of them nothing, a number twice or a range."""
    told = [one for one in given if one]
    if not told:
        return None
    low, best, high = given
    least, most = (low or told[0])[0], (high or told[-1])[1]
    return least, best[0] if best else least, most
