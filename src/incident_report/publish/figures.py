"""Write figures as files that others can use: SVG, the data as CSV, a manifest, and PNG where it is wanted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from incident_report.present.typefaces import carrying
from incident_report.publish import rasters
from incident_report.publish.collect import Found


def write_figures(records: Sequence[Found], folder: Path, edition: str, *, png: bool = False) -> None:
    """Write ``<id>.svg`` and ``<id>.csv`` of every figure, and ``manifest.json``.

    The manifest says of each figure what it is, what is seen on it, what it rests on, and the SHA-256
    of the two files.

    Parameters
    ----------
    folder : Path
        Is made, or holds nothing else.
    png : bool
        Also ``<id>.png``, for those who cannot use SVG. The manifest is the same with and without
        them: their compression is a matter of the machine's libraries, so nobody compares them.
    """
    folder.mkdir(exist_ok=True)
    entries: list[dict[str, Any]] = []
    for one in records:
        if one.kind != "figure":
            continue
        content = one.content
        files = {
            f"{one.id}.svg": carrying(content["svg"]).encode(),
            f"{one.id}.csv": one.csv(),
        }
        for name, data in files.items():
            (folder / name).write_bytes(data)
        if png:
            (folder / f"{one.id}.png").write_bytes(rasters.png(content["svg"].encode()))
        entries.append(
            {
                "id": one.id,
                "chapter": one.notebook,
                **{key: content.get(key, "") for key in ("title", "caption", "alt", "source", "n")},
                "width_in": content["width"],
                "height_in": content["height"],
                "files": [
                    {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                    for name, data in files.items()
                ],
            }
        )
    write_json(folder / "manifest.json", {"edition": edition, "figures": entries})


def write_json(path: Path, value: Any) -> None:
    """Write JSON the one way that this project does: indented, UTF-8, a line feed at the end; piece by piece."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        json.dump(value, stream, indent=1, ensure_ascii=False)
        stream.write("\n")
