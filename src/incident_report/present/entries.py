"""The words of records as the files of a language hold them: a heading an id, below it its fields."""

from __future__ import annotations

import re
from pathlib import Path

_HEADING = re.compile(r"^(#{2,3}) +(\S.*?)\s*$", re.MULTILINE)
_ENTRY = 2


class WordsError(ValueError):
    """A text that cannot be written; the message names file or cell, line and what is wrong."""


class Entry:
    """Words of one record: file, and field -> (where it stands, source)."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.fields: dict[str, tuple[str, str]] = {}


def read_entries(folder: Path) -> dict[str, Entry]:
    """Every record's words in a language's files.

    Raises
    ------
    WordsError
        If an id or a field stands twice, or text stands outside a field.
    """
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.md")):
        if path.name == "phrases.md":
            continue
        text = path.read_text("utf-8")
        marks = list(_HEADING.finditer(text))
        entry: Entry | None = None
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            line = text.count("\n", 0, mark.start()) + 1
            body = text[mark.end() : following.start() if following else len(text)]
            if len(mark[1]) == _ENTRY:
                if mark[2] in found:
                    raise WordsError(f"{path.name}:{line}: {mark[2]!r} has words already in {found[mark[2]].file}")
                entry = found[mark[2]] = Entry(path.name)
            elif entry is None:
                raise WordsError(f"{path.name}:{line}: a field ({mark[2]}) stands before the first '## id'")
            elif mark[2] in entry.fields:
                raise WordsError(f"{path.name}:{line}: the field {mark[2]!r} stands twice")
            else:
                entry.fields[mark[2]] = (f"{path.name}:{line}", body.strip("\n"))
    return found
