"""`%%prose`: a section's own text in its own cell, with values from the notebook and from the facts.

```
%%prose observation txt-change
{{ rockets.tally.now | count(rockets.singular, rockets.noun) }} …
{% expect rockets is rise %}More than chance explains.{% endexpect %}
```

The first line takes a role (``observation``, ``inference``, ``judgement``, ``caveat``, ``finding``; on the front
``strap``, ``headline``, ``standfirst``, ``foot``) and an id, in any order, each optional. The phrasebook's field
``label`` of that id stands before the text. The text reads the notebook's own names first, then the facts of `ed`.
Where the quarter's story has a part of that id, its text serves instead (see `present.story`).
Blank lines part paragraphs. What the text read is its trace.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.analysis.facts import results_in
from incident_report.analysis.result import Result, all_verdicts
from incident_report.present.entries import WordsError
from incident_report.present.passages import Broken
from incident_report.present.records import Record, traced
from incident_report.present.story import meanings, told
from incident_report.present.words import words_of
from incident_report.reads import apart

ROLES = ("observation", "inference", "judgement", "caveat", "finding", "strap", "headline", "standfirst", "foot")


@apart
def prose(ed: Edition, text: str, names: Mapping[str, Any] | None = None, *, id: str = "", role: str = "") -> Record:
    """A computed text as a record.

    Parameters
    ----------
    ed : Edition
        Its facts can be read by name.
    text : str
        Markdown with Jinja2; a passage in ``{% expect test %} … {% endexpect %}`` is struck through, and
        listed in the record's ``broken``, where its test fails.
    names : mapping, optional
        Further names, such as a notebook's results; they go before facts of the same name.
    id, role : str
        An id is made from the text where none is given. Where the campaign's language has words under the
        id, they stand in for `text`.

    Raises
    ------
    WordsError
        If the text cannot be read, or would print a value that is not known; one line, with the line
        of the text.

    Examples
    --------
    >>> prose(ed, "{{ rockets.tally.now }} attacks.").content["paragraphs"]    # doctest: +SKIP
    ['27 attacks.']
    """
    if role not in ("", *ROLES):
        raise WordsError(f"there is no role {role!r}; there are {', '.join(ROLES)}")
    said = _said(ed, id, text, names or {})
    used = [*results_in(tuple(said.read.values())), *said.rests]
    written = re.sub(r"[ \t]+(?=\n)", "", said.text)  # two blanks at a line's end would break it in print
    written = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", written)
    content = {
        "id": id or f"txt-{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        "role": role,
        "paragraphs": [*filter(None, map(str.strip, re.split(r"\n\s*\n", written)))],
        "trace": traced(ed, (), used),
        "verdicts": all_verdicts(used),
    }
    added = {"label": said.label, "broken": [*map(vars, said.broken)]}
    return Record("prose", content | {k: v for k, v in added.items() if v})


@dataclass
class _Said:
    """What a cell says, with what it read by name, what it cites besides, and what of it no longer holds."""

    text: str = ""
    label: str = ""
    read: dict[str, Any] = field(default_factory=dict)
    rests: list[Result] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)


def _said(ed: Edition, id: str, text: str, names: Mapping[str, Any]) -> _Said:
    """What a person wrote for a cell goes before what the language says in its place, and that before its own text."""
    own = {k: v for k, v in names.items() if not _hides(k, v, ed)}
    story = told(ed, id)
    said = _Said(rests=[*story.rests], broken=[*story.broken]) if story else _Said()
    own = ({} if story else own) | {"ed": ed, "meaning": meanings(ed, said.broken, said.rests)}  # a story reads facts
    words = words_of(ed)
    source = story.source if story else words.own(id)
    writer = words if source else words.english
    name = f"%%prose {id}".strip()
    said.text = writer.text(source or text, own, ed.facts, name=name, broken=said.broken, read=said.read)
    said.label = words.field(id, "label", said.read) if id in words.entries else ""
    return said


def _hides(name: str, value: Any, ed: Edition) -> bool:
    """A function, a module, or a parameter's text (`series`, `baseline`) must not hide a fact of its name."""
    return callable(value) or isinstance(value, ModuleType) or (isinstance(value, str) and name in ed.facts)


def written(line: str, cell: str, names: Mapping[str, Any]) -> Record:
    """The record of a `%%prose` cell.

    Parameters
    ----------
    line : str
        What follows ``%%prose``: a role and an id, each optional.
    cell : str
        The text.
    names : mapping
        The notebook's names; the edition is called ``ed``.
    """
    words = line.split()
    role = next((w for w in words if w in ROLES), "")
    rest = [w for i, w in enumerate(words) if i != words.index(role)] if role else words
    if len(rest) > 1:
        raise WordsError(f"%%prose takes a role and an id, not {' '.join(rest)!r}; roles are {', '.join(ROLES)}")
    ed = names.get("ed")
    if not isinstance(ed, Edition):
        raise WordsError("%%prose reads the edition called 'ed'; run the notebook's opening cell first")
    return prose(ed, cell, names, id=rest[0] if rest else "", role=role)


def register(shell: Any) -> None:
    """Make `%%prose` known to a notebook's kernel."""

    def magic(line: str, cell: str) -> Record:
        return written(line, cell, shell.user_ns)

    shell.register_magic_function(magic, magic_kind="cell", magic_name="prose")
