"""Whether a file has the shape that its JSON schema declares; its meaning is checked elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.data.model import Fault

Found = Iterator[tuple[str, str]]  # place and message
SCHEMAS = Path(__file__).with_name("schemas")
_LONGEST = 160
_LOOKED_AT = ContextVar("looked_at", default=False)


@dataclass(frozen=True)
class Names:
    """What a document of a campaign may name.

    Attributes
    ----------
    columns : sequence of str
        Columns that incidents have.
    enums : mapping of str to sequence of str
        Column -> allowed values, of columns (and items of list columns) that have an enumeration.
    sources : collection of str
        Ids in sources.csv.
    series : sequence of str
        Ids of the campaign's series, with that of all attacks.
    facts : collection of str or None
        Names that a condition may read; None leaves them unchecked.
    """

    columns: Sequence[str]
    enums: Mapping[str, Sequence[str]]
    sources: Collection[str]
    series: Sequence[str] = ()
    facts: Collection[str] | None = None


@contextmanager
def looked_at() -> Iterator[None]:
    """Files that are read inside have been looked at: those of a sealed run, by who sealed them.

    What is wrong with them was said before a kernel was asked for. So kernels are spared the import of jsonschema, for
    which a whole build would wait.
    """
    before = _LOOKED_AT.set(True)
    try:
        yield
    finally:
        _LOOKED_AT.reset(before)


def shape_errors(doc: Any, schema: Path | Mapping[str, Any]) -> list[Any]:
    """Jsonschema's errors for a parsed file, in order of place; empty when the shape holds.

    Empty too within `looked_at`.
    """
    if _LOOKED_AT.get():
        return []
    from incident_report.data.validator import Draft202012Validator

    declared = json.loads(schema.read_text("utf-8")) if isinstance(schema, Path) else schema
    return sorted(Draft202012Validator(declared).iter_errors(doc), key=lambda e: place(e.absolute_path))


def shape_faults(
    file: str, doc: Any, schema: Path | Mapping[str, Any], say: Callable[[Any], str] | None = None
) -> list[Fault]:
    """The same as faults, whose column is the place in the document.

    Parameters
    ----------
    say : callable, optional
        From an error to its message; `first_line` where there is none.
    """
    told = say or first_line
    return [Fault(file, told(e), column=place(e.absolute_path) or None) for e in shape_errors(doc, schema)]


def found_faults(file: str, found: Iterable[tuple[str, str]]) -> list[Fault]:
    """Faults from places and messages, as checks of meaning give them."""
    return [Fault(file, message, column=where or None) for where, message in found]


def doubled(doc: Mapping[str, Any], *lists: str, what: str = "id") -> Found:
    """Items of lists whose id another has before them: place and message."""
    for name in lists:
        seen: set[str] = set()
        for i, item in enumerate(doc.get(name, ())):
            if item["id"] in seen:
                yield f"{name}[{i}]", f"the {what} {item['id']!r} stands twice"
            seen.add(item["id"])


def place(path: Iterable[str | int]) -> str:
    """A path as text: ``options[2].costs``."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def first_line(error: Any) -> str:
    """What is wrong, without the whole sub-document that jsonschema prints."""
    text = " ".join(error.message.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def in_words(error: Any) -> str:
    """Place and message in one, for files in which nobody looks for a line."""
    return f"{'/'.join(map(str, error.absolute_path)) or 'the file'}: {error.message[:200]}"
