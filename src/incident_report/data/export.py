"""Sources as reference managers read them: CSL-JSON and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

_LETTER = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "cannot be judged",
}
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def to_csl(sources: pd.DataFrame) -> list[dict[str, Any]]:
    """Sources as CSL-JSON items.

    Parameters
    ----------
    sources : DataFrame
        As in `data.model.Dataset`.

    Returns
    -------
    list of dict
        id, type, author (the publisher), issued (as far as known), URL, note (kind and reliability).
        The data hold no titles of pages: a citation reads ``(Rudaw 2020)``.
    """
    items = []
    for row in sources.to_dict("records"):
        item: dict[str, Any] = {
            "id": row["source_id"],
            "type": "dataset" if row["kind"] == "dataset" else "webpage",
            "author": [{"literal": row["publisher"]}],
            "note": _note(row),
        }
        parts = [int(p) for p in row["published"].split("-")] if row["published"] else []
        if parts:
            item["issued"] = {"date-parts": [parts]}
        if row["url"]:
            item["URL"] = row["url"]
        items.append(item)
    return items


def to_bibtex(sources: pd.DataFrame) -> str:
    """The same as BibTeX, one @misc an entry; text is escaped for TeX, addresses are not cut."""
    entries = []
    for row in sources.to_dict("records"):
        fields = {"title": f"{{{_tex(_title(row))}}}", "organization": f"{{{_tex(row['publisher'])}}}"}
        year, _, rest = row["published"].partition("-")
        if year:
            fields["year"] = year
        if rest:
            fields["month"] = str(int(rest[:2]))
            fields["note"] = _tex(f"{row['published']}; {_note(row)}")
        else:
            fields["note"] = _tex(_note(row))
        if row["url"]:
            fields["howpublished"] = rf"\url{{{_url(row['url'])}}}"
        body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@misc{{{row['source_id']}{body}\n}}\n")
    return "\n".join(entries)


def _title(row: Mapping[Any, Any]) -> str:
    return f"{row['publisher']}, {row['published']}" if row["published"] else f"{row['publisher']}, undated page"


def _note(row: Mapping[Any, Any]) -> str:
    letter = row["reliability"]
    return f"{row['kind'].replace('_', ' ')}; source reliability {letter} ({_LETTER.get(letter, 'not rated')})"


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in text)


def _url(url: str) -> str:
    # Braces and backslashes would end the argument early; percent-encoded they stay the same address.
    return re.sub(r"[{}\\\s]", lambda m: f"%{ord(m[0]):02X}", url)
