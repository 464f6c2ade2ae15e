"""The data of a campaign that begins: tables with heads, the schema, an outline; or those of a published report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from incident_report.data.archive import ArchiveError, read_archive
from incident_report.data.edition_zip import originals
from incident_report.data.incidents import FOLDER
from incident_report.data.package import FILE, default_package
from incident_report.data.region import FILE as OUTLINE
from incident_report.periods import Period

_TABLES = ("sources", "tallies", "context", "coverage")  # what nearly every campaign comes to fill


def data_files(name: str, title: str, quarter: Period, outline: dict[str, Any] | None) -> dict[str, bytes]:
    """Files of a campaign folder without a row, by name: the schema, tables with their heads, the outline.

    Parameters
    ----------
    name, title : str
        Of the campaign, as its schema names it.
    quarter : Period
        The first one.
    outline : dict, optional
        As `outlines.region` makes it.
    """
    package = default_package()
    # The first sentence of the description says that the schema is the one for folders without one of their own.
    own = {"name": name, "title": title, "description": package.raw["description"].partition(". ")[2]}
    made = {FILE: _json({**package.raw, **own})}
    for kind in (*_TABLES, "incidents"):
        table = package.tables[kind]
        path = f"{FOLDER}/{quarter}.csv" if kind == "incidents" else table.path
        made[path] = (",".join(f.name for f in table.fields if not f.imported) + "\n").encode()
    return made | ({OUTLINE: _json(outline, None)} if outline else {})


def published_files(path: Path) -> dict[str, bytes]:
    """The campaign's own files in a published report's data.zip, byte for byte as they were.

    Raises
    ------
    ValueError
        If it is no sound zip file, or holds no campaign.
    """
    try:
        files = originals(read_archive(path))
    except ArchiveError as error:
        raise ValueError(f"{path}: {error}") from None
    if not any(n.startswith(f"{FOLDER}/") for n in files) or "report.yml" not in files:
        raise ValueError(f"{path}: holds no campaign (incidents/ and report.yml); take a report's data.zip")
    return files


def _json(value: Any, indent: int | None = 1) -> bytes:
    return (json.dumps(value, indent=indent, ensure_ascii=False) + "\n").encode("utf-8")
