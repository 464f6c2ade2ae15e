"""provenance.json: what a report was built from, and the hash of every file that was put out.

Light: no pandas, so that `build --if-due` and `verify` can ask it at once. `publish.index` makes the
part of it that says where each number comes from.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from functools import partial
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from incident_report.data.row_sets import LONG
from incident_report.paths import ROOT
from incident_report.publish.versions import apart

NAME = "provenance.json"
FORMAT = "incident-report/1"
REPORTS = {
    "html": "report.html", "pdf": "report.pdf", "brief": "brief.pdf", "docx": "report.docx", "explore": "explore.html"
}  # fmt: skip
# What reports held before their provenance listed it.
_BEFORE = {*REPORTS.values(), "data.zip", "figures/manifest.json"}
# What file managers leave behind in any folder that they show.
_DROPPINGS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_MOST = 512 * 1024 * 1024
_LINES, _LONGEST = 200_000, 1 << 20  # of the part in front of the records
_RECORDS = b' "records": '


def sha256(path: Path) -> str:
    """Hash of a file as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def outputs(folder: Path) -> dict[str, str]:
    """Hash of every file in a folder, by its path from there, sorted; provenance.json itself is left out.

    Links are not followed: a link stands with where it leads instead of a hash. Versions of the report, which have a
    provenance of their own, and what points to them are left out too.
    """
    apart_from = {NAME, *(p.name for p in apart(folder))}
    found = {}
    for at, folders, names in os.walk(folder):
        for path in (Path(at, name) for name in (*names, *folders) if name not in _DROPPINGS):
            key = path.relative_to(folder)
            if key.parts[0] not in apart_from and (path.is_symlink() or not path.is_dir()):
                found[key.as_posix()] = _hash(path)
    return dict(sorted(found.items()))


def _hash(path: Path) -> str:
    return sha256(path) if path.is_file() and not path.is_symlink() else "not a file"


def read(folder: Path) -> dict[str, Any] | None:
    """The provenance of a report of ours, or None where the folder holds none; without records where it is huge."""
    path = folder / NAME
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > _MOST:
            return (found := _head(path)) and {**found, "records": {}, "rows": {}}
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("inputs_sha256"), str):
        return None
    ours = str(found.get("format", "")).startswith("incident-report/")
    return unfolded(found) if ours or {"records", "rows", "edition"} <= set(found) else None


def head(folder: Path) -> dict[str, Any] | None:
    """As `read`, without records and rows, which stand last and are nearly all of it: whose report it is, of what."""
    try:
        return _head(folder / NAME) or read(folder)
    except (OSError, ValueError, RecursionError):
        return read(folder)


def _head(path: Path) -> dict[str, Any] | None:
    """What stands before the records of a file that `write_json` wrote whole; else None, or an error."""
    with path.open("rb") as stream:
        every = islice(iter(partial(stream.readline, _LONGEST), b""), _LINES)
        lines = [*takewhile(lambda line: not line.startswith(_RECORDS), every)]
        stream.seek(-2, os.SEEK_END)
        whole = stream.read() == b"}\n"
    found = json.loads(b"".join(lines).rstrip().removesuffix(b",") + b"}")
    ours = isinstance(found.get("inputs_sha256"), str) and str(found.get("format", "")).startswith("incident-report/")
    return found if whole and ours else None


def folded(index: dict[str, Any]) -> dict[str, Any]:
    """The index of records with every long list of ids once, under `row_lists`, and its number in the traces."""
    lists: dict[tuple[str, ...], int] = {}
    known: dict[int, int] = {}  # by identity: records share their lists, and comparing long ones takes time

    def short(trace: dict[str, Any]) -> dict[str, Any]:
        rows = trace["rows"]
        if len(rows) <= LONG:
            return trace
        if id(rows) not in known:
            known[id(rows)] = lists.setdefault(tuple(rows), len(lists))
        return trace | {"rows": known[id(rows)]}

    records = {id: record | {"trace": [*map(short, record["trace"])]} for id, record in index["records"].items()}
    return index | {"records": records} | ({"row_lists": [*map(list, lists)]} if lists else {})


def unfolded(found: dict[str, Any]) -> dict[str, Any]:
    """What `folded` made, as it was; anything else, a file that was meddled with too, as it is."""
    lists = found.get("row_lists")
    if not isinstance(lists, list):
        return found
    try:
        for trace in (t for record in found["records"].values() for t in record["trace"]):
            if isinstance(trace["rows"], int):
                trace["rows"] = lists[trace["rows"]]
    except (KeyError, IndexError, TypeError, AttributeError):
        return found
    return {k: v for k, v in found.items() if k != "row_lists"}


def strangers(folder: Path) -> list[str]:
    """Files and empty folders that no build of ours made; all of them where the folder lacks our mark."""
    there = [*outputs(folder), *_empty(folder)]
    known = head(folder)
    if known is None:
        return [*there, *([NAME] if (folder / NAME).exists() else [])]
    listed = known.get("outputs")
    if isinstance(listed, Mapping):
        return [name for name in there if name not in listed]
    return [n for n in there if n not in _BEFORE and not n.startswith("figures/fig-")]


def _empty(folder: Path) -> list[str]:
    """Folders without anything in them, which `outputs` does not see."""
    others = {p.name for p in apart(folder)}
    found = [Path(at).relative_to(folder) for at, folders, names in os.walk(folder) if not folders + names]
    return [f"{p.as_posix()}/" for p in sorted(found) if p.parts and p.parts[0] not in others]


def strange_figures(folder: Path) -> list[str]:
    """Likewise for a folder of figures, whose mark is its manifest.json."""
    there = {*outputs(folder), *_empty(folder)}
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        ids = {str(figure["id"]) for figure in manifest["figures"]}
    except (OSError, ValueError, KeyError, TypeError):
        return sorted(there)
    own = {f"{id}.{kind}" for id in ids for kind in ("svg", "csv", "png")} | {"manifest.json"}
    return sorted(there - own)


def revision() -> dict[str, Any]:
    """Git revision of the project and whether files differ from it; empty outside a repository."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(ROOT), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
        return done.stdout.strip()

    try:
        return {"revision": git("rev-parse", "HEAD"), "modified": bool(git("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return {}


def about(meta: Mapping[str, Any], audience: str) -> dict[str, str]:
    """What an index of editions says of the report."""
    return {
        "period": meta["kicker"],
        "subtitle": meta["subtitle"],
        "lang": meta["lang"],
        "site_url": meta["house"].site_url,
        "audience": audience,
        "publisher": meta["house"].publisher,
        "published": meta["published"].isoformat() if meta["published"] else "",
        "state": meta["state"],
        "notice": meta["told"].notice,
    }
