"""Sources as reference managers read them: CSL-JSON, BibTeX and RIS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from incident_report.data.model import as_written

Say = Callable[..., str]  # name of a phrase and its values -> text, as `present.words.Words.phrase`
_LATER = {
    "title": "", "title_basis": "", "author": (), "language": "", "original": "", "published_basis": "", "archived": "",
}  # fmt: skip
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts an escaped brace as one that opens
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def to_csl(sources: pd.DataFrame, say: Say) -> list[dict[str, Any]]:
    """Sources as CSL-JSON items.

    Parameters
    ----------
    sources : DataFrame
        As in `data.model.Dataset`; columns that only later schemas have may be missing.
    say : callable
        Writes the phrases ``source_note`` and ``untitled_source``.

    Returns
    -------
    list of dict
        id, type, title, author (persons apart from organisations; the publisher where nobody is named),
        container-title, publisher, issued and accessed (as far as known), language, URL, archive and note
        (whose text it is, how title and date are known, kind and reliability). A page that reposts a work
        is cited as that work, with the repost in the note.
    """
    return [_csl(row, say) for row in _rows(sources)]


def _csl(row: Mapping[str, Any], say: Say) -> dict[str, Any]:
    item = {
        "id": row["source_id"],
        "type": "dataset" if row["kind"] == "dataset" else "webpage",
        "author": [csl_name(name) for name in row["author"] or (row["publisher"],)],
        "note": _note(row, say),
        "title": row["title"],
        "container-title": row["title"] and (_work(row) or row["publisher"]),
        "issued": csl_day(row["published"]),
        "accessed": csl_day(row["accessed"]),
        "language": row["language"],
        "URL": row["url"],
        "archive": row["archived"],
    }
    return {key: value for key, value in item.items() if value}


def to_bibtex(sources: pd.DataFrame, say: Say) -> str:
    """The same as BibTeX, one @misc an entry; text is escaped for TeX, addresses are not cut."""
    return "\n".join(_bibtex(row, say) for row in _rows(sources))


def _bibtex(row: Mapping[str, Any], say: Say) -> str:
    year, _, rest = row["published"].partition("-")
    fields = {
        "title": f"{{{tex(row['title'] or _untitled(row, say))}}}",
        "author": tex_names(row["author"]),
        "organization": f"{{{tex(_work(row) or row['publisher'])}}}",
        "year": year,
        "month": rest[:2].lstrip("0"),
        "note": tex(f"{row['published']}; {_note(row, say)}" if rest else _note(row, say)),
        "language": tex(row["language"]),
        "howpublished": row["url"] and rf"\url{{{_url(row['url'])}}}",
    }
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{row['source_id']}{body}\n}}\n"


def to_ris(sources: pd.DataFrame, say: Say) -> str:
    """The same as RIS, which Zotero and EndNote import: one tag a line, CRLF, no line break within a value."""
    return "".join(f"{line}\r\n" for row in _rows(sources) for line in _ris(row, say))


def _ris(row: Mapping[str, Any], say: Say) -> list[str]:
    year, month, day = [*row["published"].split("-"), "", ""][:3]
    fields = [
        ("TY", "DATA" if row["kind"] == "dataset" else "ELEC"),
        ("ID", row["source_id"]),
        ("TI", row["title"] or _untitled(row, say)),
        *(("AU", name) for name in row["author"] or (row["publisher"],)),
        ("T2", _work(row) or row["publisher"]),
        ("PY", year),
        ("DA", year and f"{year}/{month}/{day}/"),
        ("Y2", row["accessed"] and f"{row['accessed'].replace('-', '/')}/"),
        ("LA", row["language"]),
        ("UR", row["url"]),
        ("N1", _note(row, say)),
    ]
    return [*(f"{tag}  - {' '.join(str(value).split())}" for tag, value in fields if value), "ER  - ", ""]


def _rows(sources: pd.DataFrame) -> list[dict[Any, Any]]:
    """Sources with all columns, those that only later schemas have, too; what is not known is empty."""
    rows = as_written(sources).to_dict("records")
    days = pd.to_datetime(sources.get("accessed", pd.Series(pd.NaT, sources.index))).dt.strftime("%Y-%m-%d").fillna("")
    return [{**_LATER, **row, "accessed": day} for row, day in zip(rows, days, strict=True)]


def csl_day(text: str) -> dict[str, Any]:
    """A day, month or year (``2020-09-25``) as CSL has it; empty for empty text."""
    return {"date-parts": [list(map(int, text.split("-")))]} if text else {}


def csl_name(name: str) -> dict[str, str]:
    """A person where the name is written family name first, with a comma; else an organisation."""
    family, comma, given = name.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": name}


def _work(row: Mapping[Any, Any]) -> str:
    """The work that a repost reposts: its named author wrote it for somebody else than the page's publisher."""
    original = row["original"]
    written = any("," in name for name in row["author"]) and row["title_basis"] == "page"
    return original if written and ":" not in original else ""


def _untitled(row: Mapping[Any, Any], say: Say) -> str:
    return say("untitled_source", row["publisher"], row["published"])


def _note(row: Mapping[Any, Any], say: Say) -> str:
    reposts, original = bool(_work(row)), row["original"]
    return say("source_note", row, reposts, "" if reposts else original)


def tex(text: str) -> str:
    """Text as BibTeX takes it: every sign that TeX would read as more is escaped."""
    return "".join(_TEX.get(c, c) for c in text)


def tex_names(names: Iterable[str]) -> str:
    """Authors as BibTeX takes them: persons as they are written, whatever else could be taken apart whole."""
    return " and ".join(tex(n) if "," in n and " and " not in n else f"{{{tex(n)}}}" for n in names)


def _url(url: str) -> str:
    # Braces and backslashes would end the argument early; percent-encoded they stay the same address.
    return re.sub(r"[{}\\\s]", lambda m: f"%{ord(m[0]):02X}", url)
