"""The files of a campaign as they would have been on a day: rows that came later are left out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from incident_report.data.asof import heard, known, logged, publication_days
from incident_report.data.model import Dataset
from incident_report.data.package import FILE
from incident_report.data.rows import Row
from incident_report.data.story import FOLDER as STORIES
from incident_report.periods import Period

_WORD = re.compile(r"[\w-]+")
Cells = dict[str, str]


def known_files(files: Mapping[str, bytes], data: Dataset) -> dict[str, bytes]:
    """A campaign's files without the rows that `data`, loaded with `as_of`, hides.

    A file without a hidden row stays byte for byte. Left out are also quarter files of quarters that
    began later, stories (nobody can say what of them was known), corrections made later, and sources
    that only hidden rows cite or that nothing cites and that were published later. Documents are no
    rows: they stay.

    Parameters
    ----------
    files : mapping of path -> bytes
    data : Dataset
        Loaded from these files with an `as_of`.
    """
    day = data.as_of
    assert day is not None
    kept = {n: c for n, c in files.items() if not (n.startswith(f"{STORIES}/") or _later_quarter(n, day))}
    rules = _rules(kept, data, day)
    out = {n: _filtered(c, _rule(rules, n)) if n.endswith(".csv") else c for n, c in kept.items()}
    if "sources.csv" in out:
        out["sources.csv"] = _filtered(files["sources.csv"], _source_rule(files, out, day))
    if FILE in out:
        out[FILE] = _listing(out[FILE], out)
    return out


def _later_quarter(name: str, day: date) -> bool:
    try:
        return Period.parse(PurePosixPath(name).stem).start > day
    except ValueError:
        return False


def _rule(rules: Mapping[str, Callable[[Cells], Cells | None]], name: str) -> Callable[[Cells], Cells | None]:
    folder = PurePosixPath(name).parts[0]
    return rules[folder if folder == "incidents" else name if name in rules else "*"]


def _rules(files: Mapping[str, bytes], data: Dataset, day: date) -> dict[str, Callable[[Cells], Cells | None]]:
    """For each table, what becomes of a row: itself, a changed one, or None where it is hidden."""
    shown, tallies = set(data.incidents["incident_id"]), set(data.tallies["tally_id"])
    every = {r.get("incident_id", "") for n, c in files.items() if n.startswith("incidents/") for r in rows_of(c)}
    hidden = every - shown
    published = publication_days([Row("", 0, {}, r) for r in rows_of(files.get("sources.csv", b""))])

    def dated(row: Cells) -> Cells | None:
        values = {"date": date.fromisoformat(row["date"]), "source": row["source"]}
        return row if known([Row("", 0, {}, values)], day, "date", published) else None

    def corrected(row: Cells) -> Cells | None:
        return row if row["incident_id"] in shown and date.fromisoformat(row["date"]) <= day else None

    def followed(row: Cells) -> Cells | None:
        if Period.parse(row["quarter"]).start > day or (row.get("start") or "") > day.isoformat():
            return None
        return {**row, "end": min(row["end"], day.isoformat())} if row.get("end") else row

    def on_record(row: Cells) -> Cells | None:
        cited = tuple(s for s in (row.get("sources") or "").split(";") if s)
        line = Row("", 0, {}, {**row, "sources": cited})
        return row if heard([line], day, {"", *shown}, published) else None

    return {
        "incidents": lambda row: row if row["incident_id"] in shown else None,
        "tallies.csv": lambda row: row if row["tally_id"] in tallies else None,
        "context.csv": dated,
        "posture.csv": dated,
        "corrections.csv": corrected,
        "coverage.csv": followed,
        "search_protocol.csv": lambda row: row if Period.parse(row["quarter"]).start <= day else None,
        "evidence.csv": on_record,
        "open_questions.csv": on_record,
        "method_log.csv": lambda row: row if logged([Row("", 0, {}, {**row})], day) else None,
        "*": lambda row: None if row.get("incident_id") in hidden else row,
    }


def _source_rule(before: Mapping[str, bytes], after: Mapping[str, bytes], day: date) -> Callable[[Cells], Cells | None]:
    cited, was = (_words({n: c for n, c in f.items() if n != "sources.csv"}) for f in (after, before))

    def rule(row: Cells) -> Cells | None:
        ident, published = row["source_id"], row.get("published", "")
        later = published > day.isoformat()[: len(published)]
        return row if ident in cited or not (later or ident in was) else None

    return rule


def _words(files: Mapping[str, bytes]) -> set[str]:
    return {w for n, c in files.items() if n.endswith((".csv", ".yml", ".md")) for w in _WORD.findall(c.decode())}


def rows_of(content: bytes) -> list[Cells]:
    """Rows by column, as the loader reads them: blanks around a cell do not count."""
    lines = [[c.strip() for c in row] for row in _lines(content)]
    lines = [row for row in lines if any(row)]
    return [dict(zip(lines[0], row, strict=False)) for row in lines[1:]]


def _lines(content: bytes) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))


def _filtered(content: bytes, rule: Callable[[Cells], Cells | None]) -> bytes:
    rows = rows_of(content)
    kept = [new for row in rows if (new := rule(row)) is not None]
    if kept == rows:
        return content
    header = [c.strip() for c in next(row for row in _lines(content) if any(row))]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(kept)
    return text.getvalue().encode()


def _listing(content: bytes, files: Mapping[str, bytes]) -> bytes:
    """The schema without the quarter files that are left out."""
    package: dict[str, Any] = json.loads(content)
    changed = False
    for resource in package["resources"]:
        if isinstance(resource["path"], list) and any(p not in files for p in resource["path"]):
            resource["path"] = [p for p in resource["path"] if p in files]
            changed = True
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode() if changed else content
