"""How objects show themselves: a small card in JupyterLab, one line in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_LONGEST = 300


def card(title: str, facts: Mapping[str, object]) -> str:
    """A small table of names and values as HTML; every text is escaped, empty values are left out.

    Parameters
    ----------
    title : str
        What the object is.
    facts : mapping of name -> value
        In the order shown.
    """
    cell = "text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top"
    rows = "".join(
        f'<tr><th scope="row" style="{cell};font-weight:400;opacity:.75">{escape(name)}</th>'
        f'<td style="{cell}">{escape(_cut(str(value)))}</td></tr>'
        for name, value in facts.items()
        if value not in (None, "", ())
    )
    return f'<table style="border-left:3px solid #8c2d04"><caption {_CAPTION}>{escape(title)}</caption>{rows}</table>'


_CAPTION = 'style="text-align:left;font-weight:700;caption-side:top"'


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def listed(names: object, most: int = 12) -> str:
    """Names with commas between them, the first `most` of them."""
    texts = [str(n) for n in names] if hasattr(names, "__iter__") else [str(names)]
    more = f", … ({len(texts)} in all)" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
