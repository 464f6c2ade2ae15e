"""Stories without their restricted passages, and texts without restricted ids and the names of persons."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CITED = re.compile(r"\[@?([^\[\]{}]*)\]")
_GONE = "<!-- withheld -->"
_OPENS = re.compile(r"(?:\A|[.!?:]\s|\n\s*\n\s*)\Z")


class Swap:
    """Puts other words in place of ids and names.

    Parameters
    ----------
    ids : mapping of str -> str
    persons : collection of str
        Names, all spellings.
    word : str
        What stands in place of a person; with a capital where a sentence begins.
    """

    def __init__(self, ids: Mapping[str, str], persons: Collection[str], word: str) -> None:
        self.ids, self.word = ids, word
        names = sorted({*ids, *persons, *(p.upper() for p in persons)}, key=lambda n: (-len(n), n))
        any_of = "|".join(map(_broken_anywhere, names))
        self.pattern = re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])") if names else None

    def __call__(self, text: str) -> str:
        """The text, changed."""
        return self.pattern.sub(self._one, text) if self.pattern else text

    def _one(self, found: re.Match[str]) -> str:
        if found[0] in self.ids:
            return self.ids[found[0]]
        return self.word[:1].upper() + self.word[1:] if _OPENS.search(found.string[: found.start()][-4:]) else self.word


def _broken_anywhere(name: str) -> str:
    """A pattern for a name, which a line may end within, and in which blanks and hyphens may be of any kind."""
    parts = re.split(r"(\s+|[-\u2010\u2011])", name)
    return "".join(r"\s+" if p.isspace() else r"[-\u2010\u2011]" if p in "-\u2010\u2011" else re.escape(p)
                   for p in parts if p)  # fmt: skip


def named_anyhow(names: Collection[str]) -> re.Pattern[str] | None:
    """A pattern for names of several words however they are written: in capitals, within an address, over two lines."""
    found = [r"[\W_]{1,3}\s*".join(map(re.escape, parts)) for parts in _of_several_words(names)]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?![^\W_])", re.IGNORECASE) if found else None


def has_words_of(names: Collection[str], text: str) -> bool:
    """Whether a text has every word of a name of several words: where not, it cannot have the name."""
    return any(
        all(re.search(re.escape(word), text, re.IGNORECASE) for word in parts) for parts in _of_several_words(names)
    )


def _of_several_words(names: Collection[str]) -> list[list[str]]:
    words = (re.findall(r"[^\W_]+", name) for name in names)
    return [parts for parts in words if len(parts) > 1]


def without_passages(text: str, ids: Collection[str]) -> tuple[str, list[str]]:
    """A story without the passages that are restricted or cite a restricted incident, and their typed text.

    A passage is as `data.story` has it: text, and below it its lines with ``?`` and ``!``. Without its
    headline a story has no standfirst either.
    """
    lines = text.splitlines(keepends=True)
    groups = _groups(text)
    lost = _lost(groups, lines, ids)
    gone = {n for g in lost for n in g}
    # A comment in their place keeps the numbers of the lines, and is no end of a paragraph.
    left = "".join(f"{_GONE}\n" if n in gone else line for n, line in enumerate(lines))
    return left, [_typed(lines, g).strip(" #-\r\n") for g in lost]


def _lost(groups: list[list[int]], lines: list[str], ids: Collection[str]) -> list[list[int]]:
    lost = [g for g in groups if _restricted([lines[n] for n in g], ids)]
    if any(_is_headline([g], lines) for g in lost):
        end = next((g[0] for g in groups if lines[g[0]].startswith("##")), len(lines))
        lost += [g for g in groups if g not in lost and g[0] < end]
    return lost


def passages(text: str) -> Iterator[tuple[int, str]]:
    """The passages of a story: the number of the first line, and what is typed there without conditions."""
    lines = text.splitlines(keepends=True)
    return ((group[0] + 1, _typed(lines, group)) for group in _groups(text))


def _typed(lines: list[str], group: list[int]) -> str:
    return "".join(lines[n] for n in group if not lines[n].lstrip().startswith(("?", "!")))


def _groups(text: str) -> list[list[int]]:
    """The numbers of the lines of each passage of a story."""
    lines = text.splitlines(keepends=True)
    bare = _COMMENT.sub(lambda m: "\0" + "\n\0" * m[0].count("\n"), text).splitlines()
    front = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    groups: list[list[int]] = []
    signed = False  # whether the passage has a condition or a restriction: then a text begins the next
    opened = False
    for n in range(front + 1, len(lines)):
        line = bare[n].replace("\0", "").strip() if n < len(bare) else ""
        if not line:
            opened = opened and "\0" in bare[n]  # a comment is no end of a passage
        elif line.startswith(("?", "!")):
            if groups:
                groups[-1].append(n)
            signed = True
        else:
            if not opened or signed or line.startswith(("#", "- ")) or _is_headline(groups, lines):
                groups.append([])
                signed = False
            groups[-1].append(n)
            opened = True
    return groups


def _is_headline(groups: list[list[int]], lines: list[str]) -> bool:
    first = lines[groups[-1][0]].lstrip() if groups and groups[-1] else ""
    return first.startswith("#") and not first.startswith("##")


def _restricted(lines: list[str], ids: Collection[str]) -> bool:
    if any(line.lstrip().startswith("!") for line in lines):
        return True
    return any(c.strip() in ids for line in lines for c in _CITED.findall(line))


def each_text(content: bytes, change: Callable[[str], str]) -> bytes:
    """A file of JSON with each of its texts changed; unchanged where it is none, which the loader refuses."""

    def changed(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {k: changed(v) for k, v in value.items()}
        if isinstance(value, list):
            return [changed(v) for v in value]
        return change(value) if isinstance(value, str) else value

    try:
        before = json.loads(content)
    except (ValueError, RecursionError):
        return content
    after = changed(before)
    return content if after == before else (json.dumps(after, indent=1) + "\n").encode("ascii")


def texts_in(content: bytes) -> list[str]:
    """Every text in a file of JSON."""
    told: list[str] = []

    def tell(text: str) -> str:
        told.append(text)
        return text

    each_text(content, tell)
    return told
