"""MyST's directives and roles as HTML that `nbtypst.html_tree` reads; what is not known is its text, and warned about.

```{figure} harvest.png          {ref}`the harvest <fig-harvest>`
:label: fig-harvest
The harvest.
```
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from nbtypst.callouts import NUMBERED

_OPTION = re.compile(r":([\w-]+):[ \t]*(.*)\Z")
_TITLED = re.compile(r"(?P<text>.*?)[ \t]*<(?P<target>[^<>]+)>\Z", re.S)
_ITEM = re.compile(r"[ ]*(?:(?P<row>[*+-])[ ]+)?(?P<cell>[*+-])(?:[ ]+(?P<text>.*))?\Z")
_BOXES = "attention caution danger error hint important note seealso tip warning todo dropdown admonition"
ADMONITIONS = frozenset(_BOXES.split())
_CODE = frozenset(("code-block", "code", "sourcecode", "code-cell", "mermaid", "graphviz", "raw", "parsed-literal"))
_TITLES = frozenset(
    ("card", "grid-item-card", "tab-item", "sidebar", "margin", "topic", "aside", "epigraph", "pull-quote", "rubric")
)
_PLAIN = frozenset(("tab-set", "grid", "grid-item", "div", "container", "only", "tableofcontents", "contents"))
_PROOFS = re.compile(r"(?:prf|proof):(\w+)\Z|(exercise|solution)\Z")
_LANGUAGES = re.compile(
    r"(?:i?python3?|py|r|julia|ojs|bash|sh|shell|zsh|console|sql|js|javascript|typescript|json|yaml|toml|html|css|c|cpp"
    r"|rust|go|java|scala|ruby|perl|lua|octave|matlab|stata|sas|fortran|latex|tex|text)\Z"
)
_WRITTEN = re.compile(
    r"(?m)^[ ]{0,3}(?:`{3,}|:{3,})\{([\w:-]+)\}|(?<![\w`])\{[a-z][\w:.-]*\}`[^`\n]|^\([\w:. -]{1,80}\)=[ \t]*$"
)
_TAGS = {
    "sub": "sub", "subscript": "sub", "sup": "sup", "superscript": "sup", "strong": "strong", "emphasis": "em",
    "kbd": "kbd", "code": "code", "literal": "code", "del": "del", "strike": "del", "u": "u", "underline": "u",
    "file": "code", "command": "code", "program": "code", "option": "code", "envvar": "code", "samp": "code",
    "guilabel": "strong", "menuselection": "strong", "dfn": "em", "math": "code",
    **dict.fromkeys(("py:class", "py:func", "py:meth", "py:mod", "func", "class", "meth", "mod"), "code"),
}  # fmt: skip
_REFERENCES = {"ref": "ref", "any": "ref", "numref": "numref", "prf:ref": "ref", "eq": "eq"}
_TEXTS = frozenset(("doc", "download", "term", "abbr", "smallcaps", "sc", "pep", "rfc", "span"))


@dataclass(frozen=True)
class Reading:
    """What reads Markdown inside a directive: its blocks, one line of it; and who is told what is not known."""

    blocks: Callable[[str], str]
    line: Callable[[str], str]
    warn: Callable[[str], None]


def written_for(text: str) -> bool:
    r"""Whether Markdown is MyST's: it has a directive, a role or a label.

    Examples
    --------
    >>> [written_for(text) for text in ("```{note}\nx\n```", "{ref}`a`", "(a)=", "```{python}\n1\n```", "% x")]
    [True, True, True, False, False]
    """
    return any(found[1] is None or not is_language(found[1]) for found in _WRITTEN.finditer(text))


def is_language(name: str) -> bool:
    """Whether braces in a fence name a language, as Quarto's do."""
    return bool(_LANGUAGES.match(name.lower()))


def holds_text(name: str) -> bool:
    """Whether a directive holds Markdown, not code."""
    return not is_language(name) and name.lower() not in _CODE


def directive(name: str, argument: str, body: str, reading: Reading) -> str:
    """A directive's HTML.

    Parameters
    ----------
    name, argument : str
        As in ``{name} argument``.
    body : str
        Its lines, options first.
    """
    options, content = split(body)
    made = _DIRECTIVES.get(name)
    if made is not None:
        return made(argument, options, content, reading)
    if name in ADMONITIONS:
        kind = options.get("class", "note") if name == "admonition" else name
        return box(kind, argument, reading.blocks(content), reading)
    if name in _CODE:
        return _code(argument, options, content, reading)
    if proof := _PROOFS.match(name):
        return _proof(proof[1] or proof[2], argument, options, reading.blocks(content), reading)
    if name in _TITLES:
        return _marked(options, box("note", argument, reading.blocks(content), reading))
    if name not in _PLAIN:
        reading.warn(f"the directive {{{name[:40]}}} is not known; its text is shown")
    head = f"<p>{reading.line(argument)}</p>\n" if argument else ""
    return f"{head}{reading.blocks(content)}"


def split(body: str) -> tuple[dict[str, str], str]:
    """A directive's options, as ``:key: value`` or YAML between dashes, and what follows them."""
    lines = body.split("\n")
    options: dict[str, str] = {}
    if lines[0].strip() == "---" and "---" in (rest := [line.strip() for line in lines[1:]]):
        end = rest.index("---")
        pairs = (line.partition(":") for line in rest[:end])
        return {k.strip(): v.strip().strip("\"'") for k, _, v in pairs}, "\n".join(lines[end + 2 :])
    while lines and (found := _OPTION.match(lines[0].strip())):
        options[found[1]] = found[2].strip()
        lines.pop(0)
    return options, "\n".join(lines)


def box(kind: str, title: str, inner: str, reading: Reading) -> str:
    """An admonition."""
    head = f'<p class="admonition-title">{reading.line(title)}</p>' if title else ""
    return f'<div class="admonition {escape(kind)}">{head}\n{inner}</div>\n'


def target(label: str) -> str:
    """A mark that gives what follows it a label."""
    return f'<nb-target data-label="{escape(label)}"></nb-target>\n'


def role(name: str, text: str, reading: Reading) -> str:
    """A role's HTML: ``{name}`text```."""
    if name in _TAGS:
        return f"<{_TAGS[name]}>{escape(text)}</{_TAGS[name]}>"
    titled = _TITLED.match(text)
    words, aim = (titled["text"], titled["target"]) if titled else ("", text)
    if name in _REFERENCES:
        shown = reading.line(words) if words else ""
        return f'<nb-ref data-kind="{_REFERENCES[name]}" data-label="{escape(aim.strip())}">{shown}</nb-ref>'
    if name.partition(":")[0] in ("cite", "citet", "citep"):
        keys = [f"@{key.strip()}" for key in text.split(",")]
        return escape(" ".join(keys) if name in ("cite:t", "citet") else f"[{'; '.join(keys)}]")
    if name == "index":
        return ""
    if name not in _TEXTS and not name.startswith(("bdg", "fa", "octicon")):
        reading.warn(f"the role {{{name[:40]}}} is not known; its text is shown")
    return reading.line(f"{words} ({aim})" if name == "abbr" and words else words or text)


def _proof(kind: str, argument: str, options: dict[str, str], inner: str, reading: Reading) -> str:
    """A theorem and its like: numbered, each kind by itself, but for proofs, solutions and where it is not wanted."""
    word = kind.capitalize()
    if kind in ("proof", "solution") or "nonumber" in options:
        return _marked(options, box("note", f"{word}: {argument}" if argument else word, inner, reading))
    title = f"{word} ({argument})" if argument else word
    return _marked(options, box(f"note {NUMBERED}{kind.lower()}", title, inner, reading))


def _marked(options: dict[str, str], html: str) -> str:
    label = options.get("label") or options.get("name")
    return target(label) + html if label else html


def _code(argument: str, options: dict[str, str], content: str, reading: Reading) -> str:
    caption = f"<p>{reading.line(options['caption'])}</p>\n" if options.get("caption") else ""
    language = re.sub(r"[^\w+#-]", "", argument.split()[0]) if argument else ""
    named = f' class="language-{language}"' if language else ""
    return _marked(options, f"{caption}<pre><code{named}>{escape(content, quote=False)}</code></pre>\n")


def _picture(argument: str, options: dict[str, str]) -> str:
    width = options.get("width") or options.get("w") or ""
    wide = f' width="{escape(width)}"' if width else ""
    return f'<img src="{escape(argument)}" alt="{escape(options.get("alt", ""))}"{wide}>'


def _image(argument: str, options: dict[str, str], content: str, reading: Reading) -> str:
    return _marked(options, f"<p>{_picture(argument, options)}</p>\n{reading.blocks(content)}")


def _figure(argument: str, options: dict[str, str], content: str, reading: Reading) -> str:
    caption, _, legend = content.strip().partition("\n\n")
    if not argument:  # `figure-md`, or a figure whose picture is Markdown
        picture, caption, legend = reading.line(caption), *legend.strip().partition("\n\n")[::2]
    else:
        picture = _picture(argument, options)
    said = "".join(f"<p>{reading.line(piece)}</p>" for piece in (caption, *legend.split("\n\n")) if piece.strip())
    return _marked(options, f"<figure>{picture}<figcaption>{said}</figcaption></figure>\n")


def _figure_md(argument: str, options: dict[str, str], content: str, reading: Reading) -> str:
    return _figure("", {**options, "label": argument} if argument else options, content, reading)


def _table(argument: str, options: dict[str, str], content: str, reading: Reading) -> str:
    caption = f"<p>: {reading.line(argument)}</p>\n" if argument else ""
    return _marked(options, f"{reading.blocks(content)}\n{caption}")


def _rows(argument: str, options: dict[str, str], rows: list[list[str]], reading: Reading) -> str:
    """A table of cells in Markdown."""
    first = _heads(options)
    lines = [
        "<tr>" + "".join(f"<{tag}>{reading.blocks(cell)}</{tag}>" for cell in row) + "</tr>"
        for i, row in enumerate(rows)
        for tag in ["th" if i < first else "td"]
    ]
    made = f"<table><thead>{''.join(lines[:first])}</thead><tbody>{''.join(lines[first:])}</tbody></table>\n"
    return _table(argument, options, made, Reading(str, reading.line, reading.warn))


def _heads(options: dict[str, str]) -> int:
    heads = options.get("header-rows", "")
    return int(heads) if heads.isdecimal() else 0


def _csv_table(argument: str, options: dict[str, str], content: str, reading: Reading) -> str:
    if source := options.get("file") or options.get("url"):
        reading.warn(f"the directive {{csv-table}} opens no file: {source[:60]}")
    names = options.get("header", "")
    lines = [*([names] if names else []), *(line for line in content.split("\n") if line.strip())]
    if names:
        options = {**options, "header-rows": str(1 + _heads(options))}
    return _rows(argument, options, _parted(lines, options.get("delim") or ","), reading)


def _parted(lines: list[str], sign: str) -> list[list[str]]:
    """Lines of CSV as rows of cells; each as one cell where they or the sign between cells cannot be read."""
    try:
        return list(csv.reader(lines, delimiter={"tab": "\t", "space": " "}.get(sign, sign), skipinitialspace=True))
    except (csv.Error, TypeError):
        return [[line] for line in lines]


def _list_table(argument: str, options: dict[str, str], content: str, reading: Reading) -> str:
    """Rows as items of a list, their cells as items of the lists in them."""
    rows: list[list[str]] = []
    for line in content.split("\n"):
        item = _ITEM.match(line)
        if item and (item["row"] or rows):
            if item["row"]:
                rows.append([])
            rows[-1].append(item["text"] or "")
        elif rows and rows[-1]:
            rows[-1][-1] += f"\n{line.strip()}"
    return _rows(argument, options, rows, reading)


def _bibliography(*_: object) -> str:
    return '<div id="refs"></div>\n'


_DIRECTIVES: dict[str, Callable[[str, dict[str, str], str, Reading], str]] = {
    "image": _image, "figure": _figure, "figure-md": _figure_md, "table": _table, "csv-table": _csv_table,
    "list-table": _list_table, "bibliography": _bibliography,
}  # fmt: skip
