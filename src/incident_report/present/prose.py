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
from collections.abc import Callable, Mapping, Set
from itertools import chain
from types import ModuleType
from typing import Any

from markupsafe import Markup

from incident_report.analysis.edition import Edition
from incident_report.analysis.facts import results_in
from incident_report.analysis.result import Result, all_verdicts
from incident_report.present.entries import WordsError
from incident_report.present.passages import Broken
from incident_report.present.records import Record, traced
from incident_report.present.story import told, written_part
from incident_report.present.words import reads, words_of

ROLES = ("observation", "inference", "judgement", "caveat", "finding", "strap", "headline", "standfirst", "foot")


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
    story = told(ed, id)  # what a person wrote for this cell goes before what is computed
    words, broken, rests = words_of(ed), list[Broken](), list[Result]()
    writer = words
    if story:
        text, names, broken, rests = story.source, None, [*story.broken], [*story.rests]
    else:
        own = words.own(id)
        text, writer = (own, words) if own else (text, words.english)
    context = _context(ed, reads(text), names or {}) | {"ed": ed}
    if "meaning" in reads(text):
        context["meaning"] = _meaning(ed, broken, rests)
    paragraphs = _paragraphs(writer.text(text, context, name=f"%%prose {id}".strip(), broken=broken))
    used = [*_results(context), *rests]  # after the text: a fact makes what it rests on when it is read
    id = id or f"txt-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    content = {"id": id, "role": role, "paragraphs": paragraphs, "trace": traced(ed, (), used)}
    content["verdicts"] = all_verdicts(used)
    label = words.field(id, "label", context) if id in words.entries else ""
    added = {"label": label, "broken": [*map(vars, broken)]}
    return Record("prose", content | {k: v for k, v in added.items() if v})


def _context(ed: Edition, wanted: Set[str], names: Mapping[str, Any]) -> dict[str, Any]:
    """What a text reads by name: the notebook's own, then the facts."""
    own = {k: v for k, v in names.items() if k in wanted and not _hides(k, v, ed)}
    return {n: ed.facts[n] for n in wanted - own.keys() if n in ed.facts} | own


def _results(context: Mapping[str, Any]) -> list[Result]:
    return list(chain.from_iterable(results_in(context[n]) for n in sorted(context.keys() - {"ed"})))


def _paragraphs(written: str) -> list[str]:
    written = re.sub(r"[ \t]+(?=\n)", "", written)  # two blanks at a line's end would break it in print
    written = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", written)
    return [*filter(None, map(str.strip, re.split(r"\n\s*\n", written)))]


def _meaning(ed: Edition, broken: list[Broken], rests: list[Result]) -> Callable[[Any], str]:
    """`meaning(option)` in a cell: what the story says of an option in this quarter, or nothing."""

    def meaning(option: Any) -> str:
        found = told(ed, f"meaning-{option.id}")
        if found is None:
            return ""
        broken.extend(b for b in found.broken if b not in broken)
        rests.extend(r for r in found.rests if r not in rests)
        return Markup(written_part(ed, f"meaning-{option.id}"))  # noqa: S704 - Markdown with values escaped

    return meaning


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
