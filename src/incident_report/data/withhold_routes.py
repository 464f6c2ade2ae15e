"""Attacks on what moves along a road: where, no finer than a highway that the rules name or the governorate.

A cell that holds a place is told coarsely. A sentence about such an attack that has a name of a place on a route, or
a word such as *bridge* or *kilometre*, is withheld, and says so.
A story that has one is refused, for its author to mend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import yaml

from incident_report.data.columns import Cells, places
from incident_report.data.withhold_points import TOLD, says_nothing, targets
from incident_report.data.withhold_tables import Sheet
from incident_report.data.withhold_text import passages

Sheets = Callable[..., list[Sheet]]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is ten times as fast
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
        self._at: dict[str, list[int]] = {}
        self.coarse = cache(self._coarse)  # each place is looked at once

    def coarsen(self, sheets: Sheets) -> None:
        """Make the places in the tables coarse, and take away the sentences that tell them."""
        self.ids = {ident for ident, kinds in targets(sheets).items() if kinds & self.targets}
        common = {w.casefold() for text in _telling_none(sheets) for w in _NAME.findall(text)} | _small(sheets)
        self._places(sheets)
        self._names = {w for text in (*self.finer, *_towns(sheets)) for w in _names(self._bare(text))} - common
        for sheet in sheets("incidents"):
            rows = self._rows(sheet)
            sheet.put(_SITE, dict.fromkeys(rows, ""))
            for column in sorted(sheet.free - _STAY):
                self._sentences(sheet, column, rows)
        for sheet in sheets(*TOLD):
            self._about(sheet)
        self._sources(sheets)

    def _coarse(self, text: str, area: str) -> str:
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
        if not _any_within(self.ids, text):
            return
        for line, part in passages(text) if name.endswith(".md") else _mappings(yaml.compose(text, _Loader)):
            if not self.ids.isdisjoint(_ID.findall(part)) and (word := self.tells(_CITED.sub(" ", part))):
                why = "tells more of the place of an attack on a route than may be told"
                yield f"{name}:{line}: {word!r} {why}: name the governorate or a highway of the rules, or restrict it"

    def _bare(self, text: str) -> str:
        return self._listed.sub(" ", text)

    def _rows(self, sheet: Sheet) -> list[int]:
        """Where a table has the incidents that the rule is about."""
        if sheet.file not in self._at or sheet.table != "incidents":  # these lose no row here
            self._at[sheet.file] = places(self.ids.__contains__, sheet.column("incident_id"))
        return self._at[sheet.file]

    def _places(self, sheets: Sheets) -> None:
        """Coarse places, in the incidents and wherever a table tells what stands in that cell."""
        areas, number = self._now(sheets, _AREA), self._numbers(sheets)
        for sheet in sheets("incidents"):
            self.count += len(self._place(sheet, _PLACE, self._rows(sheet), areas, number))
        for sheet in sheets(*TOLD):
            about = [at for at in self._rows(sheet) if sheet.column("field")[at] == _PLACE]
            for column in TOLD[sheet.table]:
                self._place(sheet, column, about, areas, number)

    def _place(
        self, sheet: Sheet, column: str, rows: Iterable[int], areas: Mapping[str, str], number: Mapping[str, str]
    ) -> list[int]:
        """Coarse places in some rows of a column; those of them in which the place was finer."""
        own, idents = sheet.column(column), sheet.column("incident_id")
        told = {at: self.coarse(own[at], areas[idents[at]]) for at in rows}
        new = {at: text and text + number[idents[at]] for at, text in told.items()}
        sheet.put(column, new)
        finer = [at for at, text in told.items() if own[at] not in (text, new[at])]
        self.finer.update({own[at]: told[at] for at in finer})
        return finer

    def _numbers(self, sheets: Sheets) -> dict[str, str]:
        """What keeps places apart that are told alike: attacks at two of them were at two, and count so."""
        areas, finest = (self._now(sheets, column) for column in (_AREA, _PLACE))
        seen: dict[str, dict[str, int]] = {}
        found = {}
        for ident, place in finest.items():
            there = seen.setdefault(self.coarse(place, areas[ident]), {})
            at = there.setdefault(place.casefold(), len(there))
            found[ident] = f" ({at + 1})" if at else ""
        return found

    def _now(self, sheets: Sheets, column: str) -> dict[str, str]:
        """What stands in a column of each incident that the rule is about, corrected."""
        found = {}
        for sheet in sheets("incidents"):
            cells, idents = sheet.column(column), sheet.column("incident_id")
            found.update({idents[at]: cells[at] for at in self._rows(sheet)})
        lines = [r for s in sheets("corrections") for r in s.having(lambda name: name == column, "field")]
        for line in sorted(lines, key=lambda one: one.get("date", "")):
            if line.get("incident_id") in self.ids:
                found[line["incident_id"]] = line.get("new", "")
        return found

    def _about(self, sheet: Sheet) -> None:
        """A table that speaks of single cells; what it says of a site, or nothing more, goes."""
        stay = {at: cell in _STAY for at, cell in enumerate(sheet.column("field"))}
        about = places({*self.ids, ""}.__contains__, sheet.column("incident_id"))
        for column in sorted(sheet.free - {"field"}):
            told = column in TOLD[sheet.table]
            self._sentences(sheet, column, [at for at in about if not (told and stay[at])])
        sheet.drop([at for at in self._rows(sheet) if _spent(sheet.cells.row(at))])

    def _sources(self, sheets: Sheets) -> None:
        """What the project itself says of the sources of such attacks, those that a correction adds included."""
        texts = {text for sheet in sheets("incidents", "corrections", "evidence") for text in self._citing(sheet)}
        cited = {source for text in texts for source in _words(text)}
        for sheet in sheets("sources"):
            there = [ident in cited for ident in sheet.column("source_id")]
            titles = dict(enumerate(sheet.column("title")))
            sheet.put("title", {at: self._title(text, there[at]) for at, text in titles.items()})
            self._sentences(sheet, "note", [at for at, one in enumerate(there) if one])

    def _citing(self, sheet: Sheet) -> set[str]:
        """Cells of a table that name sources of such attacks."""
        name = {"incidents": "sources", "evidence": "source_id"}.get(sheet.table, "new")
        cells, fields = sheet.column(name), sheet.column("field")
        return {cells[at] for at in self._rows(sheet) if name != "new" or fields[at] == "sources"}

    def _title(self, title: str, cited: bool) -> str:
        """A title in brackets is the project's own description of a page; any other is its publisher's, and stays."""
        if not (title.startswith("[") and self.finer):
            return title
        title = self._finer.sub(lambda found: self.finer[found[0]], title)
        return f"[{self.word}]" if cited and self.tells(title) else title

    @cached_property
    def _finer(self) -> re.Pattern[str]:
        """A pattern for the places that were taken away."""
        texts = "|".join(map(re.escape, sorted(self.finer, key=lambda t: (-len(t), t))))
        return re.compile(rf"(?<![\w-])(?:{texts})(?![\w-])")

    def _sentences(self, sheet: Sheet, column: str, rows: Sequence[int]) -> None:
        """Take away the sentences of a column that tell more than may be told; each text is looked at once."""
        if column not in sheet.header:
            return
        own = sheet.column(column)
        new = {text: self._cleared(text) for text in {own[at] for at in rows}}
        self.lost += [(sheet.table, column, sentence) for _, lost in new.values() for sentence in lost]
        sheet.put(column, {at: new[own[at]][0] for at in rows})

    def _cleared(self, text: str) -> tuple[str, list[str]]:
        """A text without the sentences that tell more than may be told, and these."""
        sentences = _SENTENCE.split(text)
        fine = [n for n, s in enumerate(sentences) if self.tells(s)]
        if not fine:
            return text, []
        lost = [sentences[n] for n in fine]
        sentences[fine[0]] = self._instead(sentences[fine[0]], sentences[fine[0] - 1] if fine[0] else "")
        return " ".join(s for n, s in enumerate(sentences) if n not in fine[1:]), lost

    def _instead(self, sentence: str, before: str) -> str:
        """What stands where a sentence was, with its stop; small after a semicolon."""
        word = self.word[:1].lower() + self.word[1:] if before.endswith(";") else self.word
        return word + sentence[len(sentence.rstrip(".;!?")) :]


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


def _towns(sheets: Sheets) -> set[str]:
    """Towns that the map has along its roads."""
    return {text for s in sheets("routes") for text in s.distinct("town")}


def _telling_none(sheets: Sheets) -> set[str]:
    """Texts whose words tell no finer place: names of governorates, and of authors."""
    return {text for s in sheets("incidents", "places") for text in s.distinct(_AREA, *_AUTHORS)}


def _small(sheets: Sheets) -> set[str]:
    """Words that the incidents also write without a capital, and that are hence no names."""
    texts = {text for s in sheets("incidents") for text in s.distinct(_PLACE, "summary", "target_name")}
    return {w for text in texts for w in {*_NAME.findall(text)} if w == w.lower() != w.upper()}


def _any_within(ids: Collection[str], text: str) -> bool:
    """Whether a text holds one of some ids, which have no blanks; time grows with the text, however many they are."""
    lengths = {len(ident) for ident in ids}
    words = {*re.findall(rf"\S{{{min(lengths, default=1)},}}", text)}
    return any(w[at : at + n] in ids for w in words for n in lengths for at in range(len(w) - n + 1))


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
