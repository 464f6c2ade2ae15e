"""A report in another language: which files take the place of the campaign's own, and whether the story says the same.

The phrasebook of the language stands in templates/words; the story in ``story/2020Q3.de.md`` beside the original,
part by part under the same conditions, with the same values and citations. Facts are not touched.

Light: a check whether a build is due asks for it, so nothing here needs pandas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from incident_report.errors import BuildError

NAME = re.compile(r"([0-9]{4}(?:Q[1-4]|-[01][0-9])?)\.([a-z]{2})\.md")
_LANGUAGE = re.compile(r"^language:.*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_VALUE = re.compile(r"\{([^{}|]*)[^{}]*\}")
_CITED = re.compile(r"\[@?([^\[\]{}]+)\]")


def translated(files: Mapping[str, bytes], quarter: str, language: str) -> dict[str, bytes | None]:
    """What a build in another language reads in place of the campaign's files; None for what it does not read.

    Parameters
    ----------
    files : mapping of path -> bytes
    quarter : str
        As ``2020Q3``.
    language : str
        Of a phrasebook, such as ``de``. A quarter whose story is not in it is told by the computed text.

    Raises
    ------
    BuildError
        Where the translation does not rest on what the original rests on; one line a difference.
    """
    told, other = f"story/{quarter}.md", f"story/{quarter}.{language}.md"
    out: dict[str, bytes | None] = {}
    report = files.get("report.yml", b"").decode("utf-8-sig", "surrogateescape")
    line = f"language: {language}"
    changed = _LANGUAGE.sub(line, report) if _LANGUAGE.search(report) else f"{report.rstrip()}\n{line}\n"
    if changed != report:
        out["report.yml"] = changed.encode("utf-8", "surrogateescape")
    if other in files:
        if told in files and (found := differences(as_text(files[told]), as_text(files[other]))):
            raise BuildError(*(f"{other}: {one}" for one in found))
        out |= {told: files[other], other: None}
    elif told in files and language_of(as_text(files[told])) != language:
        out[told] = None
    return out


def language_of(story: str) -> str:
    """The language that a story's front matter names; empty where it names none."""
    front = story.partition("\n---")[0]
    found = re.search(r"^language:[ \t]*([a-z]{2})[ \t]*$", front, re.MULTILINE)
    return found[1] if found else ""


def differences(original: str, translation: str) -> list[str]:
    """In what a translation rests on something else than its original, one line each.

    A part may be left out as a whole; within a part conditions, values, citations and restrictions are the same.
    """
    one, other = _parts(original), _parts(translation)
    lines = [f"{part}: the original has no such part" for part in other if part not in one]
    for part in (p for p in other if p in one):
        for what in ("condition", "value", "citation", "restriction"):
            lacks, more = one[part][what] - other[part][what], other[part][what] - one[part][what]
            lines += [f"{part}: lacks the {what} {text!r} of the original" for text in lacks]
            lines += [f"{part}: has the {what} {text!r}, which the original has not" for text in more]
    return lines


def _parts(story: str) -> dict[str, dict[str, Counter[str]]]:
    body = _COMMENT.sub("", story.replace("\r\n", "\n")).partition("\n---\n")[2]
    found: dict[str, dict[str, Counter[str]]] = {}
    part = ""
    for line in map(str.strip, body.split("\n")):
        if line.startswith("##"):
            part = re.sub(r"[^\w]+", "-", line.lstrip("#").strip().lower()).strip("-")
        elif line.startswith("#"):
            part = "headline"
        elif part == "headline" and line and line[0] not in "?!":
            part = "standfirst"
        if not line:
            continue
        held = found.setdefault(part, _nothing())
        if line.startswith("##"):
            continue
        if line.startswith("?"):
            held["condition"][" ".join(line[1:].split())] += 1
        elif line.startswith("!"):
            held["restriction"]["!"] += 1
        else:
            held["value"].update(v.strip() for v in _VALUE.findall(line))
            held["citation"].update(c.strip() for c in _CITED.findall(line))
    return found


def _nothing() -> dict[str, Counter[str]]:
    return {what: Counter() for what in ("condition", "value", "citation", "restriction")}


def as_text(content: bytes) -> str:
    """A story as text, whatever its bytes are."""
    return content.decode("utf-8-sig", "surrogateescape")
