"""The explorer's columns, packed: codes for text that many rows share, whole numbers for days and degrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import yaml

from incident_report.analysis.edition import Edition
from incident_report.analysis.explorer import COUNTED, kinds, values
from incident_report.data import read_package
from incident_report.paths import TEMPLATES
from incident_report.present.sources import name_of, source_names
from incident_report.present.words import LANGUAGE, words_of
from nbtypst.ast import printable

MISSING = -(2**31)
PAGE = "explorer_page.yml"


class Buffers:
    """Numbers and text behind a header, each from a multiple of eight bytes on."""

    def __init__(self) -> None:
        self.data = bytearray()

    def add(self, content: np.ndarray | str) -> dict[str, Any]:
        """Take numbers (stored little-endian, as they are) or text; gives what the header says of them."""
        if isinstance(content, str):
            raw = content.encode("utf-8", "replace")
            kind, length = "utf8", len(raw)
        else:
            raw = content.astype(content.dtype.newbyteorder("<")).tobytes()
            kind, length = f"{content.dtype.kind}{content.dtype.itemsize}", len(content)
        at = len(self.data)
        self.data += raw + bytes(-len(raw) % 8)
        return {"type": kind, "at": at, "length": length}


@cache
def words(language: str = LANGUAGE, file: str = "explorer.yml") -> Mapping[str, str]:
    """Texts by key; what a language's file lacks is taken from English.

    Parameters
    ----------
    file : str
        ``explorer.yml`` holds what the module says, ``explorer_page.yml`` what stands around it and in its data.
    """
    found: dict[str, str] = {}
    for one in dict.fromkeys((LANGUAGE, language)):
        path = TEMPLATES / "words" / one / file
        if path.is_file():
            found |= {str(k): str(v) for k, v in yaml.safe_load(path.read_text("utf-8")).items()}
    return found


def columns(ed: Edition, buffers: Buffers) -> list[dict[str, Any]]:
    """What the header says of each column, the campaign's series last; contents go to the buffers."""
    said = words(words_of(ed).language, PAGE)
    fields = read_package(ed.data.folder).tables["incidents"].by_name
    titles = {name: printable(field.title) for name, field in fields.items()}
    made = [*(_column(ed, name, buffers, said) for name in kinds(ed)), _series(ed, buffers)]
    for one in made:  # by the language's words, else by the campaign's schema
        name = str(one["name"])
        one["label"] = said.get(f"column.{name}") or titles.get(name) or name
    return made


def _column(ed: Edition, name: str, buffers: Buffers, said: Mapping[str, str]) -> dict[str, Any]:
    kind, cells = kinds(ed)[name], ed.listed[name]
    found: dict[str, Any] = {"name": name, "kind": kind}
    if name == COUNTED:
        found |= {"values": ["yes", "no"], "labels": [said["yes"], said["no"]]}
        return found | {"buffer": buffers.add(np.where(ed.listed.index.isin(ed.counted.index), 1, 2).astype("u1"))}
    if kind == "text":
        return found | {"buffer": buffers.add("\0".join(cells.fillna("").str.replace("\0", "", regex=False)))}
    if kind in ("code", "list"):
        held = values(ed, name)
        codes = pd.Series(range(1, len(held) + 1), held, dtype="int64")
        found |= {"values": list(held), "labels": _labels(ed, name, held)}
        if kind == "list":
            found["offsets"] = buffers.add(np.cumsum([0, *cells.map(len)]).astype("u4"))
            cells = cells.explode().dropna()
        numbers = cells.astype(str).where(cells.notna()).map(codes).fillna(0).astype("int64")
        return found | {"buffer": buffers.add(numbers.to_numpy().astype(_smallest(len(held))))}
    whole = _day_numbers(cells) if kind == "day" else degrees_as_numbers(cells) if kind == "degrees" else cells
    return found | {"buffer": buffers.add(whole.astype("Int64").fillna(MISSING).to_numpy("int64").astype("i4"))}


def _series(ed: Edition, buffers: Buffers) -> dict[str, Any]:
    """The campaign's series as a list column: membership, not a column of the data."""
    inside = np.ones((len(ed.listed), len(ed.campaign.series)), bool)
    for i, one in enumerate(ed.campaign.series):
        for column, allowed in one.where.items():
            inside[:, i] &= ed.listed[column].isin(allowed).to_numpy(bool)
    return {
        "name": "series",
        "kind": "list",
        "values": [s.id for s in ed.campaign.series],
        "labels": [printable(s.label) for s in ed.campaign.series],
        "offsets": buffers.add(np.concatenate([[0], np.cumsum(inside.sum(axis=1))]).astype("u4")),
        "buffer": buffers.add((np.nonzero(inside)[1] + 1).astype("u1")),
    }


def _smallest(most: int) -> str:
    return "u1" if most < 2**8 else "u2" if most < 2**16 else "u4"


def _day_numbers(cells: pd.Series) -> pd.Series:
    """Days since 1970-01-01."""
    return (cells - pd.Timestamp(0)).dt.days.astype("Int64")


def degrees_as_numbers(cells: pd.Series) -> pd.Series:
    """Degrees as whole numbers that keep their side of every line of the fourth decimal.

    A point between two numbers takes the lower, unless that is one of those lines, which it is beyond.
    """
    exact = (cells.astype("Float64") * 1e5).round(3)
    lower = np.floor(exact)
    return (lower + ((exact > lower) & (lower % 10 == 0)).astype("Float64")).astype("Int64")


def _labels(ed: Edition, column: str, held: Sequence[str]) -> list[str]:
    if column == "sources":
        told = source_names(ed)
        return [printable(name_of(told[v]) if v in told else v) for v in held]
    if column == "site_id":
        sites = dict(zip(ed.data.sites["site_id"], ed.data.sites["name"], strict=True))
        return [printable(str(sites.get(v) or v)) for v in held]
    return [printable(ed.data.label(v, column)) for v in held]
