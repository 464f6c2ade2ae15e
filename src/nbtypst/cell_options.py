"""What a code cell asks for: ``#|`` lines of Quarto, tags of Jupyter Book, fields of JupyterLab and nbconvert."""

from __future__ import annotations

import copy
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

_OPTION = re.compile(r"[ \t]*(?:#|//|--|%|;)[ \t]*\|[ \t]?(.*)\Z")
_PAIR = re.compile(r"([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*\Z")
_ID = re.compile(r"[A-Za-z][\w.-]{0,99}\Z")
_EXCLUDED = {
    "exclude_output": "outputs", "exclude_markdown": "markdown", "exclude_code_cell": "code", "exclude_raw": "raw",
}  # fmt: skip
_NAMES = {
    "label": "id", "fig-cap": "caption", "fig-alt": "alt", "alt": "alt", "caption": "caption", "tbl-cap": "table",
    "lst-cap": "listing", "lst-label": "listing-id",
}  # fmt: skip
_BETWEEN = "\x1e"  # items of a list, in the one text that stands for it


@dataclass(frozen=True)
class Wishes:
    """What is shown of a cell.

    Parameters
    ----------
    source : str
        The code without its option lines.
    code, output, cell : bool
        Whether code, outputs and the cell as a whole are shown.
    streams : frozenset of str
        ``stdout`` and ``stderr``, or one of them.
    markdown : bool
        Whether what the code prints is Markdown (``output: asis``).
    folded : bool
        Whether JupyterLab, and no wish of the author, hides the outputs.
    texts : dict
        ``alt``, ``caption``, ``id``, ``table`` (a table's caption), ``listing`` (the code's) and ``listing-id``;
        a list's items as `items` parts them.
    """

    source: str
    code: bool = True
    output: bool = True
    cell: bool = True
    streams: frozenset[str] = frozenset({"stdout", "stderr"})
    markdown: bool = False
    folded: bool = False
    texts: dict[str, str] = field(default_factory=dict)


def tags_of(names: Iterable[Any]) -> set[str]:
    """Tags; a hyphen and an underscore are the same."""
    return {str(n).replace("_", "-") for n in names}


def wishes(
    cell: Mapping[str, Any],
    source: str,
    hidden: Iterable[str] = (),
    muted: Iterable[str] = (),
    usual: Mapping[str, Any] | None = None,
    gone: Iterable[str] = (),
) -> Wishes:
    r"""What `cell` asks for.

    Parameters
    ----------
    hidden, muted, gone : iterable of str
        Tags of cells whose code, whose outputs, of which nothing is shown.
    usual : mapping
        Options of the document, which a cell's own override.

    Examples
    --------
    >>> made = wishes({}, "#| echo: false\nx = 1")
    >>> made.source, made.code, made.output
    ('x = 1', False, True)
    """
    about = cell.get("metadata") or {}
    own, code = split(source)
    options = {**(usual or {}), **own}
    tags = _tags(about) | _tags(own) | _hidden(cell, about)
    off = {f"no-{name}" for name in ("echo", "output", "include", "warning") if options.get(name) is False}
    off |= {"no-output"} if options.get("results") in (False, "hide") else set()
    unseen = {"stdout": {"remove-stdout"}, "stderr": {"remove-stderr", "no-warning"}}
    return Wishes(
        source=code,
        code=not (tags | off) & {"no-echo", *tags_of(hidden)},
        output=not (tags | off) & {"no-output", *tags_of(muted)},
        cell=not (tags | off) & {"no-include", *tags_of(gone)},
        streams=frozenset(name for name, marks in unseen.items() if not (tags | off) & marks),
        markdown="asis" in (options.get("output"), options.get("results")),
        folded=_folded(about),
        texts=_texts(options, about),
    )


def _tags(about: Mapping[str, Any]) -> set[str]:
    found = about.get("tags")
    found = found.replace(",", " ").split() if isinstance(found, str) else found
    return tags_of(found if isinstance(found, list | tuple) else [])


def _hidden(cell: Mapping[str, Any], about: Mapping[str, Any]) -> set[str]:
    """What JupyterLab folds, MyST-NB removes, and nbconvert's own TagRemove has marked, as what an option says."""
    lab, myst, marked, older = (
        found if isinstance(found, Mapping) else {}
        for found in (about.get("jupyter"), about.get("mystnb"), about.get("transient"), cell.get("transient"))
    )
    hidden = (
        lab.get("source_hidden"),
        myst.get("remove_code_source"),
        *(m.get("remove_source") for m in (marked, older)),
    )
    said = {
        "no-echo": True in hidden,
        "no-output": _folded(about) or myst.get("remove_code_outputs") is True,
        "remove-stderr": str(myst.get("output_stderr")).startswith("remove"),
    }
    return {name for name, holds in said.items() if holds}


def _folded(about: Mapping[str, Any]) -> bool:
    lab = about.get("jupyter")
    return about.get("collapsed") is True or (isinstance(lab, Mapping) and lab.get("outputs_hidden") is True)


def _texts(options: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, str]:
    said = {k: v if isinstance(v, list) else [v] for k, v in options.items() if k in _NAMES}
    texts = {
        _NAMES[k]: _BETWEEN.join(" ".join(str(item).split()) for item in v)
        for k, v in said.items()
        if all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in v)
    }
    parts = options.get("fig-subcap")
    if isinstance(parts, list):
        named = (f"({letter}) {part}" for letter, part in zip(string.ascii_lowercase, parts, strict=False))
        texts["caption"] = " ".join(" ".join([texts.get("caption", ""), *named]).split())
    texts.update(texts_of(about))
    return {k: v for k, v in texts.items() if k not in ("id", "listing-id") or _ID.match(v)}


def items(text: str) -> list[str]:
    """The items of a list that was given as one text: captions of several pictures or tables."""
    return text.split(_BETWEEN) if text else []


def of_picture(texts: Mapping[str, str], number: int) -> dict[str, str]:
    """The texts of one of a cell's pictures: its own item of each list, and then an id of its own, ``fig-x-1``."""
    own = dict(texts)
    for key in ("caption", "alt"):
        if _BETWEEN in texts.get(key, ""):
            own[key] = dict(enumerate(items(texts[key]))).get(number, "")
    if _BETWEEN in texts.get("caption", "") and "id" in own:
        own["id"] += f"-{number + 1}"
    return own


def split(source: str) -> tuple[dict[str, Any], str]:
    """The options in the first lines of a cell (behind its magic), and its source without them."""
    lines = source.split("\n")
    first = 0
    while first < len(lines) and (not lines[first].strip() or lines[first].startswith("%%")):
        first += 1
    last = first
    found = []
    while last < len(lines) and (option := _OPTION.match(lines[last])):
        found.append(option[1])
        last += 1
    if not found:
        return {}, source
    rest = "\n".join([*(line for line in lines[:first] if line.strip()), *lines[last:]])
    return _read(found), rest.lstrip("\n")


def _read(lines: list[str]) -> dict[str, Any]:
    """Options as YAML; one that is none does not spoil the others."""
    whole = _yaml(lines)
    if whole is not None:
        return whole
    entries: list[list[str]] = []
    for line in lines:
        if _PAIR.match(line.strip()) and (not entries or _indent(line) <= _indent(entries[-1][0])):
            entries.append([line])
        elif entries:
            entries[-1].append(line)
    out: dict[str, Any] = {}
    for entry in entries:
        key, value = _PAIR.findall(entry[0].strip())[0]
        out |= _yaml(entry) or {key: value.strip("\"'")}
    return out


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _yaml(lines: list[str]) -> dict[str, Any] | None:
    """Values of YAML; None where it is no mapping."""
    try:
        found = yaml.safe_load("\n".join(lines))
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return {str(k): v for k, v in found.items()} if isinstance(found, dict) else None


def texts_of(metadata: Mapping[str, Any] | None) -> dict[str, str]:
    """``alt``, ``caption`` and ``id`` among metadata, those below ``nbtypst`` first."""
    found = {k: v for k, v in (metadata or {}).items() if k in ("alt", "caption", "id") and isinstance(v, str)}
    nested = (metadata or {}).get("nbtypst")
    return {**found, **texts_of(nested)} if isinstance(nested, dict) else found


def own_metadata(nb: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a notebook's metadata say to nbtypst."""
    own = (nb.get("metadata") or {}).get("nbtypst")
    return own if isinstance(own, Mapping) else {}


def without(nb: Mapping[str, Any], switches: Mapping[str, Any], own: Any = None) -> Mapping[str, Any]:
    """`nb` without what nbconvert's switches, or `own` of the same names, leave out.

    Emptied cells stay, as warnings count them.
    """
    gone = {kind for name, kind in _EXCLUDED.items() if True in (switches.get(name), getattr(own, name, None))}
    if not gone:
        return nb
    changed = copy.deepcopy(nb)
    for cell in changed["cells"]:
        if cell.get("cell_type") in gone:
            cell["source"] = ""
        if cell.get("cell_type") == "code" and gone & {"code", "outputs"}:
            cell["outputs"] = []
    return changed
