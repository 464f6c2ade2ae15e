"""Sources as reference managers read them: CSL-JSON, BibTeX and RIS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from incident_report.data.model import as_written

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
        As in `data.model.Dataset`; columns that only later schemas have may be missing.

    Returns
    -------
    list of dict
        id, type, title, author (persons apart from organisations; the publisher where nobody is named),
        container-title, publisher, issued and accessed (as far as known), language, URL, archive and note
        (whose text it is, how title and date are known, kind and reliability). A page that reposts a work
        is cited as that work, with the repost in the note.
    """
    items = []
    for row in as_written(sources).to_dict("records"):
        title, work = row.get("title") or "", _work(row)
        item: dict[str, Any] = {
            "id": row["source_id"],
            "type": "dataset" if row["kind"] == "dataset" else "webpage",
            "author": [_csl_name(a) for a in row.get("author") or (row["publisher"],)],
            "note": _note(row),
        }
        if title:
            item["title"] = title
            item["container-title"] = work or row["publisher"]
        parts = [int(p) for p in row["published"].split("-")] if row["published"] else []
        if parts:
            item["issued"] = {"date-parts": [parts]}
        read = row.get("accessed")
        if read is not None and not pd.isna(read):
            item["accessed"] = {"date-parts": [[read.year, read.month, read.day]]}
        for key, column in (("language", "language"), ("URL", "url"), ("archive", "archived")):
            if row.get(column):
                item[key] = row[column]
        items.append(item)
    return items


def to_bibtex(sources: pd.DataFrame) -> str:
    """The same as BibTeX, one @misc an entry; text is escaped for TeX, addresses are not cut."""
    entries = []
    for row in as_written(sources).to_dict("records"):
        fields = {"title": f"{{{_tex(row.get('title') or _untitled(row))}}}"}
        if row.get("author"):
            fields["author"] = " and ".join(_tex(a) if "," in a else f"{{{_tex(a)}}}" for a in row["author"])
        fields["organization"] = f"{{{_tex(_work(row) or row['publisher'])}}}"
        year, _, rest = row["published"].partition("-")
        if year:
            fields["year"] = year
        if rest:
            fields["month"] = str(int(rest[:2]))
            fields["note"] = _tex(f"{row['published']}; {_note(row)}")
        else:
            fields["note"] = _tex(_note(row))
        if row.get("language"):
            fields["language"] = _tex(row["language"])
        if row["url"]:
            fields["howpublished"] = rf"\url{{{_url(row['url'])}}}"
        body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@misc{{{row['source_id']}{body}\n}}\n")
    return "\n".join(entries)


def to_ris(sources: pd.DataFrame) -> str:
    """The same as RIS, which Zotero and EndNote import: one tag a line, CRLF, no line break within a value."""
    lines: list[str] = []
    for row in sources.to_dict("records"):
        day = [*row["published"].split("-"), "", ""][:3] if row["published"] else []
        read = row.get("accessed")
        fields = [
            ("TY", "DATA" if row["kind"] == "dataset" else "ELEC"),
            ("ID", row["source_id"]),
            ("TI", row.get("title") or _untitled(row)),
            *(("AU", author) for author in row.get("author") or (row["publisher"],)),
            ("T2", _work(row) or row["publisher"]),
            ("PY", day[0] if day else ""),
            ("DA", "/".join([*day, ""]) if day else ""),
            ("Y2", "" if read is None or pd.isna(read) else f"{read:%Y/%m/%d}/"),
            ("LA", row.get("language") or ""),
            ("UR", row["url"]),
            ("N1", _note(row)),
        ]
        lines += [f"{tag}  - {' '.join(str(value).split())}" for tag, value in fields if value]
        lines += ["ER  - ", ""]
    return "".join(f"{line}\r\n" for line in lines)


def _csl_name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": name}


def _work(row: Mapping[Any, Any]) -> str:
    """The work that a repost reposts: its named author wrote it for somebody else than the page's publisher."""
    people = [a for a in row.get("author") or () if "," in a]
    original = row.get("original") or ""
    return original if people and original and row.get("title_basis") == "page" and ":" not in original else ""


def _untitled(row: Mapping[Any, Any]) -> str:
    return f"{row['publisher']}, {row['published']}" if row["published"] else f"{row['publisher']}, undated page"


def _note(row: Mapping[Any, Any]) -> str:
    letter = row["reliability"]
    original, parts = row.get("original") or "", []
    if _work(row):
        parts.append(f"read as reposted by {row['publisher']}")
    elif original:
        parts.append(f"text of {original}")
    if row.get("title_basis") == "url":
        parts.append("title put together from the address")
    if row.get("published_basis") == "text":
        parts.append("day follows from the text")
    kind = f"{row['kind'].replace('_', ' ')}; source reliability {letter} ({_LETTER.get(letter, 'not rated')})"
    return "; ".join([*parts, kind])


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in text)


def _url(url: str) -> str:
    # Braces and backslashes would end the argument early; percent-encoded they stay the same address.
    return re.sub(r"[{}\\\s]", lambda m: f"%{ord(m[0]):02X}", url)
