"""A campaign's files as a public build may have them: what is restricted is not in them.

One door: a sealed run copies the folder, and what this module says takes the place of its files before
anything reads the copy. Chapters, data.zip, hashes and explorer then know nothing of what was withheld.
Doing it twice changes nothing more, so that a report can be built again from its own data.zip.

Light: a check whether a build is due asks for it, so nothing here needs pandas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

import yaml

from incident_report.data.collector import put_off
from incident_report.data.columns import Cells
from incident_report.data.folders import PACKAGE
from incident_report.data.restrictions import COLUMN, FILE, rules, unsigned
from incident_report.data.translation import as_text, differences
from incident_report.data.withhold_points import Points
from incident_report.data.withhold_routes import Routes
from incident_report.data.withhold_rows import ABOUT_CELLS, WITH, Restricted, items
from incident_report.data.withhold_secrets import Secrets
from incident_report.data.withhold_tables import Sheet, read_sheets
from incident_report.data.withhold_text import Swap, each_text, without_passages
from incident_report.errors import BuildError

_WORKING = "import/"  # rows as a foreign dataset gave them: an importer's working papers
_ADDRESSES = ("url", "archived")
_DOCUMENTS = (".yml", ".md")


@put_off()
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


@put_off()
def public_rules(files: Mapping[str, bytes]) -> bytes | None:
    """The rules as a public build would have them, where they differ: as `public_changes`, and no table is written.

    Raises
    ------
    BuildError
        As `public_changes`.
    """
    return _Pass(files).told()


class _Pass:
    """One pass over the files of one campaign."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.rules = rules(files.get(FILE), files.get(PACKAGE))
        self.sheets = read_sheets(files)
        self.routes = Routes(self.rules["routes"], self.rules["words"]["place"])
        self.secrets = Secrets(self.sheets)
        self.rows = Restricted(self.sheets, self.secrets, self.rules["words"]["source"])
        self.passages = 0

    def changes(self) -> dict[str, bytes | None]:
        """The files that differ."""
        texts = self._cleared()
        out: dict[str, bytes | None] = {n: None for n in self.files if n.startswith(_WORKING)}
        out |= {n: s.written() for n, s in self.sheets.items() if s.changed}
        out |= texts
        return {n: c for n, c in out.items() if c != self.files.get(n)}

    def told(self) -> bytes | None:
        """The rules as they were applied, where that differs."""
        own = self._cleared().get(FILE)
        return own if own != self.files.get(FILE) else None

    def _cleared(self) -> dict[str, bytes]:
        """Take away what is restricted: the files beside the tables; refused where it stands elsewhere, too."""
        self.rows.withhold()
        self._columns()
        self._coarsen()
        self._ungiven()
        documents = self._texts()
        self.rows.uncited(documents.values())
        for sheet in self.sheets.values():
            sheet.drop_column(COLUMN)
        out = documents | self._told()
        self._refuse({n: c for n, c in {**self.files, **out}.items() if not n.startswith(_WORKING)})
        return out

    def _columns(self) -> None:
        """Empty the columns that the rules name; a part goes with its total.

        Raises
        ------
        BuildError
            For a column that every row needs.
        """
        for name, reason in self.rules["columns"].items():
            table, column = name.split(".")
            emptied = (column, *WITH.get(column, ()))
            for sheet in self.rows.of(table):
                for one in emptied:
                    self._empty(sheet, one, reason)
            for other in ABOUT_CELLS if table == "incidents" else ():
                self.rows.drop(other, emptied.__contains__, "field")

    def _empty(self, sheet: Sheet, column: str, reason: str) -> None:
        if column in sheet.needed:
            message = "is needed in every row: restrict rows, or another column"
            raise BuildError(f"{FILE}: columns.{sheet.table}.{column}: {message} (the reason given is {reason!r})")
        texts = sheet.distinct(column) - {""} if column in sheet.free else ()
        self.secrets.texts += [(sheet.table, column, text) for text in texts]
        sheet.each(column, lambda _: "")

    def _coarsen(self) -> None:
        """Points and routes no finer than the rules have them."""
        Points(self.rules["coordinates"]).coarsen(self.rows.of)
        self.routes.coarsen(self.rows.of)
        self.secrets.texts += [("incidents", "place", text) for text in self.routes.finer]
        self.secrets.texts += self.routes.lost

    def _ungiven(self) -> None:
        """Details of aim and defence that evidence speaks of and no source gives."""
        said: dict[tuple[str, str], list[Cells]] = {}
        for line in (
            r for s in self.rows.of("evidence") for r in s.having(self.rules["given_by_sources"].__contains__, "field")
        ):
            said.setdefault((line.get("incident_id", ""), line["field"]), []).append(line)
        spoken = {ident for ident, _ in said}
        for sheet in self.rows.of("incidents"):
            for row in sheet.having(spoken.__contains__, "incident_id"):
                for column, values in self.rules["given_by_sources"].items():
                    left = _given(row.get(column, ""), column, values, said.get((row["incident_id"], column), []))
                    sheet.put(column, {row.at: left})

    def _texts(self) -> dict[str, bytes]:
        """Stories and documents without restricted passages, ids and persons; the tables' texts alike."""
        persons = [n for p in unsigned(self.rules) for n in (p["name"], *p.get("spelt", ()))]
        swap = Swap(self.rows.ids, persons, self.rules["words"]["person"])
        found = {n: each_text(c, swap) for n, c in self.files.items() if n.startswith("review/")}
        found |= {n: self._document(n, c, swap) for n, c in self.files.items() if n != FILE and n.endswith(_DOCUMENTS)}
        self._translations(found)
        if self.rows.ids or persons:
            self._cells(swap)
        self.secrets.texts += [(FILE, "persons", name) for name in persons]
        return found

    def _cells(self, swap: Swap) -> None:
        """Other words in every cell but those that hold an address."""
        for sheet in self.sheets.values():
            for column in {*sheet.header} - {*_ADDRESSES}:
                sheet.each(column, swap)

    def _document(self, name: str, content: bytes, swap: Swap) -> bytes:
        """A document without ids and persons, and a story without its restricted passages too."""
        text = content.decode("utf-8", "surrogateescape")
        if name.startswith("story/"):
            text, lost = without_passages(text, self.rows.ids)
            self.passages += len(lost)
            self.secrets.texts += [(name, "text", one) for one in lost]
        return swap(text).encode("utf-8", "surrogateescape")

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

    def _told(self) -> dict[str, bytes]:
        """The rules as they were applied, and how much is withheld, without what or why."""
        own = yaml.safe_load(self.files[FILE]) or {} if FILE in self.files else {}
        before = own.get("withheld", {})
        found = {
            "rows": dict(self.rows.lost + Counter(before.get("rows", {}))),
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

    def _refuse(self, out: Mapping[str, bytes]) -> None:
        """Refuse a restricted text that stands elsewhere too, and documents that tell more of a route."""
        documents = {n: c for n, c in out.items() if c and n != FILE and n.endswith(_DOCUMENTS)}
        lines = [*self.secrets.faults(out)]
        lines += [line for n, c in documents.items() for line in self.routes.faults(n, c.decode("utf-8", "replace"))]
        if lines:
            raise BuildError(*lines[:20])


def _given(text: str, column: str, values: Collection[str], found: list[Cells]) -> str:
    """A cell without the details that evidence speaks of and no source gives."""
    given = {v for r in found if r["status"] in ("stated", "contradicts") for v in items(r["value"])}
    if not found or _single(column, given):
        return text
    left = [i for i in items(text) if i not in values or i in given]
    return ";".join(left) if left != items(text) else text


def _single(column: str, given: Collection[str]) -> bool:
    """A cell that has one value and for which a source gives another stands as the coder's choice between them."""
    return column != "techniques" and bool(given)
