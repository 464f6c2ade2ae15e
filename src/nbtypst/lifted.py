r"""Formulas lifted out of Markdown before it is read, by the rules of Jupyter's MathJax.

``$…$`` and ``$$…$$`` (blanks beside the signs allowed), ``\\(…\\)``, ``\\[…\\]``, bare environments and bare
``\ref``; not in code, nor behind a backslash. A mark stands in the formula's place: Markdown's own signs inside a
formula mean nothing, and a formula inside HTML is found too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbtypst import myst

MARK = re.compile("\\$\ue000(\\d+)\ue001\\$")
LONGEST = 20_000  # characters of one formula
_STOP = re.compile(
    r"(?m)(?P<fence>^[ \t>]*(?P<ticks>`{3,}|~{3,}|:{3,}(?=\{math\}))(?P<info>[^\n]*))"
    r"|\{math\}(?P<role>`+)|(?P<code>`+)"
    r"|(?P<round>\\\\\()|(?P<square>\\\\\[)|\\begin\{(?P<begin>[A-Za-z]+\*?)\}"
    r"|(?P<ref>\\(?:eq)?ref\{[^{}\n]{1,200}\})|(?P<escape>\\.)|(?P<dollars>\$\$?)"
)
_CLOSING = str.maketrans("([", ")]")
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_SIGN = re.compile(r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)[^\n]*?[^`\n](?P=ticks)(?!`))|\\.|\$\$?|[{}]", re.S)

_ENVIRONMENT = re.compile(
    r"\s*\\begin\{((?:equation|align|gather|multline|eqnarray|aligned|displaymath|CD|prooftree|empheq|(?:sub)?numcases)\*?)\}"
    r"(.*)\\end\{\1\}\s*\Z",
    re.S,
)


@dataclass(frozen=True)
class Formula:
    r"""A formula of a text.

    Parameters
    ----------
    tex : str
        What stands between the delimiters; an environment with its ``\begin`` and ``\end``.
    display : bool
        Whether it stands by itself.
    source : str
        As it was written, with its delimiters.
    label : str
        Of MyST's directive.
    """

    tex: str
    display: bool
    source: str
    label: str = ""


def lift(text: str) -> tuple[str, list[Formula]]:
    """`text` with marks for its formulas, and the formulas.

    Parameters
    ----------
    text : str
        Markdown without private-use characters (`ast.printable` drops them).

    Examples
    --------
    >>> lift("Take $ n $ at `$5`.")[1]
    [Formula(tex=' n ', display=False, source='$ n $', label='')]
    """
    out: list[str] = []
    found: list[Formula] = []
    position = done = 0
    directives: list[str] = []  # fences that are open and hold text
    while stop := _STOP.search(text, position):
        if stop["fence"] and _text_in(stop, directives):
            position = stop.end("ticks")  # what follows on its line is text too
            continue
        formula = _myst(text, stop)
        position = 0 if formula else _skipped(text, stop)
        formula = formula or (None if position else formula_at(text, stop))
        if formula is None:
            position = position or stop.end()
            continue
        start = stop.start("ticks") if stop["ticks"] else stop.start()
        out += [text[done:start], f"$\ue000{len(found)}\ue001$"]
        position = done = start + len(formula.source)
        found.append(_unquoted(text, stop.start(), formula))
    return "".join([*out, text[done:]]), found


def restored(text: str, formulas: list[Formula]) -> str:
    """`text` with the source of each formula in the place of its mark."""
    return MARK.sub(lambda m: formulas[int(m[1])].source if int(m[1]) < len(formulas) else "", text)


def _text_in(stop: re.Match[str], directives: list[str]) -> bool:
    """Whether a fence begins or ends one of MyST's directives that hold text, not code."""
    ticks, info = stop["ticks"], stop["info"].strip()
    if not info and any(ticks.startswith(fence) for fence in directives):
        while not ticks.startswith(directives.pop()):
            pass
        return True
    named = re.match(r"\{([\w:-]+)\}", info)
    if named is None or named[1] == "math" or not myst.holds_text(named[1]):
        return False
    directives.append(ticks)
    return True


def _myst(text: str, stop: re.Match[str]) -> Formula | None:
    """MyST's role ``{math}`x``` and its directive of that name."""
    if stop["role"]:
        ends = re.compile(rf"(?<!`){stop['role']}(?!`)").search(text, stop.end())
        return Formula(text[stop.end() : ends.start()], False, text[stop.start() : ends.end()]) if ends else None
    if not stop["fence"] or not (found := re.match(r"\{math\}(.*)", stop["info"])):
        return None
    end = _skipped(text, stop)
    source = text[stop.start("ticks") : end]
    lines = [found[1], *source.split("\n")[1:]]
    tex = "\n".join(lines[:-1] if lines[-1].strip(" \t>`~:") == "" else lines)
    label = re.search(r"(?m)^[ \t>]*:(?:label|name):[ \t]*(\S+)", tex)
    tex = re.sub(r"(?m)^[ \t>]*:[\w-]+:[^\n]*(?:\n|\Z)", "", tex)
    if "&" in tex and "\\begin" not in tex:  # lines of one alignment, as Sphinx writes them
        tex = f"\\begin{{aligned}}{tex.strip()}\\end{{aligned}}"
    return Formula(tex, True, source, label[1] if label else "") if tex.strip() else None


def _skipped(text: str, stop: re.Match[str]) -> int:
    """Where the text goes on behind code or an escaped sign; 0 where `stop` is neither."""
    if stop["escape"]:
        return stop.end()
    if stop["fence"]:
        closed = re.compile(rf"(?m)^[ \t>]*{stop['ticks'][0]}{{{len(stop['ticks'])},}}[ \t]*$").search(text, stop.end())
        return closed.end() if closed else len(text)
    if stop["code"]:
        ends = re.compile(rf"(?<!`){stop['code']}(?!`)").search(text, stop.end())
        if ends and not _BLANK_LINE.search(text, stop.end(), ends.start()):
            return ends.end()
        return stop.end()
    return 0


def formula_at(text: str, stop: re.Match[str]) -> Formula | None:
    r"""The formula that begins with `stop`, whose groups say what it is; None where none ends.

    Of ``\\(`` and ``\(`` each is closed by its like: Markdown has two backslashes, HTML one.
    """
    start, behind = stop.span()
    if stop["ref"]:
        return Formula(stop["ref"], False, stop["ref"])
    if stop["begin"]:
        end = _environment_end(text, behind, stop["begin"])
        return Formula(text[start:end], True, text[start:end]) if end else None
    end = _dollars_end(text, behind, stop["dollars"]) if stop["dollars"] else _bracket_end(text, stop)
    tex = text[behind : end - len(stop[0])] if end else ""
    if not tex.strip():
        return None
    return Formula(tex, bool(stop["square"]) or stop["dollars"] == "$$", text[start:end])


def _bracket_end(text: str, stop: re.Match[str]) -> int:
    """Behind the closing bracket; 0 where there is none. Between round ones stands no blank line."""
    begin, closing = stop.end(), stop[0].translate(_CLOSING)
    at = text.find(closing, begin, begin + LONGEST)
    if at < 0 or (stop["round"] and _BLANK_LINE.search(text, begin, at + len(closing))):
        return 0
    return at + len(closing)


def _dollars_end(text: str, behind: int, sign: str) -> int:
    """Behind the closing sign; 0 where there is none. Amounts of money are no formula."""
    depth = 0
    for found in _SIGN.finditer(text, behind, behind + LONGEST):
        part = found[0]
        if found["code"]:  # its signs are its own
            if sign == "$" and "$" in part:
                return 0
            continue
        if part in "{}":
            depth = max(0, depth + (1 if part == "{" else -1))
        elif part == sign and depth == 0:
            if sign == "$" and _BLANK_LINE.search(text, behind, found.start()):
                return 0
            return 0 if sign == "$" and _money(text, behind, found) else found.end()
        elif part.startswith("$") and depth == 0:
            return 0 if part == "$$" else _tail(text, found.start(), sign)
    return 0


def _money(text: str, behind: int, closing: re.Match[str]) -> bool:
    """Whether a single sign stands before an amount: ``$5 and $10``, ``$5 of $x$``, ``US$ 3 of $x$``."""
    amount_follows = text[closing.end() : closing.end() + 1].isdigit()
    amount = text[behind].isdigit() or re.match(r"[A-Z]\$ ?\d", text[max(0, behind - 2) :][:4])
    return bool(amount) and (amount_follows or text[closing.start() - 1].isspace())


def _tail(text: str, at: int, sign: str) -> int:
    r"""A single sign inside ``$$…$$``, as in ``\text{if $x$}`` without braces: the next double one closes."""
    end = text.find(sign, at + 1)
    return end + len(sign) if 0 <= end - at < LONGEST else 0


def _environment_end(text: str, behind: int, name: str) -> int:
    depth = 1
    for found in re.finditer(rf"\\(begin|end)\{{{re.escape(name)}\}}", text[behind : behind + LONGEST]):
        depth += 1 if found[1] == "begin" else -1
        if depth == 0:
            return behind + found.end()
    return 0


def _unquoted(text: str, start: int, formula: Formula) -> Formula:
    """A formula that stands in a quotation, without the quotation's signs at the beginning of its lines."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    signs = re.match(r"[ \t]*(?:>[ \t]?)+", before)
    if signs is None or "\n" not in formula.tex:
        return formula
    tex = re.sub(rf"(?m)^[ \t]*(?:>[ \t]?){{1,{signs[0].count('>')}}}", "", formula.tex)
    return Formula(tex, formula.display, formula.source, formula.label)


def alone(text: str) -> str | None:
    """What is to be set of an output of LaTeX that is one formula; None where it is more, or text."""
    for left, right in (("$$", "$$"), ("\\[", "\\]"), ("$", "$"), ("\\(", "\\)")):
        inner = text[len(left) : -len(right)]
        if text.startswith(left) and text.endswith(right) and len(text) > 4 and "$" not in inner:
            return inner
    return text if _ENVIRONMENT.match(text) else None
