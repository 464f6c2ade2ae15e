"""Attacks on what moves along a road: where, no finer than a highway that the rules name or the governorate.

A cell that holds a place is told coarsely. A sentence about such an attack that has a name of a place on a route, or
a word such as *bridge* or *kilometre*, is withheld, and says so.
A story that has one is refused, for its author to mend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import yaml

from incident_report.data.withhold_points import TOLD, says_nothing, targets
from incident_report.data.withhold_tables import Cells, Sheet
from incident_report.data.withhold_text import passages

Sheets = Callable[..., list[Sheet]]
_PLACE, _SITE, _AREA = "place", "site_id", "governorate"
_AUTHORS = ("attributed_to", "claimed_by")
_STAY = {_PLACE, _AREA, *_AUTHORS}  # columns told as a whole, or on which counts rest
_NAME = re.compile(r"[^\W\d_]+(?:['’`ʿʾ][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")
_ID = re.compile(r"[\w.-]+\w")
_CITED = re.compile(r"\[[^\[\]]*\]")


class Routes:
    """The rule for routes, and what it has found.

    Parameters
    ----------
    rules : mapping
        `routes` of the rules: ``targets``, ``highways`` and ``details``.
    word : str
        What stands where a place is withheld.

    Attributes
    ----------
    ids : set of str
        Incidents that the rule is about.
    finer : mapping of str -> str
        Places that were taken away, and what is told instead.
    lost : list of (str, str, str)
        Table, column and text of sentences that were taken away.
    count : int
        Incidents whose place is told more coarsely than it is known.
    """

    def __init__(self, rules: Mapping[str, Any], word: str) -> None:
        self.targets, self.word = {*rules["targets"]}, word[:1].upper() + word[1:]
        self._highways = [(name, _phrases([name])) for name in rules["highways"]]
        self._listed, self._details = _phrases(rules["highways"]), _phrases(rules["details"])
        self._names: set[str] = set()
        self.ids: set[str] = set()
        self.finer: dict[str, str] = {}
        self.lost: list[tuple[str, str, str]] = []
        self.count = 0

    def coarsen(self, sheets: Sheets) -> None:
        """Make the places in the tables coarse, and take away the sentences that tell them."""
        self.ids = {ident for ident, kinds in targets(sheets).items() if kinds & self.targets}
        common = {w.casefold() for text in _telling_none(sheets) for w in _NAME.findall(text)} | _small(sheets)
        self._places(sheets)
        self._names = {w for text in (*self.finer, *_towns(sheets)) for w in _names(self._bare(text))} - common
        for sheet, row in self._rows(sheets("incidents")):
            _put(sheet, row, _SITE, "")
            self._sentences(sheet, row, sheet.free - _STAY)
        for sheet in sheets(*TOLD):
            self._about(sheet)
        self._sources(sheets)

    def coarse(self, text: str, area: str) -> str:
        """What is told of a place: the first listed highway that it names, else the governorate."""
        named = (name for name, found in self._highways if found.search(text))
        return next(named, area or self.word) if text else ""

    def tells(self, text: str) -> str:
        """The word by which a text tells more of a place than may be told; empty where none does."""
        bare = self._bare(text)
        if found := self._details.search(bare):
            return found[0]
        return next((word for word in _NAME.findall(bare) if word.casefold() in self._names), "")

    def faults(self, name: str, text: str) -> Iterator[str]:
        """Lines on the passages of a document that cite such an attack and tell more of its place than may be told."""
        if not any(ident in text for ident in self.ids):
            return
        for line, part in passages(text) if name.endswith(".md") else _mappings(yaml.compose(text, yaml.SafeLoader)):
            if not self.ids.isdisjoint(_ID.findall(part)) and (word := self.tells(_CITED.sub(" ", part))):
                why = "tells more of the place of an attack on a route than may be told"
                yield f"{name}:{line}: {word!r} {why}: name the governorate or a highway of the rules, or restrict it"

    def _bare(self, text: str) -> str:
        return self._listed.sub(" ", text)

    def _rows(self, sheets: Iterable[Sheet]) -> Iterator[tuple[Sheet, Cells]]:
        """Rows of the incidents that the rule is about."""
        return ((s, r) for s in sheets for r in s.rows if r.get("incident_id") in self.ids)

    def _places(self, sheets: Sheets) -> None:
        """Coarse places, in the incidents and wherever a table tells what stands in that cell."""
        areas, number = self._now(sheets, _AREA), self._numbers(sheets)
        cells = [(s, r, _PLACE) for s, r in self._rows(sheets("incidents"))]
        cells += [(s, r, c) for s, r in self._rows(sheets(*TOLD)) if r.get("field") == _PLACE for c in TOLD[s.table]]
        for sheet, row, column in cells:
            text, ident = row.get(column, ""), row["incident_id"]
            told = self.coarse(text, areas[ident])
            if _put(sheet, row, column, told and told + number[ident]) and told != text:
                self.finer[text] = told
                self.count += column == _PLACE

    def _numbers(self, sheets: Sheets) -> dict[str, str]:
        """What keeps places apart that are told alike: attacks at two of them were at two, and count so."""
        areas, places = (self._now(sheets, column) for column in (_AREA, _PLACE))
        seen: dict[str, list[str]] = {}
        found = {}
        for ident, place in places.items():
            there = seen.setdefault(self.coarse(place, areas[ident]), [])
            there += [place.casefold()] if place.casefold() not in there else []
            at = there.index(place.casefold())
            found[ident] = f" ({at + 1})" if at else ""
        return found

    def _now(self, sheets: Sheets, column: str) -> dict[str, str]:
        """What stands in a column of each incident that the rule is about, corrected."""
        found = {row["incident_id"]: row.get(column, "") for _, row in self._rows(sheets("incidents"))}
        for _, row in sorted(self._rows(sheets("corrections")), key=lambda one: one[1].get("date", "")):
            if row.get("field") == column:
                found[row["incident_id"]] = row.get("new", "")
        return found

    def _about(self, sheet: Sheet) -> None:
        """A table that speaks of single cells; what it says of a site, or nothing more, goes."""
        about = {*self.ids, ""}
        for row in (r for r in sheet.rows if r.get("incident_id", "") in about):
            told = TOLD[sheet.table] if row.get("field") in _STAY else ()
            self._sentences(sheet, row, sheet.free - {"field", *told})
        sheet.keep(lambda r: r.get("incident_id") not in self.ids or not _spent(r))

    def _sources(self, sheets: Sheets) -> None:
        """What the project itself says of the sources of such attacks, those that a correction adds included."""
        cited = {s for _, row in self._rows(sheets("incidents")) for s in _words(row.get("sources", ""))}
        for _, row in self._rows(sheets("corrections", "evidence")):
            cited |= {row.get("source_id", ""), *_words(row.get("new", "") if row.get("field") == "sources" else "")}
        for sheet in sheets("sources"):
            for row in sheet.rows:
                self._title(sheet, row, row["source_id"] in cited)
                self._sentences(sheet, row, {"note"} if row["source_id"] in cited else ())

    def _title(self, sheet: Sheet, row: Cells, cited: bool) -> None:
        """A title in brackets is the project's own description of a page; any other is its publisher's, and stays."""
        title = row.get("title", "")
        if title.startswith("[") and self.finer:
            texts = "|".join(map(re.escape, sorted(self.finer, key=lambda t: (-len(t), t))))
            title = re.sub(rf"(?<![\w-])(?:{texts})(?![\w-])", lambda found: self.finer[found[0]], title)
            _put(sheet, row, "title", f"[{self.word}]" if cited and self.tells(title) else title)

    def _sentences(self, sheet: Sheet, row: Cells, columns: Collection[str]) -> None:
        """Take away the sentences of some cells that tell more than may be told."""
        for column in sorted({*columns} & row.keys()):
            sentences = _SENTENCE.split(row[column])
            fine = [n for n, s in enumerate(sentences) if self.tells(s)]
            self.lost += [(sheet.table, column, sentences[n]) for n in fine]
            if fine:
                sentences[fine[0]] = self._instead(sentences[fine[0]], sentences[fine[0] - 1] if fine[0] else "")
                _put(sheet, row, column, " ".join(s for n, s in enumerate(sentences) if n not in fine[1:]))

    def _instead(self, sentence: str, before: str) -> str:
        """What stands where a sentence was, with its stop; small after a semicolon."""
        word = self.word[:1].lower() + self.word[1:] if before.endswith(";") else self.word
        return word + sentence[len(sentence.rstrip(".;!?")) :]


def _put(sheet: Sheet, row: Cells, column: str, text: str) -> bool:
    """Put a text into a cell; whether it is another."""
    other = row.get(column, "") != text
    if other:
        row[column] = text
        sheet.changed = True
    return other


def _spent(row: Cells) -> bool:
    """Whether a row of a table that speaks of one cell says nothing any more, or of a site."""
    same = "old" in row and row["old"] == row.get("new", "")
    return same or row.get("field") == _SITE or (row.get("field") == _PLACE and says_nothing(row))


def _phrases(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of some names, in small letters or capitals, after a number too; for none it finds nothing."""
    found = "|".join(re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)))
    return re.compile(rf"(?<![^\W\d_])(?:{found or '(?!)'})(?!\w)", re.IGNORECASE)


def _names(place: str) -> set[str]:
    """The names in a place, in small letters."""
    return {w.casefold() for w in _NAME.findall(place) if _is_name(w)}


def _towns(sheets: Sheets) -> list[str]:
    """Towns that the map has along its roads."""
    return [r.get("town", "") for s in sheets("routes") for r in s.rows]


def _telling_none(sheets: Sheets) -> list[str]:
    """Texts whose words tell no finer place: names of governorates, and of authors."""
    return [r.get(c, "") for s in sheets("incidents", "places") for r in s.rows for c in (_AREA, *_AUTHORS)]


def _small(sheets: Sheets) -> set[str]:
    """Words that the incidents also write without a capital, and that are hence no names."""
    rows = [r for s in sheets("incidents") for r in s.rows]
    texts = [r.get(c, "") for r in rows for c in (_PLACE, "summary", "target_name")]
    return {w for text in texts for w in _NAME.findall(text) if w == w.lower() != w.upper()}


def _is_name(word: str) -> bool:
    """Whether a word has a capital, or is of a script that has none."""
    return word != word.lower() or (word == word.upper() and len(word) > 2)


def _words(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]


def _mappings(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """The texts of each mapping in a document, with the line where it begins; lists of texts within count with it."""
    if isinstance(node, yaml.MappingNode):
        values = _children(node)
        lists = [one for value in values if isinstance(value, yaml.SequenceNode) for one in value.value]
        texts = [str(one.value) for one in (*values, *lists) if isinstance(one, yaml.ScalarNode)]
        yield node.start_mark.line + 1, "\n".join(texts)
    for child in _children(node):
        yield from _mappings(child)


def _children(node: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
