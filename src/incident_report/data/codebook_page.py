"""The codebook: data/README.md, written from the schema so that it cannot drift from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from incident_report.data.documents import read_document
from incident_report.data.files import Folder
from incident_report.data.known import campaign_files
from incident_report.data.model import DataError, Fault
from incident_report.data.package import FILE, Field, Package, read_package
from incident_report.data.writing import write_file

# Files that no schema lists: name, what they hold, whether they may be missing.
_UNLISTED = (
    ("report.yml", "Title, wording, series, known weaknesses", False),
    ("sophistication.yml", "The rubric by which attacks are scored", True),
    ("policy_options.yml", "Policy options with reasons and scores", True),
    ("claims.yml", "The article's claims and how each is tested", True),
    ("restrictions.yml", "What must not leave the project, and how coarse points are (docs/do-no-harm.md)", True),
    ("review/*.json", "What reviewers said of a quarter's report, and the answers", True),
    ("story/*.md", "What a person wrote for a quarter: sentences with conditions and citations", True),
)
_TYPE = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "date": "day, YYYY-MM-DD",
    "list": "list",
}


def codebook(folder: Path) -> str:
    """The codebook of a campaign folder, as GitHub Markdown.

    It names no number of rows and no quarter, so that a new quarter file does not change it.

    Raises
    ------
    DataError
        If datapackage.json or report.yml cannot be read.
    """
    package = read_package(folder)
    return "\n".join([*_head(package), *_tables(package), *_weaknesses(folder), *_origin(package)]) + "\n"


def refresh_package(folder: Path) -> bool:
    """List the quarter files in the folder's datapackage.json.

    The loader needs no such list; other readers of data packages do, and they want one header
    throughout, so only files with the same header as the oldest are listed.

    Returns
    -------
    bool
        Whether the file was changed. A folder without one is left alone.

    Raises
    ------
    DataError, OSError
    """
    faults: list[Fault] = []
    place = Folder(Path(folder), faults.append)
    if not place.exists(FILE):
        return False
    text, raw = place.read_text(FILE), place.read_json(FILE)
    whole = _of_one_header(place)
    if faults:
        raise DataError(faults)
    for resource in raw["resources"] if whole else ():
        if resource["name"] == "incidents":
            resource["path"] = whole
    new = json.dumps(raw, indent=1, ensure_ascii=False) + "\n"
    if new != text:
        write_file(Path(folder) / FILE, new.encode("utf-8"))
    return new != text


def _of_one_header(place: Folder) -> list[str]:
    """The quarter files that have the same header as the oldest."""
    files = [n for n in campaign_files(place.path) if n.startswith("incidents/")]
    starts = [(place.read_text(n) or "").lstrip()[:100_000] for n in files]
    headers = [next(iter(start.splitlines()), "").strip() for start in starts]
    return [n for n, header in zip(files, headers, strict=True) if header == headers[0]]


def _head(package: Package) -> Iterator[str]:
    raw = package.raw
    licences = [f"[{x.get('title', x.get('name'))}]({x['path']})" for x in raw.get("licenses", ()) if "path" in x]
    yield from (
        f"# Codebook: {raw.get('title', raw.get('name', 'the data'))}",
        "",
        "*Written by `incident-report codebook` from `datapackage.json` and `report.yml`. Edit those, not this page.*",
    )
    more = (_line(raw.get("description", "")), f"Licence: {', '.join(licences)}." if licences else "")
    yield from ("", *(f"{text}\n" for text in more if text))
    yield from (
        "All tables are CSV: UTF-8 without a byte order mark, separated by commas, one header line, days as "
        "YYYY-MM-DD.\nFor Excel, open the copies in the folder edition of data.zip, which carry the mark.",
        "An empty cell means unknown; 0 means that a source reports none.",
        "",
        *_files(package),
    )


def _files(package: Package) -> Iterator[str]:
    """The table of files: those of the schema with columns, those without, and those that no schema lists."""
    listed = [(table.path, table.title, table.optional) for table in package.tables.values()]
    listed += [
        (resource["path"], resource.get("title", resource["name"]), resource.get("optional", False))
        for resource in package.raw.get("resources", ())
        if "schema" not in resource and isinstance(resource.get("path"), str)
    ]
    yield from ("| File | Holds | Needed |", "|---|---|---|")
    for path, title, optional in (*listed, *_UNLISTED):
        yield f"| `{path}` | {_cell(title)} | {'no' if optional else 'yes'} |"


def _tables(package: Package) -> Iterator[str]:
    for table in package.tables.values():
        yield from ("", f"## {table.title}", "", f"`{table.path}`. {_line(table.description)}", "")
        yield from ("| Column | Type | Meaning |", "|---|---|---|")
        for field in table.fields:
            yield f"| `{field.name}` | {_kind(field)} | {_cell(field.description)}{_key(field)} |"
        for field in table.fields:
            if field.categories:
                yield from _values(field)


def _kind(field: Field) -> str:
    parts = [_TYPE[field.type]]
    if field.categories and field.type == "string":
        parts = ["one of the values below"]
    if field.type == "boolean":
        parts = [f"{field.true_values[0]} or {field.false_values[0]}"]
    if field.type == "list":
        parts = [f"list, separated by `{field.delimiter}`"]
    if field.type in ("integer", "number") and field.minimum is not None:
        parts.append(f"{field.minimum} to {field.maximum}" if field.type == "number" else f"{field.minimum} or more")
    if field.unit:
        parts.append(field.unit)
    if field.required:
        parts.append("**required**")
    return ", ".join(parts)


def _key(field: Field) -> str:
    if field.reference is None or "Id" in field.description:
        return ""
    return f" Refers to `{field.reference[1]}` in {field.reference[0]}."


def _values(field: Field) -> Iterator[str]:
    more = " New words are accepted with a warning." if field.open_vocabulary else ""
    yield from ("", f"Values of `{field.name}`:{more}", "")
    for category in field.categories:
        meaning = f": {_line(category.description)}" if category.description else ""
        yield f"- `{category.value}` ({_line(category.label)}){meaning}"


def _weaknesses(folder: Path) -> Iterator[str]:
    faults: list[Fault] = []
    place = Folder(Path(folder), faults.append)
    document = read_document(place, "report.yml") if place.exists("report.yml") else None
    if faults:
        raise DataError(faults)
    items = document.value.get("known_weaknesses", ()) if document else ()
    if items:
        yield from ("", "## Known weaknesses", "")
        yield from (f"- {_line(item if isinstance(item, str) else str(item['text']))}" for item in items)


def _origin(package: Package) -> Iterator[str]:
    sources = package.raw.get("sources", ())
    if sources:
        yield from ("", "## Where it comes from", "")
        for source in sources:
            title, path = source.get("title", ""), source.get("path", "")
            yield f"- {title}" + (f": <{path}>" if str(path).startswith("http") else "")


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
