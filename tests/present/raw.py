"""What a reader of a notebook must never see: markup that was not read."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MARKS = re.compile(r"#{3,}|\*\*|\\[,.()*\[\]_-]|\[@|@(?:sec|fig|tab)-|:::|(?<!\S)\*\w[^*]*\w\*(?!\S)")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in ("style", "script", "code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "script", "code", "pre")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def text_of(html: str) -> str:
    """What is read of a piece of HTML, code aside."""
    reader = _Text()
    reader.feed(html)
    return "".join(reader.parts)


def raw_marks(text: str) -> list[str]:
    """Each unread mark with what stands around it."""
    return [text[max(0, m.start() - 30) : m.end() + 30] for m in MARKS.finditer(text)]
