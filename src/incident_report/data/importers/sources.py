"""Sources that a dataset names in its rows."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

import pandas as pd

from incident_report.data.importers import days
from incident_report.data.importers.cells import slug
from incident_report.data.importers.imported import Imported

_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s/?#:]+)\S*")
_MOST_NAMED = 12  # in one row, unless the map says otherwise
_LONGEST = 160


class Sources:
    """The sources of each row, registered as they are met; how reliable they are is not ours to judge."""

    def __init__(self, frame: pd.DataFrame, doc: Mapping[str, Any], result: Imported) -> None:
        self._frame = frame
        self._doc = doc
        self._result = result
        self._spec: Mapping[str, Any] = doc.get("sources", {})

    def ids(self) -> list[str]:
        """Ids of each row's sources, separated by semicolons; the dataset's own where a row names none."""
        spec, frame = self._spec, self._frame
        columns = spec.get("columns", [])
        empty = [""] * len(frame)
        texts = frame[columns].itertuples(index=False, name=None) if columns else [()] * len(frame)
        urls = frame[spec["url"]] if "url" in spec else empty
        dates = frame[spec["published"]] if "published" in spec else empty
        seen: dict[Any, str] = {}
        made, cut = [], 0
        for row in zip(texts, urls, dates, strict=True):
            names = self._names(row[0])
            cut += len(names) > spec.get("most", _MOST_NAMED)
            if row not in seen:
                seen[row] = self._of(names[: spec.get("most", _MOST_NAMED)], row[1], row[2])
            made.append(seen[row])
        if cut and "most" not in spec:
            self._result.notes[f"more than {_MOST_NAMED} sources named; the first are kept"] += cut
        return made

    def _names(self, texts: tuple[str, ...]) -> list[str]:
        split = self._spec.get("split")
        parts = [p for t in texts for p in (t.split(split) if split else [t])]
        return list(dict.fromkeys(p.strip()[:_LONGEST] for p in parts if p.strip()))

    def _of(self, names: list[str], url: str, published: str) -> str:
        address = url if _ADDRESS.fullmatch(url) else ""
        if not names and not address:
            return dataset(self._result)
        day = _published(published)
        found = [self._add(n, day, address if len(names) == 1 else "") for n in names or [address]]
        return ";".join(dict.fromkeys(found))

    def _add(self, publisher: str, published: str, url: str) -> str:
        if address := _ADDRESS.fullmatch(publisher):
            publisher, url = address[1], publisher
        ident = f"{_prefix(self._doc)}-{slug(publisher)}"
        ident += f"-{zlib.crc32(url.encode()):08x}" if url else ""
        return _register(self._result, f"{ident}-{published or 'nd'}", publisher, published, url, "other")


def dataset(result: Imported) -> str:
    """Id of the dataset itself as a source, which is registered where it was not."""
    ident = f"{_prefix(result.doc)}-{slug(result.name)}-nd"
    return _register(result, ident, result.name, "", str(result.doc.get("url", "")), "dataset")


def _prefix(doc: Mapping[str, Any]) -> str:
    return str(doc.get("sources", {}).get("prefix") or slug(str(doc["name"]), 20))


def _register(result: Imported, ident: str, publisher: str, published: str, url: str, kind: str) -> str:
    row = {
        "source_id": ident,
        "publisher": publisher,
        "published": published,
        "kind": kind,
        "reliability": "F",
        "url": url,
    }
    result.sources.setdefault(ident, row)
    return ident


def _published(text: str) -> str:
    found = days.read_days([text], ["iso"])[text][0]
    return "" if isinstance(found, str) else found.day.isoformat()
