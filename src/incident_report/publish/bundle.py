"""data.zip: what a reader needs to check or reuse the report's numbers, as a Frictionless data package."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.data import campaign_files, read_package, to_bibtex, to_csl
from incident_report.data.package import Table
from incident_report.publish.collect import Found

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day that a zip file can name: same inputs, same bytes
_TABLES = ("sources", "tallies", "context", "posture", "corrections")
_EXTRA = ("report.yml", "sophistication.yml", "policy_options.yml", "claims.yml", "README.md")
_COUNTED = {
    "name": "counted",
    "type": "boolean",
    "title": "Counted",
    "description": "Whether this edition counts the row: carried out, and not below the confidence floor.",
}
_QUARTER = {"name": "quarter", "type": "string", "title": "Quarter", "description": "Quarter of the file."}


def bundle(edition: Edition, records: Sequence[Found]) -> dict[str, bytes]:
    """Files of data.zip by path.

    Incidents are those up to the edition's last day, after corrections, with a `counted` column; the
    codebook, the sources (also as BibTeX and CSL-JSON) and the data behind every figure and table go
    with them. `datapackage.json` lists every file.
    """
    data = edition.data
    tables = read_package(data.folder).tables
    files: dict[str, bytes] = {"incidents.csv": table_csv(_incidents(edition))}
    for name in _TABLES:
        frame = getattr(data, name)
        if len(frame):
            files[f"{name}.csv"] = table_csv(_as_declared(frame, tables[name]))
    present = campaign_files(data.folder)
    for name in _EXTRA:
        if name in present:
            files[name if name != "README.md" else "codebook.md"] = present[name].read_bytes()
    files.update(_references(data.sources))
    for one in records:
        if one.kind in ("figure", "table"):
            files[f"{one.kind}s/{one.id}.csv"] = one.csv()
    package = _package(edition, files, {r.id: r for r in records})
    files["datapackage.json"] = (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()
    return dict(sorted(files.items()))


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """A zip file that is the same, byte for byte, for the same files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compresslevel=9)


def table_csv(frame: pd.DataFrame) -> bytes:
    """A table as the data folder writes it: ISO days, `;` in lists, empty for unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_cell(v) for v in row])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return ";".join(str(v) for v in value)
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    return str(value)


def _as_declared(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Yes and no in the words that the schema has for them."""
    words = {f.name: (f.false_values[0], f.true_values[0]) for f in table.fields if f.type == "boolean"}
    return frame.assign(**{n: [w[bool(v)] for v in frame[n]] for n, w in words.items() if n in frame})


def _incidents(edition: Edition) -> pd.DataFrame:
    frame = edition.listed.copy()
    frame["counted"] = [bool(i) for i in frame.index.isin(edition.counted.index)]
    return frame.astype({"counted": object})


def _references(sources: pd.DataFrame) -> dict[str, bytes]:
    csl = json.dumps(to_csl(sources), indent=1, ensure_ascii=False) + "\n"
    return {"sources.bib": to_bibtex(sources).encode(), "sources.json": csl.encode()}


def _package(edition: Edition, files: Mapping[str, bytes], records: Mapping[str, Found]) -> dict[str, Any]:
    declared = read_package(edition.data.folder).raw
    schemas = {r["name"]: r for r in declared.get("resources", [])}
    resources = []
    for name, content in files.items():
        stem = Path(name).stem
        resource: dict[str, Any] = {
            "name": _slug(name),
            "path": name,
            "bytes": len(content),
            "encoding": "utf-8",
        }
        if name.endswith(".csv"):
            resource |= {"type": "table", "format": "csv", "mediatype": "text/csv"}
            columns = next(csv.reader(io.StringIO(content.decode())))
            one = records.get(stem) if "/" in name else None
            source = None if "/" in name else schemas.get(stem)
            resource["title"] = one.content["title"] if one else (source or {}).get("title", stem)
            resource["schema"] = _schema(columns, source)
        resources.append(resource)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"{declared.get('name', 'incident-report')}-{str(edition.quarter).lower()}",
        "title": f"{edition.campaign.title}: data of the edition {edition.quarter}",
        "licenses": declared.get("licenses", []),
        "resources": resources,
    }


def _schema(columns: Sequence[str], declared: Mapping[str, Any] | None) -> dict[str, Any]:
    known = {f["name"]: f for f in (declared or {}).get("schema", {}).get("fields", [])}
    known |= {"counted": _COUNTED, "quarter": known.get("quarter", _QUARTER)}
    fields = [
        known.get(c, {"name": c, "type": "string"}) if declared else {"name": c, "type": "string"} for c in columns
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if declared and "primaryKey" in declared["schema"]:
        schema["primaryKey"] = declared["schema"]["primaryKey"]
    return schema


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.rsplit(".csv", 1)[0].lower()).strip("-")
