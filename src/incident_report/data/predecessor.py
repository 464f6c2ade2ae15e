"""What the previous edition published: its provenance.json and its incidents."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.data.archive import ArchiveError, read_archive
from incident_report.data.campaign import series_of
from incident_report.data.documents import parse_document
from incident_report.data.folders import EXTRAS
from incident_report.data.model import Series
from incident_report.data.spreadsheet import restore
from incident_report.paths import ROOT, sealed

NAME = "provenance.json"
BUNDLE = "data.zip"
INCIDENTS = f"{EXTRAS}/incidents.csv"
TALLIES = f"{EXTRAS}/tallies.csv"
CORRECTIONS = f"{EXTRAS}/corrections.csv"
_MOST_BYTES = 50_000_000


def read_previous(path: str, root: Path = ROOT) -> Mapping[str, Any]:
    """The previous edition's provenance, or an empty mapping where none is named.

    Parameters
    ----------
    path : str
        Folder of the previous edition, its provenance.json, or its data.zip (whose provenance.json
        may lie inside it or beside it). A relative path starts at the project's root and stays in it.
        Empty: no previous edition.

    Raises
    ------
    ValueError
        In one line: nothing there, outside the project, too large, or not a provenance.json.
    """
    if not path.strip():
        return {}
    target = _inside(path, root)
    if not target.exists():
        raise ValueError(
            f"previous: there is no {path!r}; name the folder of the previous edition, like reports/2020Q2"
        )
    try:
        text = _text(target, path)
        found = json.loads(text)
    except (OSError, ArchiveError, UnicodeDecodeError) as error:
        raise ValueError(f"previous: {path!r} cannot be read: {' '.join(str(error).split())[:120]}") from None
    except (json.JSONDecodeError, RecursionError):
        raise ValueError(f"previous: the {NAME} of {path!r} is not valid JSON; build that edition again") from None
    if not isinstance(found, dict) or not isinstance(found.get("edition"), str):
        raise ValueError(f"previous: the {NAME} of {path!r} names no edition; was it written by this project?")
    return found


def read_previous_incidents(path: str, root: Path = ROOT) -> pd.DataFrame | None:
    """All incidents of the previous edition as published, every field text; None where none is named.

    Parameters
    ----------
    path : str
        As for `read_previous`; the incidents are read from the edition's data.zip.

    Raises
    ------
    ValueError
        In one line, if there is no data.zip or no table of incidents in it.
    """
    if not path.strip():
        return None
    table = _table(path, root, INCIDENTS)
    if table is None:
        raise ValueError(f"previous: {path!r} holds no {BUNDLE} with {INCIDENTS}; build that edition again")
    if not {"incident_id", "quarter", "counted"} <= set(table.columns):
        raise ValueError(f"previous: the {INCIDENTS} in {path!r} lacks its columns; build that edition again")
    if table["incident_id"].duplicated().any():
        raise ValueError(f"previous: the {INCIDENTS} in {path!r} has an id twice; build that edition again")
    return table


def read_previous_tallies(path: str, root: Path = ROOT) -> pd.DataFrame:
    """The published tallies of an edition, every field text, by id; empty where it had none."""
    table = _table(path, root, TALLIES)
    if table is None or "tally_id" not in table.columns:
        return pd.DataFrame({"tally_id": []}, dtype=str)
    return table.drop_duplicates("tally_id")


def read_previous_corrections(path: str, root: Path = ROOT) -> list[dict[str, str]]:
    """Corrections that an edition had applied: incident_id, field, old, new, reason, date; none where it had none."""
    table = _table(path, root, CORRECTIONS)
    columns = ["incident_id", "field", "old", "new", "reason", "date"]
    if table is None or not set(columns) <= set(table.columns):
        return []
    rows = table[columns].to_dict("records")
    return [{str(k): str(v) for k, v in row.items()} for row in rows]


def read_previous_series(path: str, root: Path = ROOT) -> tuple[Series, ...]:
    """The series by which an edition counted, then all attacks together; empty where none can be read."""
    content = _member(path, root, "report.yml")
    try:
        document = parse_document("report.yml", content.decode("utf-8"), lambda fault: None) if content else None
        return series_of(document.value) if document else ()
    except (UnicodeDecodeError, KeyError, TypeError, AttributeError):
        return ()


def _table(path: str, root: Path, name: str) -> pd.DataFrame | None:
    """A table of an edition's data.zip, every field text; None where there is no such table."""
    content = _member(path, root, name)
    try:
        if content is None:
            # Editions built before data.zip was a campaign folder have their tables at the top.
            content = _member(path, root, name.removeprefix(f"{EXTRAS}/"))
            return None if content is None else _read_csv(content)
        frame = _read_csv(content)
        return frame.map(restore).rename(columns=restore)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        return None


def _read_csv(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig")


def _member(path: str, root: Path, name: str) -> bytes | None:
    target = _inside(path, root)
    bundle = target / BUNDLE if target.is_dir() else target if target.suffix == ".zip" else target.with_name(BUNDLE)
    if not bundle.exists():
        return None
    try:
        return read_archive(bundle).get(name)
    except ArchiveError as error:
        raise ValueError(f"previous: the {BUNDLE} of {path!r} {error}; build that edition again") from None


def _inside(path: str, root: Path) -> Path:
    if "\0" in path:
        raise ValueError("previous: a path cannot hold a null character")
    if copy := sealed("previous", path):
        return copy
    given = Path(path)
    target = (given if given.is_absolute() else root / given).resolve()
    # Whoever names an absolute path means it; a relative one must not climb out of the project.
    if not given.is_absolute() and not target.is_relative_to(root.resolve()):
        raise ValueError(f"previous: {path!r} lies outside the project")
    return target


def _text(target: Path, path: str) -> str:
    if target.is_dir():
        target = target / NAME
    if target.suffix == ".zip":
        inside = next((c for n, c in read_archive(target).items() if Path(n).name == NAME), None)
        if inside is not None:
            return inside.decode("utf-8")
        target = target.with_name(NAME)
    if not target.is_file():
        raise ValueError(f"previous: {path!r} holds no {NAME}; build that edition again")
    if target.stat().st_size > _MOST_BYTES:
        raise ValueError(f"previous: the {NAME} of {path!r} is too large to be one")
    return target.read_text("utf-8")
