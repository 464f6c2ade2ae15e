"""A page in fewer signs that says and shows the same: what stands there for readers of the source goes."""

from __future__ import annotations

import re

# Pandoc gives every line of code an empty link to itself, an element, and one for each of its words, of whose kinds
# report.css knows but some; and it says the language of each piece three times.
_LINE_ANCHOR = re.compile(r'<a href="#cb[\d-]+" aria-hidden="true" tabindex="-1"></a>')
_LINE = re.compile(r'<span id="cb\d+-\d+">(.*)</span>(?=\n|</code>)')
_UNSEEN = re.compile(r'<span class="(?:al|an|at|bu|ch|cv|do|er|ex|fu|in|op|ot|pp|re|sc|va|wa)">([^<]*)</span>')
_CODE = re.compile(r'(<div class="sourceCode") id="cb\d+"(>)<pre\b[^>]*><code\b[^>]*>')
_BETWEEN_CELLS = re.compile(r"(?<=>)\n(?=</?(?:table|thead|tbody|tfoot|tr|th|td|col|colgroup)\b)")
_CELL_END = re.compile(r"</t[dh]>(?=<(?:t[dh]\b|/tr>))")  # which HTML lets be left out
_CELL = re.compile(r"<t[dhr]\b[^<>]*>")
_ONE_WORD = re.compile(r'(?<= )(role|scope|class)="([\w-]+)"')  # a page has thousands, whose values need no marks
_CITES = re.compile(r' data-cites="[^"]*"')  # whom a citation names is in its links
_CITATION = re.compile(r'<span class="citation">((?:[^<]|<(?!/?span\b))*)</span>')  # of use where it turns direction
_QUOTES = re.compile(r"(<[^>]*>)|(?<!=)&quot;|&#39;")  # one that an equals sign leads in would look like an attribute

_NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_BLANKS = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,]) ?|(?<=:) ")

_READERS = re.compile(r"^[ \t]*//.*\n|^[ \t]+|^\n|/\*\* @.*?\*/ ?", re.MULTILINE)
_SIGNS = re.compile(r" ?([{}()\[\],;:=<>?&|*]+) ?")
_GOES_ON = ("{", ",", ";", "(", "[")  # after one of these a statement needs no new line


def markup(html: str, rtl: bool = False) -> str:
    """HTML as Pandoc writes it, shorter; for a page that is read from right to left with its citations marked."""
    html = _UNSEEN.sub(r"\1", _LINE.sub(r"\1", _LINE_ANCHOR.sub("", html)))
    html = _BETWEEN_CELLS.sub("", _CODE.sub(r"\1\2<pre><code>", _CITES.sub("", html)))
    html = _CELL.sub(lambda m: _ONE_WORD.sub(r"\1=\2", m[0]), html)
    html = _CELL_END.sub("", html if rtl else _CITATION.sub(r"\1", html))
    return _QUOTES.sub(lambda m: m[1] or ("'" if m[0] == "&#39;" else '"'), html)


def rules(css: str) -> str:
    """A style sheet of ours without its comments, and without blanks but where they part words.

    Examples
    --------
    >>> rules('a > b:hover, p { margin: 0 auto; content: "a; b"; } /* why */')
    'a > b:hover,p{margin:0 auto;content:"a; b"}'
    """
    parts = _STRING.split(_NOTE.sub("", css))
    parts[::2] = [_AROUND.sub(lambda m: m[1] or "", _BLANKS.sub(" ", part)) for part in parts[::2]]
    return "".join(parts).replace(";}", "}").strip()


def script(js: str) -> str:
    r"""A module of ours without notes and types, and without blanks but where they part words.

    A line that holds a template or a stroke, which may begin a pattern or a note, stays as it is but for its indent.

    Examples
    --------
    >>> script("  // why\n  if (a && b) {\n    say(`${a} (x)`, 1);\n    b = c;\n  }\n")
    'if(a&&b){say(`${a} (x)`, 1);\nb=c;}\n'
    """
    return "".join(map(_line, _READERS.sub("", js).splitlines()))


def _line(line: str) -> str:
    parts = _STRING.split(line)
    if any(sign in part for part in parts[::2] for sign in "`/"):
        return f"{line}\n"
    parts[::2] = [_SIGNS.sub(r"\1", part) for part in parts[::2]]
    text = "".join(parts)
    return text if text.endswith(_GOES_ON) else f"{text}\n"
