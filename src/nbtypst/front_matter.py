"""YAML between lines of dashes at a notebook's beginning, as Quarto and MyST write it: the document's own metadata."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import yaml

from nbtypst import languages

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_PAIR = re.compile(r"(?m)^([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*$")
_DATES = ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%Y/%m/%d", "%d.%m.%Y", "%B %Y", "%Y-%m", "%Y")
_SETTINGS = {"toc": "contents", "number-sections": "numbering", "papersize": "paper", "fontsize": "size",
             "mainfont": "font", "sansfont": "heading_font", "monofont": "code_font"}  # fmt: skip
_MARGINS = {  # what others call margins, broadest first, and which of ours they are: top, right, bottom, left
    **dict.fromkeys(("margin", "rest"), (0, 1, 2, 3)), **dict.fromkeys(("x", "hmargin"), (1, 3)),
    **dict.fromkeys(("y", "vmargin"), (0, 2)), **dict.fromkeys(("top", "tmargin"), (0,)),
    **dict.fromkeys(("right", "rmargin", "outside", "outer"), (1,)), **dict.fromkeys(("bottom", "bmargin"), (2,)),
    **dict.fromkeys(("left", "lmargin", "inside", "inner"), (3,)),
}  # fmt: skip
_MACRO = re.compile(r"\\[A-Za-z]+\Z")
_OWN = ("title", "subtitle", "lang", "keywords", "description")


def applied(nb: Mapping[str, Any], warn: Callable[[str], None]) -> Mapping[str, Any]:
    """`nb` with its front matter as metadata and nothing of it in the cell; the notebook's own metadata win."""
    place = next((i for i, c in enumerate(nb.get("cells") or []) if _source(c).strip()), None)
    if place is None or nb["cells"][place].get("cell_type") not in ("raw", "markdown"):
        return nb
    source = _source(nb["cells"][place])
    found = _FRONT.match(source)
    raw = nb["cells"][place]["cell_type"] == "raw"
    values = _read(found[1] or "", raw=raw) if found else None
    if found is None or values is None:
        return nb
    changed = copy.deepcopy(nb)
    about = changed["metadata"]
    rest = source[found.end() :]
    if isinstance(values.get("abstract"), str) and (raw is False or not rest.strip()):
        lang = languages.tag(values.get("lang") or about.get("lang")) or languages.ENGLISH
        head = languages.words(lang)["abstract"]
        rest = f"::::::::{{topic}} {head}\n{values['abstract']}\n::::::::\n\n{rest}"
        changed["cells"][place]["cell_type"] = "markdown"
    changed["cells"][place]["source"] = rest
    for key, value in metadata(values, warn).items():
        if key == "nbtypst":
            own = about.setdefault("nbtypst", {})
            for setting, wanted in value.items() if isinstance(own, dict) else ():
                own.setdefault(setting, wanted)
        else:
            about.setdefault(key, value)
    return changed


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source") or ""
    text = "".join(map(str, source)) if isinstance(source, list | tuple) else str(source)
    return text.replace("\r\n", "\n")


def _read(text: str, raw: bool) -> dict[str, Any] | None:
    """The values; None where the text is none of the kind, as between two rules of Markdown."""
    if (found := _mapping(text)) is not None:
        return found
    pairs = {key: value.strip("\"'") for key, value in _PAIR.findall(text)}
    lines = [line for line in text.split("\n") if line.strip()]
    return pairs if pairs and (raw or len(pairs) == len(lines)) else None


def _mapping(text: str) -> dict[str, Any] | None:
    """YAML that gives values to names; None where it is no YAML, or says something else."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return found if isinstance(found, dict) and all(isinstance(k, str) for k in found) else None


def metadata(values: Mapping[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Front matter as the metadata that the exporters know.

    Examples
    --------
    >>> metadata({"title": "A", "author": [{"name": "B"}, "C"], "date": "3 March 2031"}, print)
    {'title': 'A', 'authors': ['B', 'C'], 'date': '2031-03-03'}
    """
    out: dict[str, Any] = {}
    values = {**values, **_of_format(values.get("format"))}
    for key in _OWN:
        if isinstance(values.get(key), str | int | float | list) and not isinstance(values[key], bool):
            out[key] = values[key] if isinstance(values[key], list) else str(values[key])
    if "description" not in out and isinstance(values.get("abstract"), str):
        out["description"] = " ".join(values["abstract"].split())
    if names := authors(values.get("authors") or values.get("author")):
        out["authors"] = names
    if values.get("date") is not None:
        made = day(values["date"])
        if made:
            out["date"] = made.isoformat()
        else:
            warn(f"front matter: the date {str(values['date'])[:40]!r} is not understood; write it as 2031-03-03")
    own = {ours: values[theirs] for theirs, ours in _SETTINGS.items() if values.get(theirs) is not None}
    if sides := margins(values, warn):
        own["margins"] = sides
    if isinstance(values.get("csl"), str):
        own["csl"] = values["csl"]
    works = values.get("bibliography")
    if isinstance(works, str | list) and works:
        own["bibliography"] = works
    execute = values.get("execute")
    usual = {k: values[k] for k in ("echo", "output", "warning", "include") if k in values}
    if usual := {**usual, **(execute if isinstance(execute, Mapping) else {})}:
        own["execute"] = usual
    if written := macros(values.get("math")):
        own["macros"] = written
    if own:
        out["nbtypst"] = own
    return out


def _of_format(formats: Any) -> dict[str, Any]:
    """What is said for print alone, as in ``format: {typst: {papersize: a5}}``."""
    found = [formats.get(name) for name in ("pdf", "typst")] if isinstance(formats, Mapping) else []
    return {str(k): v for one in found if isinstance(one, Mapping) for k, v in one.items()}


def margins(values: Mapping[str, Any], warn: Callable[[str], None]) -> list[str]:
    """Quarto's ``margin``, ``margin-left`` and LaTeX's ``geometry`` as lengths: top, right, bottom, left; or none.

    Examples
    --------
    >>> margins({"geometry": ["margin=1in", "left=2cm"], "margin-top": "30mm"}, print)
    ['30mm', '1in', '1in', '2cm']
    """
    margin, geometry = values.get("margin"), values.get("geometry") or []
    said = dict(margin) if isinstance(margin, Mapping) else {"margin": margin}
    options = geometry if isinstance(geometry, list) else [geometry]
    parts = [part for option in options for part in str(option).split(",") if part.strip()]
    said |= {key.strip(): length.strip() for key, _, length in (part.partition("=") for part in parts)}
    said |= {key.removeprefix("margin-"): length for key, length in values.items() if key.startswith("margin-")}
    if unknown := [str(key)[:40] for key in said if key not in _MARGINS]:
        warn(f"front matter: of the page's margins and geometry this is not used: {', '.join(unknown)[:100]}")
    sides = ["24mm", "25mm", "24mm", "25mm"]
    known = [(places, said[key]) for key, places in _MARGINS.items() if said.get(key) is not None]
    for places, length in known:
        for place in places:
            sides[place] = str(length)
    return sides if known else []


def macros(found: Any) -> str:
    r"""MyST's ``math:`` as a formula that defines macros.

    Examples
    --------
    >>> macros({r"\R": r"\mathbb{R}", r"\pair": {"macro": "(#1, #2)"}})
    '$\\newcommand{\\R}[0]{\\mathbb{R}}\\newcommand{\\pair}[2]{(#1, #2)}$'
    """
    out = []
    for name, what in found.items() if isinstance(found, Mapping) else ():
        body = what.get("macro") if isinstance(what, Mapping) else what
        if isinstance(body, str) and _MACRO.match(str(name)):
            most = max(map(int, re.findall(r"#(\d)", body)), default=0)
            out.append(f"\\newcommand{{{name}}}[{most}]{{{body}}}")
    return f"${''.join(out)}$" if out else ""


def authors(value: Any) -> list[str]:
    """Names, whatever lists and objects hold them."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        name = (
            value.get("name")
            or value.get("literal")
            or " ".join(str(value[k]) for k in ("given", "family") if value.get(k))
        )
        return authors(name)
    return [name for one in value for name in authors(one)] if isinstance(value, list) else []


def day(value: Any) -> date | None:
    """A date in one of the forms that people write; None where it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", " ".join(str(value).split()))
    for form in _DATES:
        try:
            return datetime.strptime(text[:10] if form == "%Y-%m-%d" else text, form).date()
        except ValueError:
            continue
    return None
