"""Rows that are restricted: what is left of them, and what other tables say of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from incident_report.data.columns import Cells
from incident_report.data.restrictions import COLUMN, PREFIX
from incident_report.data.withhold_secrets import Secrets
from incident_report.data.withhold_tables import Sheet, refers_to
from incident_report.errors import BuildError

# What a withheld incident keeps, since counts rest on it; everything else of it is unknown to the public.
KEPT = ("date", "date_precision", "target_category", "attack_method", "confidence", "outcome", "possible_double_of")
# What means nothing, or is refused, without another column: a part of a total, half of a point.
WITH = {"killed": ("us_killed",), "wounded": ("us_wounded",), "latitude": ("longitude",), "longitude": ("latitude",)}
ABOUT_CELLS = ("evidence", "corrections", "double_coding", "open_questions")  # tables whose rows speak of one cell
_SOURCE_KEPT = ("kind", "reliability")
_REPLACED = ("old", "new")  # columns of corrections that tell what stood, and stands, in a cell of an incident
_Placed = tuple[Sheet, Cells]  # a row, and the table in which it is


class Restricted:
    """The restricted rows of a campaign.

    Parameters
    ----------
    sheets : mapping of str -> Sheet
        The tables, which change.
    secrets : Secrets
        Takes what is withheld.
    word : str
        What stands for the publisher of a withheld source; ``{n}`` is its number.

    Attributes
    ----------
    ids : dict of str -> str
        Restricted incidents and sources -> what stands for them.
    lost : counter of str
        How many rows of each table are withheld.
    """

    def __init__(self, sheets: Mapping[str, Sheet], secrets: Secrets, word: str) -> None:
        self.sheets, self.secrets, self.word = sheets, secrets, word
        self.ids: dict[str, str] = {}
        self.lost: Counter[str] = Counter()
        self._alias: dict[str, str] = {}  # sources of restricted incidents -> what stands for them there

    def of(self, *tables: str) -> list[Sheet]:
        """The files of some tables."""
        return [s for _, s in sorted(self.sheets.items()) if s.table in tables]

    def withhold(self) -> None:
        """Put what counts need in place of each restricted row, or leave it out, and all that tells of it."""
        self._marks_by_correction()
        hidden = self._marked("incidents")
        self._correct(hidden)
        gone = [row for _, row in self._marked("sources")]
        self._number([row for _, row in hidden], gone)
        self._withhold_incidents(hidden)
        self._withhold_sources(gone)
        self._withhold_corrected()
        self._drop_rows()

    def drop(self, table: str, test: Callable[..., Any], *names: str) -> None:
        """Leave out the rows of a table whose cells in some columns pass a test."""
        for sheet in self.of(table):
            lost = [row.at for row in sheet.having(test, *names)]
            sheet.drop(lost)
            self.lost[table] += len(lost)

    def uncited(self, documents: Iterable[bytes]) -> None:
        """Leave out sources that only withheld rows cited."""
        if not self._alias:
            return
        text = "\n".join(c.decode("utf-8", "replace") for c in documents)
        sources = refers_to("sources", "source_id")
        cells = {cell for s in self.sheets.values() for cell in s.distinct(*s.columns(sources))}
        cited = {i for cell in cells for i in items(cell)}
        lost = {s for s in self._alias.keys() - cited if s not in text}
        for sheet in self.of("sources"):
            sheet.drop([row.at for row in sheet.having(lost.__contains__, "source_id")])

    def _marked(self, table: str) -> list[_Placed]:
        return [(s, row) for s in self.of(table) for row in s.having(bool, COLUMN)]

    def _by_id(self, wanted: Collection[str]) -> dict[str, _Placed]:
        """Those incidents of some ids that there are."""
        found = ((s, r) for s in self.of("incidents") for r in s.having(wanted.__contains__, "incident_id"))
        return {row["incident_id"]: (sheet, row) for sheet, row in found}

    def _marks_by_correction(self) -> None:
        """A correction may restrict a row; it has done its work then, and its reason goes nowhere."""
        for sheet in self.of("corrections"):
            lines = sorted(sheet.having(_is(COLUMN), "field"), key=_date)
            rows = self._by_id({line.get("incident_id", "") for line in lines})
            for line in lines:
                if line.get("incident_id") in rows:
                    there, row = rows[line["incident_id"]]
                    there.add_column(COLUMN)
                    row[COLUMN] = line.get("new", "")
            sheet.drop([line.at for line in lines])

    def _correct(self, hidden: Iterable[_Placed]) -> None:
        """Corrections of restricted incidents, whose lines go with them."""
        told = {row["incident_id"]: row for _, row in hidden}
        lines = [r for s in self.of("corrections") for r in s.having(told.__contains__, "incident_id")]
        for line in sorted(lines, key=_date):
            row = told[line["incident_id"]]
            if row.get(line["field"], "") == line.get("old", ""):
                row[line["field"]] = line.get("new", "")

    def _number(self, hidden: list[Cells], gone: list[Cells]) -> None:
        """New ids for what is withheld; those of an earlier pass are not given again."""
        first = self._first("incidents", "incident_id")
        self.ids = {r["incident_id"]: f"{PREFIX}{n}" for n, r in enumerate(hidden, first)}
        cited = [s for r in hidden for s in items(r.get("sources", ""))]
        wanted = dict.fromkeys([*(r["source_id"] for r in gone), *cited])
        self._alias = {s: f"{PREFIX}source-{n}" for n, s in enumerate(wanted, self._first("sources", "source_id"))}
        self.ids |= {r["source_id"]: self._alias[r["source_id"]] for r in gone}

    def _first(self, table: str, key: str) -> int:
        """The number of the next id, after those that an earlier pass gave."""
        given = (re.fullmatch(rf"{PREFIX}(?:source-)?(\d+)", i) for s in self.of(table) for i in s.column(key)
                 if i.startswith(PREFIX))  # fmt: skip
        return 1 + max((int(found[1]) for found in given if found), default=0)

    def _withhold_incidents(self, hidden: list[_Placed]) -> None:
        """Restricted incidents as what counts need of them, corrected; what other tables say of them goes."""
        told = {row["incident_id"] for _, row in hidden}
        for name in ABOUT_CELLS:
            self.drop(name, told.__contains__, "incident_id")
        for sheet, row in hidden:
            cited = ";".join(self._alias[s] for s in items(row.get("sources", "")))
            self.secrets.note("incidents", row, {*KEPT, "incident_id", "sources"})
            emptied = {c: "" for c in row if c not in KEPT}
            row.update(emptied | {"incident_id": self.ids[row["incident_id"]], "sources": cited})
            sheet.changed = True
        self.lost["incidents"] += len(hidden)

    def _withhold_sources(self, gone: list[Cells]) -> None:
        """A source that is restricted, or that a restricted incident cites, has a stand-in of its kind and grade."""
        for sheet in self.of("sources"):
            known = {r["source_id"]: r for r in sheet.having(self._alias.__contains__, "source_id")}
            for ident, other in self._alias.items():
                row: Mapping[str, str] = known.get(ident, {})
                word = self.word.replace("{n}", other.rpartition("-")[2])
                sheet.append({c: row.get(c, "") for c in _SOURCE_KEPT} | {"source_id": other, "publisher": word})
        for row in gone:
            self.secrets.note("sources", row, _SOURCE_KEPT)
        self.drop("sources", bool, COLUMN)

    def _withhold_corrected(self) -> None:
        """A restricted correction takes its cell with it, for else the public would read the old value.

        Raises
        ------
        BuildError
            Where the cell is one that counts rest on.
        """
        lines = self._marked("corrections")
        rows = self._by_id({line.get("incident_id", "") for _, line in lines})
        emptied: dict[str, set[str]] = {}
        for there, line in lines:
            if line.get("incident_id") not in rows:
                continue  # the loader refuses it
            sheet, row = rows[line["incident_id"]]
            column = line.get("field", "")
            if column in (*KEPT, *sheet.needed):
                why = f"cannot be withheld, since counts rest on {column} and the public would read the old value"
                raise BuildError(f"{there.at(line)}: the correction {why}; restrict the incident")
            self.secrets.texts += [("incidents", column, line[c]) for c in _REPLACED if line.get(c)]
            columns = {column, *WITH.get(column, ())} & row.keys()
            self.secrets.note("incidents", {c: row[c] for c in columns}, ())
            row.update(dict.fromkeys(columns, ""))
            sheet.changed = True
            emptied.setdefault(row["incident_id"], set()).update(columns)
        self._drop_about(emptied)

    def _drop_about(self, emptied: Mapping[str, Collection[str]]) -> None:
        """Leave out what other tables say of cells that were emptied, by incident."""

        def lost(ident: str, field: str, mark: str) -> bool:
            return not mark and field in emptied.get(ident, ())

        for name in ABOUT_CELLS if emptied else ():
            self.drop(name, lost, "incident_id", "field", COLUMN)

    def _drop_rows(self) -> None:
        """Restricted rows of other tables, and what refers to them."""
        for sheet in [s for s in self.sheets.values() if s.table not in ("incidents", "sources")]:
            lost = sheet.having(bool, COLUMN)
            for row in lost:
                self.secrets.note(sheet.table, row, _REPLACED)  # these are texts of an incident, and noted as such
            self.drop(sheet.table, bool, COLUMN)
            for key in sheet.keys if lost else ():
                self._refer(lambda ident, gone: "" if ident in gone else ident, {r.get(key, "") for r in lost},
                            refers_to(sheet.table, key))  # fmt: skip
        ids = refers_to("incidents", "incident_id"), refers_to("sources", "source_id")
        self._refer(lambda ident, known: known.get(ident, ident), self.ids, *ids)

    def _refer(self, change: Callable[[str, Any], str], given: Any, *targets: tuple[str, str]) -> None:
        """Put other ids, or none, where tables refer to some."""

        def changed(text: str) -> str:
            return ";".join(filter(None, (change(ident, given) for ident in items(text))))

        for sheet in self.sheets.values():
            for name in sheet.columns(*targets):
                sheet.each(name, changed)


def items(text: str) -> list[str]:
    """The items of a list."""
    return [i.strip() for i in text.split(";") if i.strip()]


def _is(wanted: str) -> Callable[[str], bool]:
    return lambda text: text == wanted


def _date(row: Cells) -> str:
    return str(row.get("date", ""))
