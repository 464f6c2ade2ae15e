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
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from markupsafe import Markup

from incident_report.analysis.edition import Edition
from incident_report.analysis.facts import results_in
from incident_report.analysis.result import Result, traces
from incident_report.present.records import Record
from incident_report.present.story import told, written_part
from incident_report.present.words import Broken, WordsError, reads, words_of

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
    if role and role not in ROLES:
        raise WordsError(f"there is no role {role!r}; there are {', '.join(ROLES)}")
    story = told(ed, id)  # what a person wrote for this cell goes before what is computed
    text, names = (story.source, None) if story else (words_of(ed).own(id) or text, names)
    wanted = reads(text)
    own = {k: v for k, v in (names or {}).items() if k in wanted and not _hides(k, v, ed)}
    context = {**{n: ed.facts[n] for n in wanted if n in ed.facts and n not in own}, **own, "ed": ed}
    broken: list[Broken] = [*story.broken] if story else []
    rests = [*story.rests] if story else []
    if "meaning" in wanted:
        context["meaning"] = _meaning(ed, broken, rests)
    name = f"%%prose {id}".strip()
    words = words_of(ed)
    written = words.text(text, context, name=name, broken=broken)
    written = re.sub(r"[ \t]+(?=\n)", "", written)  # two blanks at a line's end would break it in print
    written = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", written)
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", written) if p.strip()]
    used: list[Result] = [r for n in sorted(wanted) if n in context and n != "ed" for r in results_in(context[n])]
    used += rests
    id = id or f"txt-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    content = {"id": id, "role": role, "paragraphs": paragraphs, "trace": traces((), used)}
    content["verdicts"] = sorted(set().union(*(r.verdicts for r in used)))
    if id in words.entries and (label := words.field(id, "label", context)):
        content["label"] = label
    return Record("prose", content | ({"broken": [vars(b) for b in broken]} if broken else {}))


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
