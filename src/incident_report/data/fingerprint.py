"""A short name for the exact data that an edition used."""

from __future__ import annotations

import hashlib
from pathlib import Path

from incident_report.data.known import campaign_files

SUFFIXES = {".csv", ".yml", ".json", ".geojson"}


def data_files(folder: Path) -> list[Path]:
    """The campaign's own files in a fixed order: those of the closed set from which numbers or words come."""
    return [folder / name for name in campaign_files(folder) if Path(name).suffix in SUFFIXES]


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and bytes of all data files.

    Returns
    -------
    str
        64 hexadecimal digits; the same for the same files wherever the folder lies.
    """
    total = hashlib.sha256()
    for path in data_files(folder):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
