"""What was taken away, and whether it still stands somewhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from incident_report.data.restrictions import FILE
from incident_report.data.withhold_tables import Cells, Sheet
from incident_report.data.withhold_text import named_anyhow, texts_in

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
        self.texts: list[tuple[str, str, str]] = []

    def note(self, table: str, row: Cells, kept: Collection[str]) -> None:
        """Remember what people wrote in a row, but for the columns that stay."""
        free = {c for s in self.sheets.values() if s.table == table for c in s.free} - {*kept}
        self.texts += [(table, c, row[c]) for c in free if row.get(c)]

    def files(self) -> set[str]:
        """The tables and files of which something was taken away."""
        return {name for name, _, _ in self.texts}

    def faults(self, files: Mapping[str, bytes | None]) -> Iterator[str]:
        """Lines on every file that still holds one: whoever restricted it must see to that place as well."""
        if not self.texts:
            return
        wanted, named = self._wanted(), named_anyhow([text for table, _, text in self.texts if table == FILE])
        read = {n: c for n, c in files.items() if c is not None and n.endswith(_READ)}
        for name, content in read.items():
            text = "\n".join([content.decode("utf-8", "replace"), *self._cells(name, content)])
            if named and (written := named.search(text)):
                yield f"{name}: still names a person of {FILE}: {written[0]!r}; restrict it there, or reword"
            for table, column, value in (one for one in wanted if one[2] in text):
                what = f"what is restricted in {table}, {column}: {value[:60]!r}"
                yield f"{name}: still holds {what}; restrict it there too, or reword"

    def _wanted(self) -> list[tuple[str, str, str]]:
        """Texts long enough to be looked for, but for those that stand in the same column of rows that go out."""
        there = {(s.table, c): {r.get(c, "") for r in s.rows} for s in self.sheets.values() for c in s.header}
        long = {one for one in self.texts if len(one[2]) >= _LEAST or one[0] == FILE}
        return sorted((t, c, v) for t, c, v in long if v not in there.get((t, c), ()))

    def _cells(self, name: str, content: bytes) -> Iterator[str]:
        """The texts of a file as they are read, without quotes and escapes."""
        if name in self.sheets:
            yield from (v for row in self.sheets[name].rows for v in row.values())
        elif name.startswith("review/"):
            yield from texts_in(content)
