"""What was taken away, and whether it still stands somewhere else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from incident_report.data.restrictions import FILE
from incident_report.data.withhold_tables import Sheet
from incident_report.data.withhold_text import has_words_of, named_anyhow, texts_in

_Text = tuple[str, str, str]  # table or file, column, text
_WORD = re.compile(r"\w+")
_LEAST = 20  # signs from which a text is looked for word by word in what goes out
_READ = (".csv", ".yml", ".md", ".cff", ".json")


class Secrets:
    """Texts that may not go out.

    Parameters
    ----------
    sheets : mapping of str -> Sheet
        The tables, as they become.

    Attributes
    ----------
    texts : list of (str, str, str)
        Table or file, column, text.
    """

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        self.sheets = sheets
        self.texts: list[_Text] = []
        self._free: dict[str, set[str]] = {}

    def note(self, table: str, row: Mapping[str, str], kept: Collection[str]) -> None:
        """Remember what people wrote in a row, but for the columns that stay."""
        if table not in self._free:
            self._free[table] = {c for s in self.sheets.values() if s.table == table for c in s.free}
        self.texts += [(table, c, row[c]) for c in self._free[table] - {*kept} if row.get(c)]

    def files(self) -> set[str]:
        """The tables and files of which something was taken away."""
        return {name for name, _, _ in self.texts}

    def faults(self, files: Mapping[str, bytes]) -> Iterator[str]:
        """Lines on every file that still holds one: whoever restricted it must see to that place as well."""
        if not self.texts:
            return
        wanted, names = self._wanted(), [text for table, _, text in self.texts if table == FILE]
        for name, content in files.items():
            if name.endswith(_READ):
                yield from self._told(name, content, names, wanted)

    def _told(self, name: str, content: bytes, names: Sequence[str], wanted: Sequence[_Text]) -> Iterator[str]:
        """Lines on one file."""
        cells = "\n".join(self._cells(name, content))
        # A name may be broken over two cells, each word of it is in one; other texts stand in one of them.
        whole = self._whole(name, content) if name not in self.sheets or has_words_of(names, cells) else ""
        if (named := named_anyhow(names)) and (written := named.search(f"{whole}\n{cells}")):
            yield f"{name}: still names a person of {FILE}: {written[0]!r}; restrict it there, or reword"
        for table, column, value in _standing(wanted, cells if name in self.sheets else f"{whole}\n{cells}"):
            what = f"what is restricted in {table}, {column}: {value[:60]!r}"
            yield f"{name}: still holds {what}; restrict it there too, or reword"

    def _whole(self, name: str, content: bytes) -> str:
        """A file as it goes out."""
        sheet = self.sheets.get(name)
        return (sheet.written() if sheet and sheet.changed else content).decode("utf-8", "replace")

    def _wanted(self) -> list[_Text]:
        """Texts long enough to be looked for, but for those that stand in the same column of rows that go out."""
        long = {one for one in self.texts if len(one[2]) >= _LEAST or one[0] == FILE}
        columns = {(table, column) for table, column, _ in long}
        there = {(s.table, c): s.distinct(c) for s in self.sheets.values() for c in s.header if (s.table, c) in columns}
        return sorted((t, c, v) for t, c, v in long if v not in there.get((t, c), ()))

    def _cells(self, name: str, content: bytes) -> Iterable[str]:
        """The texts of a file as they are read, without quotes and escapes: of a table each once."""
        if name in self.sheets:
            sheet = self.sheets[name]
            return [*sheet.header, *sorted(sheet.distinct(*sheet.header))]
        return texts_in(content) if name.startswith("review/") else ()


def _standing(wanted: Sequence[_Text], text: str) -> list[_Text]:
    """Those of some texts that stand in another; one of which a whole word is not there is not looked for."""
    words = {*_WORD.findall(text)}
    return [one for one in wanted if words.issuperset(_WORD.findall(one[2])[1:-1]) and one[2] in text]
