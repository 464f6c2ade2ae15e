"""data.zip: what a reader needs to check, reuse or rebuild the report's numbers.

A Frictionless data package and a campaign folder at once; `data.edition_zip` says how it is laid out.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.data import campaign_files, read_package, to_bibtex, to_csl, to_ris
from incident_report.data.asof_files import known_files, rows_of
from incident_report.data.cells import unknown
from incident_report.data.edition_zip import SCHEMA
from incident_report.data.export import Say
from incident_report.data.folders import EXTRAS
from incident_report.data.package import FILE, Table
from incident_report.data.spreadsheet import ESCAPE, MARK, csv_bytes, neutralise_csv
from incident_report.present.words import words_of
from incident_report.publish.collect import Found

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day that a zip file can name: same inputs, same bytes
BOM = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the encoding of its own country
_TABLES = ("sources", "tallies", "context", "posture", "corrections", "evidence", "open_questions", "method_log",
           "search_protocol", "double_coding", "sites", "scores", "routes")  # fmt: skip
_AS_THEY_ARE = ("coverage.csv", "geo/governorates.csv")  # of which a dataset keeps no table


class WithoutRecords(NamedTuple):
    """What data.zip holds whatever the chapters say: the campaign's own files, and those for readers."""

    own: dict[str, bytes]
    extras: dict[str, bytes]


def bundle(edition: Edition, records: Sequence[Found], whole: WithoutRecords | None = None) -> dict[str, bytes]:
    """Files of data.zip by path.

    At the top the campaign's own files, cells that a spreadsheet would run made harmless; in ``edition/``
    the tables for readers, the references and the data behind every figure and table. The
    `datapackage.json` lists every other file with its size and SHA-256.

    Parameters
    ----------
    whole : WithoutRecords, optional
        What `without_records` gives of the edition, if it is there already.

    Raises
    ------
    DataError
        If a file of the campaign is a link out of its folder.
    """
    own, extras = map(dict, whole or without_records(edition))
    schema = own.pop(FILE, None)
    files = {name: _harmless(content) if name.endswith(".csv") else content for name, content in own.items()}
    extras |= {f"{r.kind}s/{r.id}.csv": BOM + r.csv() for r in records if r.kind in ("figure", "table")}
    files |= {f"{EXTRAS}/{name}": content for name, content in extras.items()}
    declared = read_package(edition.data.folder).raw
    if schema is not None:
        files[SCHEMA], declared = schema, json.loads(schema)
    package = _package(edition, declared, files, records, words_of(edition).record("data-zip", {"edition": edition}))
    files[FILE] = (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()
    return dict(sorted(files.items()))


def without_records(edition: Edition) -> WithoutRecords:
    """The files of `bundle` that can be made while chapters run."""
    data = edition.data
    own, sources = {name: path.read_bytes() for name, path in campaign_files(data.folder).items()}, data.sources
    if data.as_of is not None:
        own = known_files(own, data)
        sources = sources[sources["source_id"].isin([*map(itemgetter("source_id"), rows_of(own["sources.csv"]))])]
    extras = {name: BOM + table_csv(frame) for name, frame in _readable(edition, sources)}
    plain = {name: own[name] for name in _AS_THEY_ARE if len(own.get(name, b"").splitlines()) > 1}
    extras |= {Path(name).name: BOM + _harmless(content).removeprefix(BOM) for name, content in plain.items()}
    extras |= _references(sources, words_of(edition).phrase) | {"README.txt": _readme(edition)}
    return WithoutRecords(own, extras)


def _harmless(content: bytes) -> bytes:
    # What is not UTF-8 comes through as it is.
    return neutralise_csv(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _readable(edition: Edition, sources: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    tables = read_package(edition.data.folder).tables
    yield "incidents.csv", _incidents(edition)
    for name in _TABLES:
        frame = sources if name == "sources" else getattr(edition.data, name)
        if len(frame):
            yield f"{name}.csv", _as_declared(frame, tables[name])


def _readme(edition: Edition) -> bytes:
    return (words_of(edition).page("data_zip.txt", {"edition": edition}) + "\n").encode()


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
    """A table as the data folder writes it: ISO days, `;` in lists, empty for unknown; no cell runs."""
    rows = frame.itertuples(index=False, name=None)
    return csv_bytes([[str(c) for c in frame.columns], *([_cell(v) for v in row] for row in rows)])


class RowFiles(Mapping[str, bytes]):
    """Each incident by itself as CSV, made when it is asked for: the columns that it fills, and its values."""

    def __init__(self, edition: Edition) -> None:
        self._table = _incidents(edition)
        self._places = {id: at for at, id in enumerate(self._table["incident_id"])}

    @cached_property
    def _lines(self) -> list[list[str]]:
        """The head and every row, their cells as text."""
        return list(csv.reader(io.StringIO(table_csv(self._table).decode(), newline="")))

    def __getitem__(self, id: str) -> bytes:
        row = self._lines[1 + self._places[id]]
        pairs = [(name, value) for name, value in zip(self._lines[0], row, strict=True) if value]
        return csv_bytes([[n for n, _ in pairs], [v for _, v in pairs]])

    def __contains__(self, id: object) -> bool:
        return id in self._places  # a mapping's own way would make the file

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _cell(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return ";".join(str(v) for v in value)
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if unknown(value) else str(value)


def _as_declared(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Yes and no in the words that the schema has for them."""
    words = {f.name: (f.false_values[0], f.true_values[0]) for f in table.fields if f.type == "boolean"}
    return frame.assign(**{n: [w[bool(v)] for v in frame[n]] for n, w in words.items() if n in frame})


def _incidents(edition: Edition) -> pd.DataFrame:
    frame = edition.listed.copy()
    frame["counted"] = [bool(i) for i in frame.index.isin(edition.counted.index)]
    return frame.astype({"counted": object})


def _references(sources: pd.DataFrame, say: Say) -> dict[str, bytes]:
    csl = json.dumps(to_csl(sources, say), indent=1, ensure_ascii=False) + "\n"
    return {
        "sources.bib": to_bibtex(sources, say).encode(),
        "sources.ris": to_ris(sources, say).encode(),
        "sources.json": csl.encode(),
    }


def _resources(declared: Iterable[Mapping[str, Any]], files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    """The resources of which files are there, each with their hashes."""
    for resource in declared:
        there = [f for p in _paths(resource) for f in sorted(files) if fnmatchcase(f, p)]
        if there and resource["path"] == there[0]:
            yield {**resource, **_sum(files[there[0]])}
        elif there:  # the standard has a hash for a resource of one file only
            yield {**resource, "path": there, "parts": [{"path": p, **_sum(files[p])} for p in there]}


def _paths(resource: Mapping[str, Any]) -> list[str]:
    return [resource["path"]] if isinstance(resource["path"], str) else resource["path"]


def _package(
    edition: Edition,
    declared: Mapping[str, Any],
    files: Mapping[str, bytes],
    records: Sequence[Found],
    written: Mapping[str, str],
) -> dict[str, Any]:
    """The campaign's own package, with every file listed."""
    schemas = {r["name"]: r for r in declared.get("resources", [])}
    resources = list(_resources(schemas.values(), files))
    by_id, names = {r.id: r for r in records}, {r["name"] for r in resources}
    for path in sorted(files.keys() - chain.from_iterable(map(_paths, resources))):
        name = re.sub(r"[^a-z0-9]+", "-", path.lower().removesuffix(".csv")).strip("-")
        while name in names:
            name += "-"
        names.add(name)
        resources.append({"name": name, "path": path, **_described(path, files[path], schemas, by_id, written)})
    return {
        **declared,
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"{declared.get('name', 'incident-report')}-{str(edition.quarter).lower()}",
        "title": written["title"],
        ESCAPE: MARK,
        "resources": resources,
    }


def _sum(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def _described(
    path: str,
    content: bytes,
    schemas: Mapping[str, Any],
    records: Mapping[str, Found],
    written: Mapping[str, str],
) -> dict[str, Any]:
    """What a file is that the campaign's schema does not list."""
    found: dict[str, Any] = {**_sum(content), "encoding": "utf-8"}
    if not path.endswith(".csv"):
        # Without the word, readers take our copy of the schema for a package of its own.
        return {**found, "type": "file"}
    place = Path(path)
    one = records.get(place.stem) if len(place.parts) == 3 else None
    source = schemas.get("incidents" if place.parts[0] == "incidents" else place.stem) if one is None else None
    columns = next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return {
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        **found,
        "title": one.content["title"] if one else (source or {}).get("title", place.stem),
        "schema": _schema(columns, source, written),
    }


def _schema(columns: Sequence[str], declared: Mapping[str, Any] | None, written: Mapping[str, str]) -> dict[str, Any]:
    known = {f["name"]: f for f in (declared or {}).get("schema", {}).get("fields", [])}
    if declared:  # columns that the campaign's own schema does not have
        known["counted"] = _own("counted", "boolean", written)
        known.setdefault("quarter", _own("quarter", "string", written))
    fields = [known.get(c, {"name": c, "type": "string"}) for c in columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if declared and "primaryKey" in declared["schema"]:
        schema["primaryKey"] = declared["schema"]["primaryKey"]
    return schema


def _own(name: str, kind: str, written: Mapping[str, str]) -> dict[str, str]:
    title, description = written[f"label-{name}"], written[f"label-{name}-means"]
    return {"name": name, "type": kind, "title": title, "description": description}
