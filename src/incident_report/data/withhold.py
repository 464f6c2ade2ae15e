"""A campaign's files as a public build may have them: what is restricted is not in them.

One door: a sealed run copies the folder, and what this module says takes the place of its files before
anything reads the copy. Chapters, data.zip, hashes and explorer then know nothing of what was withheld.
Doing it twice changes nothing more, so that a report can be built again from its own data.zip.

Light: a check whether a build is due asks for it, so nothing here needs pandas.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml

from incident_report.data.folders import PACKAGE
from incident_report.data.restrictions import COLUMN, FILE, PREFIX, rules, unsigned
from incident_report.data.translation import as_text, differences
from incident_report.data.withhold_points import Points
from incident_report.data.withhold_routes import Routes
from incident_report.data.withhold_secrets import Secrets
from incident_report.data.withhold_tables import Cells, Sheet, read_sheets, refers_to
from incident_report.data.withhold_text import Swap, each_text, without_passages
from incident_report.errors import BuildError

# What a withheld incident keeps, since counts rest on it; everything else of it is unknown to the public.
KEPT = ("date", "date_precision", "target_category", "attack_method", "confidence", "outcome", "possible_double_of")
_SOURCE_KEPT = ("kind", "reliability")
_ABOUT_CELLS = ("evidence", "corrections", "double_coding", "open_questions")  # tables whose rows speak of one cell
_REPLACED = ("old", "new")  # columns of corrections that tell what stood, and stands, in a cell of an incident
_WORKING = "import/"  # rows as a foreign dataset gave them: an importer's working papers
_ADDRESSES = ("url", "archived")
# What means nothing, or is refused, without another column: a part of a total, half of a point.
_WITH = {"killed": ("us_killed",), "wounded": ("us_wounded",), "latitude": ("longitude",), "longitude": ("latitude",)}


def public_changes(files: Mapping[str, bytes]) -> dict[str, bytes | None]:
    """What differs between a campaign's files and those that a public build may read.

    Parameters
    ----------
    files : mapping of path -> bytes
        Of the campaign folder, every ordinary file.

    Returns
    -------
    dict of path -> bytes or None
        New contents; None for a file that is left out. Empty where nothing is restricted or too fine.

    Raises
    ------
    BuildError
        For rules that cannot be read or carried out, and where a restricted text also stands elsewhere.

    Examples
    --------
    >>> public_changes({"note.txt": b"..."})
    {}
    """
    return _Pass(files).changes()


class _Pass:
    """One pass over the files of one campaign."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.rules = rules(files.get(FILE), files.get(PACKAGE))
        self.sheets = read_sheets(files)
        self.routes = Routes(self.rules["routes"], self.rules["words"]["place"])
        self.secrets = Secrets(self.sheets)
        self.ids: dict[str, str] = {}  # restricted incidents and sources -> what stands for them
        self.alias: dict[str, str] = {}  # sources of restricted incidents -> what stands for them there
        self.rows: dict[str, int] = {}
        self.passages = 0

    def changes(self) -> dict[str, bytes | None]:
        """The files that differ."""
        self._marks_by_correction()
        hidden = [row for row in self._of("incidents") if row.get(COLUMN)]
        gone = [row for row in self._of("sources") if row.get(COLUMN)]
        self._number(hidden, gone)
        self._withhold_incidents(hidden)
        self._withhold_sources(gone)
        self._withhold_corrected()
        self._drop_rows()
        self._columns()
        self._coarsen()
        self._ungiven()
        documents = self._texts()
        self._uncited(documents)
        for sheet in self.sheets.values():
            sheet.drop_column(COLUMN)
        out: dict[str, bytes | None] = {n: None for n in self.files if n.startswith(_WORKING)}
        out |= {n: s.written() for n, s in self.sheets.items() if s.changed}
        out |= {n: c for n, c in documents.items() if c != self.files[n]}
        out |= self._told()
        self._refuse({**self.files, **out})
        return {n: c for n, c in out.items() if c != self.files.get(n)}

    def _of(self, table: str) -> Iterator[Cells]:
        for sheet in self._sheets(table):
            yield from sheet.rows

    def _sheets(self, *tables: str) -> list[Sheet]:
        return [s for _, s in sorted(self.sheets.items()) if s.table in tables]

    def _number(self, hidden: list[Cells], gone: list[Cells]) -> None:
        """New ids for what is withheld; those of an earlier pass are not given again."""
        first = 1 + max((_number(r.get("incident_id", "")) for r in self._of("incidents")), default=0)
        self.ids = {r["incident_id"]: f"{PREFIX}{n}" for n, r in enumerate(hidden, first)}
        cited = [s for r in hidden for s in _items(r.get("sources", ""))]
        wanted = dict.fromkeys([*(r["source_id"] for r in gone), *cited])
        first = 1 + max((_number(r.get("source_id", "")) for r in self._of("sources")), default=0)
        self.alias = {s: f"{PREFIX}source-{n}" for n, s in enumerate(wanted, first)}
        self.ids |= {r["source_id"]: self.alias[r["source_id"]] for r in gone}

    def _marks_by_correction(self) -> None:
        """A correction may restrict a row; it has done its work then, and its reason goes nowhere."""
        rows = {r["incident_id"]: r for r in self._of("incidents")}
        for sheet in self._sheets("corrections"):
            for line in sorted(sheet.rows, key=lambda r: r.get("date", "")):
                if line.get("field") == COLUMN and line.get("incident_id") in rows:
                    rows[line["incident_id"]][COLUMN] = line.get("new", "")
            sheet.keep(lambda r: r.get("field") != COLUMN)
        for sheet in self._sheets("incidents"):
            sheet.header += [COLUMN] if any(COLUMN in r for r in sheet.rows) and COLUMN not in sheet.header else []

    def _withhold_incidents(self, hidden: list[Cells]) -> None:
        """Restricted incidents as what counts need of them, corrected; what other tables say of them goes."""
        told = {r["incident_id"]: r for r in hidden}
        for line in sorted(self._of("corrections"), key=lambda r: r.get("date", "")):
            if (row := told.get(line.get("incident_id", ""))) and row.get(line["field"], "") == line.get("old", ""):
                row[line["field"]] = line.get("new", "")
        for name in _ABOUT_CELLS:
            self._drop(name, lambda r: r.get("incident_id") in told)
        for row in hidden:
            cited = ";".join(self.alias[s] for s in _items(row.get("sources", "")))
            self.secrets.note("incidents", row, {*KEPT, "incident_id", "sources"})
            old = row["incident_id"]
            row.update({c: "" for c in row if c not in KEPT}, incident_id=self.ids[old], sources=cited)
        for sheet in self._sheets("incidents"):
            sheet.changed |= any(r in hidden for r in sheet.rows)
        if hidden:
            self.rows["incidents"] = len(hidden)

    def _withhold_sources(self, gone: list[Cells]) -> None:
        """A source that is restricted, or that a restricted incident cites, has a stand-in of its kind and grade."""
        for sheet in self._sheets("sources"):
            known = {r["source_id"]: r for r in sheet.rows}
            for ident, other in self.alias.items():
                row = known.get(ident, {})
                stand_in = dict.fromkeys(sheet.header, "") | {c: row.get(c, "") for c in _SOURCE_KEPT}
                word = self.rules["words"]["source"].replace("{n}", other.rpartition("-")[2])
                sheet.rows.append({**stand_in, "source_id": other, "publisher": word})
                sheet.changed = True
        for row in gone:
            self.secrets.note("sources", row, _SOURCE_KEPT)
        self._drop("sources", lambda r: bool(r.get(COLUMN)))

    def _withhold_corrected(self) -> None:
        """A restricted correction takes its cell with it, for else the public would read the old value.

        Raises
        ------
        BuildError
            Where the cell is one that counts rest on.
        """
        rows = {r["incident_id"]: (s, r) for s in self._sheets("incidents") for r in s.rows}
        for there, line in [(s, r) for s in self._sheets("corrections") for r in s.rows if r.get(COLUMN)]:
            column = line.get("field", "")
            if line.get("incident_id") not in rows:
                continue  # the loader refuses it
            sheet, row = rows[line["incident_id"]]
            if column in (*KEPT, *sheet.needed):
                why = f"cannot be withheld, since counts rest on {column} and the public would read the old value"
                raise BuildError(f"{there.at(line)}: the correction {why}; restrict the incident")
            self.secrets.texts += [("incidents", column, line[c]) for c in _REPLACED if line.get(c)]
            self._empty_cells(sheet, row, {column, *_WITH.get(column, ())} & row.keys())

    def _empty_cells(self, sheet: Sheet, row: Cells, columns: Collection[str]) -> None:
        """Empty cells of an incident, and leave out what other tables say of them."""
        self.secrets.note("incidents", {c: row[c] for c in columns}, ())
        row.update(dict.fromkeys(columns, ""))
        sheet.changed = True
        for name in _ABOUT_CELLS:
            self._drop(
                name,
                lambda r: (
                    not r.get(COLUMN) and r.get("incident_id") == row["incident_id"] and r.get("field") in columns
                ),
            )

    def _drop_rows(self) -> None:
        """Restricted rows of other tables, and what refers to them."""
        for sheet in [s for s in self.sheets.values() if s.table not in ("incidents", "sources")]:
            lost = [r for r in sheet.rows if r.get(COLUMN)]
            for row in lost:
                self.secrets.note(sheet.table, row, _REPLACED)  # these are texts of an incident, and noted as such
            self._drop(sheet.table, lambda r: bool(r.get(COLUMN)))
            for key in sheet.keys if lost else ():
                self._forget(sheet.table, key, {r.get(key, "") for r in lost})
        for sheet in self.sheets.values():
            for name in sheet.columns(refers_to("incidents", "incident_id"), refers_to("sources", "source_id")):
                sheet.each(name, lambda text: ";".join(self.ids.get(i, i) for i in _items(text)) if text else text)

    def _drop(self, table: str, lost: Any) -> None:
        for sheet in self._sheets(table):
            before = len(sheet.rows)
            sheet.keep(lambda r: not lost(r))
            if before != len(sheet.rows):
                self.rows[table] = self.rows.get(table, 0) + before - len(sheet.rows)

    def _forget(self, table: str, key: str, lost: Collection[str]) -> None:
        """Take ids away where they are referred to."""
        for sheet in self.sheets.values():
            for name in sheet.columns(refers_to(table, key)):
                sheet.each(name, lambda text: ";".join(i for i in _items(text) if i not in lost) if text else text)

    def _columns(self) -> None:
        """Empty the columns that the rules name; a part goes with its total.

        Raises
        ------
        BuildError
            For a column that every row needs.
        """
        for name, reason in self.rules["columns"].items():
            table, column = name.split(".")
            for one in (column, *_WITH.get(column, ())):
                for sheet in self._sheets(table):
                    self._empty(sheet, one, reason)
                for other in _ABOUT_CELLS if table == "incidents" else ():
                    self._drop(other, lambda r, one=one: r.get("field") == one)

    def _empty(self, sheet: Sheet, column: str, reason: str) -> None:
        if column in sheet.needed:
            message = "is needed in every row: restrict rows, or another column"
            raise BuildError(f"{FILE}: columns.{sheet.table}.{column}: {message} (the reason given is {reason!r})")
        texts = {r[column] for r in sheet.rows if r.get(column)}
        self.secrets.texts += [(sheet.table, column, text) for text in texts if column in sheet.free]
        sheet.each(column, lambda _: "")

    def _coarsen(self) -> None:
        """Points and routes no finer than the rules have them."""
        Points(self.rules["coordinates"]).coarsen(self._sheets)
        self.routes.coarsen(self._sheets)
        self.secrets.texts += [("incidents", "place", text) for text in self.routes.finer]
        self.secrets.texts += self.routes.lost

    def _ungiven(self) -> None:
        """Details of aim and defence that evidence speaks of and no source gives."""
        said: dict[tuple[str, str], list[Cells]] = {}
        for row in self._of("evidence"):
            said.setdefault((row.get("incident_id", ""), row.get("field", "")), []).append(row)
        for sheet in self._sheets("incidents"):
            for row in sheet.rows:
                for column, values in self.rules["given_by_sources"].items():
                    found = said.get((row["incident_id"], column), [])
                    given = {v for r in found if r["status"] in ("stated", "contradicts") for v in _items(r["value"])}
                    items = _items(row.get(column, ""))
                    left = [i for i in items if i not in values or i in given or not found or _single(column, given)]
                    if left != items:
                        row[column] = ";".join(left)
                        sheet.changed = True

    def _texts(self) -> dict[str, bytes]:
        """Stories and documents without restricted passages, ids and persons; the tables' texts alike."""
        persons = [n for p in unsigned(self.rules) for n in (p["name"], *p.get("spelt", ()))]
        swap = Swap(self.ids, persons, self.rules["words"]["person"])
        found = {}
        for name, content in self.files.items():
            if name.startswith("review/"):
                found[name] = each_text(content, swap)
            if name == FILE or not name.endswith((".yml", ".md")):
                continue
            text = content.decode("utf-8", "surrogateescape")
            if name.startswith("story/"):
                text, lost = without_passages(text, self.ids)
                self.passages += len(lost)
                self.secrets.texts += [(name, "text", one) for one in lost]
            found[name] = swap(text).encode("utf-8", "surrogateescape")
        self._translations(found)
        for sheet in self.sheets.values() if self.ids or persons else ():
            for column in sheet.header:
                if column not in _ADDRESSES:
                    sheet.each(column, swap)
        self.secrets.texts += [(FILE, "persons", name) for name in persons]
        return found

    def _translations(self, found: Mapping[str, bytes]) -> None:
        """Refuse a story and a translation in which not the same is restricted: it would go out in one of them."""
        lost = self.secrets.files()
        lines = []
        for name in found:
            told = re.sub(r"\.[a-z]{2}\.md$", ".md", name)
            if told != name and told in found and lost & {told, name}:
                wrong = differences(as_text(self.files[told]), as_text(self.files[name]))
                wrong = wrong or differences(as_text(found[told]), as_text(found[name]))
                lines += [f"{name}: {line}; what is restricted could go out in one of the two" for line in wrong]
        if lines:
            raise BuildError(*lines)

    def _uncited(self, documents: Mapping[str, bytes]) -> None:
        """Leave out sources that only withheld rows cited."""
        if not self.alias:
            return
        text = "\n".join(c.decode("utf-8", "replace") for c in documents.values())
        cited = {i for s in self.sheets.values() for c in s.columns(refers_to("sources", "source_id")) for r in s.rows
                 for i in _items(r.get(c, ""))}  # fmt: skip
        lost = {s for s in self.alias if s not in cited and s not in text}
        for sheet in self._sheets("sources"):
            sheet.keep(lambda r: r["source_id"] not in lost)

    def _told(self) -> dict[str, bytes]:
        """The rules as they were applied, and how much is withheld, without what or why."""
        own = yaml.safe_load(self.files[FILE]) or {} if FILE in self.files else {}
        before = own.get("withheld", {})
        rows = {t: self.rows.get(t, 0) + before.get("rows", {}).get(t, 0)
                for t in {*self.rows, *before.get("rows", {})}}  # fmt: skip
        found = {
            "rows": rows,
            "columns": sorted({*self.rules["columns"], *before.get("columns", ())}),
            "persons": len(unsigned(self.rules)) + before.get("persons", 0),
            "passages": self.passages + before.get("passages", 0),
            "places": self.routes.count + before.get("places", 0),
        }
        if not own and not any(found.values()):
            return {}
        kept = {k: v for k, v in own.items() if k not in ("columns", "persons", "withheld")}
        told = {**kept, "withheld": {k: v for k, v in found.items() if v}}
        return {FILE: yaml.safe_dump(told, allow_unicode=True, sort_keys=True).encode()}

    def _refuse(self, out: Mapping[str, bytes | None]) -> None:
        """Refuse a restricted text that stands elsewhere too, and documents that tell more of a route."""
        documents = {n: c for n, c in out.items() if c and n != FILE and n.endswith((".yml", ".md"))}
        lines = [*self.secrets.faults(out)]
        lines += [line for n, c in documents.items() for line in self.routes.faults(n, c.decode("utf-8", "replace"))]
        if lines:
            raise BuildError(*lines[:20])


def _single(column: str, given: Collection[str]) -> bool:
    """A cell that has one value and for which a source gives another stands as the coder's choice between them."""
    return column != "techniques" and bool(given)


def _items(text: str) -> list[str]:
    return [i.strip() for i in text.split(";") if i.strip()]


def _number(ident: str) -> int:
    """The number of an id that an earlier pass gave; 0 for any other."""
    found = re.fullmatch(rf"{PREFIX}(?:source-)?(\d+)", ident)
    return int(found[1]) if found else 0
