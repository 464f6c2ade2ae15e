"""Jupyter's Markdown as HTML: CommonMark and GFM by markdown-it, and what other tools write into cells.

Beyond the two specifications: footnotes, ``{#id .class}`` behind a heading or a picture, MyST's directives, roles and
labels (`nbtypst.myst`), divisions of Quarto (``::: {.callout-note}``), admonitions of MkDocs (``!!! note``). Raw HTML
stays: the result is untrusted, and read by `nbtypst.html_tree`, which keeps nothing that it does not know.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from nbtypst import myst
from nbtypst.myst import ADMONITIONS

DEEPEST = 40  # blocks within blocks
NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,80})\]:", re.M)
_PAIR = r"(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"{}]*\"|'[^'{}]*'|[^\s{}]+))"
_ATTRIBUTES = re.compile(rf"\{{[ ]*({_PAIR}(?:[ ]+{_PAIR})*)[ ]*\}}")
_ONE = re.compile(r"#(?P<id>[\w:.-]+)|\.(?P<class>[\w:.-]+)|(?P<key>[\w-]+)=(?P<value>\"[^\"]*\"|'[^']*'|\S+)")
_COLONS = re.compile(r"(:{3,})[ \t]*(\{[^\n]*\}|[\w-]+)?[ \t]*([^\n:{}]*?)[ \t]*:*\Z")
_DIRECTIVE = re.compile(r"\{([\w:-]+)\}[ \t]*(.*)\Z")
_ROLE = re.compile(r"\{([A-Za-z][\w:.-]{0,40})\}(`+)(?!`)(.+?)(?<!`)\2(?!`)", re.S)
_TARGET = re.compile(r"(?:\(([\w:. -]{1,80})\)=|\+{3,}[ \t]*(?:\{.*\})?)[ \t]*\Z")
_MKDOCS = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]+([\w -]*\w)(?:[ \t]+\"([^\"\n]*)\")?[ \t]*\Z")


class TooDeep(ValueError):
    """Markup nested so deeply that its innermost parts would be lost."""


def html(
    text: str, notes: Collection[str] = (), warn: Callable[[str], None] = lambda _: None, *, comments: bool = False
) -> str:
    r"""`text` as HTML.

    Parameters
    ----------
    notes : collection of str
        Labels of the footnotes that the notebook defines.
    warn : callable
        Told of directives and roles that are not known.
    comments : bool
        Whether lines that begin with ``%`` and a blank are comments, as in MyST.

    Raises
    ------
    TooDeep
        When blocks nest more deeply than `DEEPEST`.

    Examples
    --------
    >>> html("2^8-2^9 --help")
    '<p>2^8-2^9 --help</p>\n'
    """
    parser, env = _parser(), {"notes": frozenset(notes), "warn": warn, "comments": comments}
    tokens = parser.parse(text, env)
    if any(token.level >= DEEPEST for token in tokens):
        raise TooDeep
    return str(parser.renderer.render(tokens, parser.options, env))


def _nested(text: str, env: MutableMapping[str, Any]) -> str:
    """HTML of blocks inside another block."""
    env["depth"] = env.get("depth", 0) + 1
    if env["depth"] > DEEPEST:
        raise TooDeep
    parser, own = _parser(), {**env}
    made = str(parser.renderer.render(parser.parse(text, own), parser.options, own))
    env["depth"] -= 1
    return made


def _reading(env: MutableMapping[str, Any]) -> myst.Reading:
    parser = _parser()
    return myst.Reading(
        lambda text: _nested(text, env), lambda text: parser.renderInline(text, env).strip(), env.get("warn", print)
    )


def beyond(text: str) -> list[str]:
    r"""Cells of tables that stand behind the last column of the head: by GFM they are not shown.

    Examples
    --------
    >>> beyond("| a | b |\n|---|---|\n| c | d | e |")
    ['e']
    """
    lines, out = text.split("\n"), []
    width, body = 0, False
    for token in _parser().parse(text, {"warn": lambda _: None}) if "|" in text else ():
        if token.type == "thead_open":
            width, body = 0, False
        width += token.type == "th_open"
        body = body or token.type == "tbody_open"
        if body and token.type == "tr_open" and token.map:
            row = lines[token.map[0]].strip(" \t>").removeprefix("|")
            out += [cell.strip() for cell in escapedSplit(row)[width:] if cell.strip()]
    return out


def attributes(text: str) -> dict[str, str]:
    """``{#sec-x .note title="A b"}`` as ``id``, ``class`` and keys; empty where `text` is nothing of the kind.

    Examples
    --------
    >>> attributes('{#sec-x .a .b width=50%}')
    {'id': 'sec-x', 'class': 'a b', 'width': '50%'}
    """
    whole = _ATTRIBUTES.fullmatch(text.strip())
    found: dict[str, str] = {}
    for one in _ONE.finditer(whole[1]) if whole else ():
        if one["id"]:
            found["id"] = one["id"]
        elif one["class"]:
            found["class"] = f"{found.get('class', '')} {one['class']}".strip()
        else:
            found[one["key"]] = one["value"].strip("\"'")
    return found


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST + 60}).enable(["table", "strikethrough"])
    stops: Any = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("reference", "note", _note_block, stops)
    parser.block.ruler.before("fence", "colons", _colons, stops)
    parser.block.ruler.before("paragraph", "target", _target, stops)
    parser.block.ruler.before("paragraph", "comment", _comment, stops)
    parser.block.ruler.before("paragraph", "mkdocs", _mkdocs, stops)
    parser.inline.ruler.before("link", "note", _note_mark)
    parser.inline.ruler.before("backticks", "role", _role)
    parser.inline.ruler.after("image", "attributes", _picture_attributes)
    parser.core.ruler.after("block", "headings", _heading_attributes)
    parser.core.ruler.after("block", "tasks", _tasks)
    parser.add_render_rule("fence", _fence)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # `clean` judges targets
    return parser


def _note_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """``[^label]: text``, with the indented lines below it."""
    start = state.bMarks[line] + state.tShift[line]
    found = NOTE.match(state.src[start : state.eMarks[line]])
    if found is None or state.is_code_block(line):
        return False
    if silent:
        return True
    first, last = start + found.end(), line + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent + 2):
        last += 1
    lazy = line + 1 < end and not state.isEmpty(line + 1) and last == line + 1
    while lazy and last < end and not state.isEmpty(last) and not NOTE.match(state.getLines(last, last + 1, 0, False)):
        last += 1
    body = state.src[first : state.eMarks[line]].strip() + "\n"
    body += state.getLines(line + 1, last, state.blkIndent + 4, False) if last > line + 1 else ""
    inner = _nested(body, state.env)
    token = state.push("html_block", "", 0)
    token.content = f'<nb-note-text data-label="{escape(found[1])}">{inner}</nb-note-text>\n'
    state.line = last
    return True


def _target(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """``(label)=`` before what has the label, and ``+++`` between blocks (by itself it is a text: CommonMark 45)."""
    found = _TARGET.match(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    if found is None or (not found[1] and found[0] == state.src.strip()):
        return False
    if not silent:
        state.push("html_block", "", 0).content = myst.target(found[1]) if found[1] else ""
        state.line = line + 1
    return True


def _comment(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A line ``% comment`` of MyST."""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    if not state.env.get("comments") or state.is_code_block(line) or text.split(maxsplit=1)[:1] != ["%"]:
        return False
    if not silent:
        state.line = line + 1
    return True


def _mkdocs(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """``!!! note "Title"`` or ``???`` and the indented lines below it."""
    found = _MKDOCS.match(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    last = line + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent + 4):
        last += 1
    body = state.getLines(line + 1, last, state.blkIndent + 4, False)
    if found is None or not body.strip():
        return False
    if not silent:
        kind, title = found[1].split()[0].lower(), found[2]
        made = myst.box(kind, title or "", _nested(body, state.env), _reading(state.env))
        state.push("html_block", "", 0).content = made
        state.line = last
    return True


def _role(state: StateInline, silent: bool) -> bool:
    found = _ROLE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        text = " ".join(found[3].split())
        state.push("html_inline", "", 0).content = myst.role(found[1].lower(), text, _reading(state.env))
    state.pos = found.end()
    return True


def _note_mark(state: StateInline, silent: bool) -> bool:
    found = re.compile(r"\[\^([^\]\s]{1,80})\]").match(state.src, state.pos)
    if found is None or found[1] not in state.env.get("notes", ()):
        return False
    if not silent:
        state.push("html_inline", "", 0).content = f'<nb-note data-label="{escape(found[1])}"></nb-note>'
    state.pos = found.end()
    return True


def _colons(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A division between lines of colons; one of MyST or Quarto, or its lines stay text."""
    opened = _colons_at(state, line)
    if opened is None or not opened[2] or state.is_code_block(line):
        return False
    depth, close = 1, line
    while depth and close + 1 < end:
        close += 1
        mark = _colons_at(state, close)
        if mark and (mark[2] or len(mark[1]) >= 3):
            depth += 1 if mark[2] else -1
    if depth:
        return False
    if silent:
        return True
    directive = _DIRECTIVE.match(opened[2])
    if directive:
        body = state.getLines(line + 1, close, state.blkIndent, False)
        made = myst.directive(directive[1].lower(), (directive[2] + opened[3]).strip(), body, _reading(state.env))
        state.push("html_block", "", 0).content = made
        state.line = close + 1
        return True
    before, after = _division(opened[2], opened[3], state.env)
    state.push("html_block", "", 0).content = before
    old_end, state.lineMax = state.lineMax, close
    parent, state.parentType = state.parentType, "colons"
    state.level += 1
    state.md.block.tokenize(state, line + 1, close)
    state.level -= 1
    state.parentType, state.lineMax = parent, old_end
    state.push("html_block", "", 0).content = after
    state.line = close + 1
    return True


def _colons_at(state: StateBlock, line: int) -> re.Match[str] | None:
    if state.sCount[line] - state.blkIndent >= 4:
        return None
    found = _COLONS.match(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    what = found[2] if found else None
    known = not what or _DIRECTIVE.match(what) or attributes(what) or what.lower() in ADMONITIONS
    return found if found and known and (what or not found[3]) else None


def _division(what: str, title: str, env: MutableMapping[str, Any]) -> tuple[str, str]:
    """The tags around a division: an admonition's with its title, or none that mean anything."""
    own = attributes(what)
    callout = next((c for c in own.get("class", "").split() if c.startswith("callout-")), "")
    kind = callout.removeprefix("callout-") or (what.lower() if not own else "")
    if kind in ADMONITIONS or callout:
        before, _, after = myst.box(kind, own.get("title", title), "\0", _reading(env)).partition("\0")
        return before, after
    return f"<div{_tag_attributes({k: own[k] for k in ('id', 'class') if k in own})}>\n", "</div>\n"


def _fence(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    token = tokens[at]
    info = token.info.strip()
    directive = _DIRECTIVE.match(info)
    if directive and not myst.is_language(directive[1]):
        return myst.directive(directive[1].lower(), directive[2], token.content.removesuffix("\n"), _reading(env))
    own = attributes(info).get("class", "") if info.startswith("{.") else info
    language = directive[1] if directive else (own.split() or [""])[0]
    named = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{named}>{escape(token.content, quote=False)}</code></pre>\n"


def _picture_attributes(state: StateInline, silent: bool) -> bool:
    """``{width=50%}`` directly behind a picture."""
    if state.src[state.pos] != "{" or not state.tokens or state.tokens[-1].type != "image" or state.pending:
        return False
    found = _ATTRIBUTES.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        for key, value in attributes(found[0]).items():
            state.tokens[-1].attrSet(key, value)
    state.pos = found.end()
    return True


def _heading_attributes(state: StateCore) -> None:
    """``{#sec-x .unnumbered}`` at a heading's end, as Pandoc, Quarto and MyST write it."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open":
            continue
        found = re.search(r"[ \t]+(\{[#.][^{}]*\})\Z", inline.content)
        own = attributes(found[1]) if found else {}
        if found and own:
            inline.content = inline.content[: found.start()]
            for key in ("id", "class"):
                if key in own:
                    opening.attrSet(key, own[key])


def _tasks(state: StateCore) -> None:
    """``[ ]`` and ``[x]`` at the beginning of a list's item."""
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        if found := re.match(r"\[([ xX])\][ \t\n]", inline.content):
            box = "<nb-task data-done>" if found[1] != " " else "<nb-task>"
            inline.content = f"{box}</nb-task> {inline.content[found.end() :]}"


def _tag_attributes(own: dict[str, str]) -> str:
    return "".join(f' {key}="{escape(value)}"' for key, value in own.items())
