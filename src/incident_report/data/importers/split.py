"""One export of many countries cut into a table for each, so that a large file is read once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from incident_report.data.cells import suggest
from incident_report.data.importers import Map, Selection, chosen_map, import_file
from incident_report.data.importers.fields import Fields
from incident_report.data.importers.imported import Imported
from incident_report.data.importers.table import LINE, ImportFault, read_table, rename


def split(path: Path, chart: Map, folder: Path, countries: Collection[str] = ()) -> dict[str, Path]:
    """Cut an export by country; its rows and columns stay as they are.

    Parameters
    ----------
    path : Path
        What `table.read_table` reads.
    folder : Path
        Where the tables go, as CSV; it must be there.
    countries : collection of str
        As the file spells them, small and capital letters alike; all that it has without them.

    Returns
    -------
    dict of country -> table

    Raises
    ------
    ImportFault
        If it is no table, names no countries, or not one that is asked for.
    """
    doc = chart.doc
    table = read_table(path, **{k: doc[k] for k in ("sheet", "records", "header") if k in doc})
    rename(table, doc.get("also", {}))
    frame = table.frame.drop(columns=LINE)
    wanted = {c: frame.get(c, "") for c in chart.columns()}
    read = frame.assign(**{c: column for c, column in wanted.items() if c not in frame})
    country = Fields(read, doc, read, Imported(doc)).text("country")
    called = country.str.casefold()
    there = {key: name for key, name in zip(called, country, strict=True) if key}  # however it is written
    if not there:
        raise ImportFault(f"{path}: no row names a country, by which the file could be split")
    found = {}
    for asked in countries or sorted(there.values()):
        if (key := asked.casefold()) not in there:
            raise ImportFault(f"{path}: no row is of country {asked!r}{suggest(asked, list(there.values()))}")
        named = there[key]
        found[named] = folder / f"{plain_name(named)}.csv"
        content = frame[called == key].to_csv(index=False, lineterminator="\n").encode()
        if not found[named].is_file() or found[named].read_bytes() != content:
            found[named].write_bytes(content)
    return found


def plain_name(country: str) -> str:
    """A country as the name of a folder; two countries never share one."""
    ascii = unicodedata.normalize("NFKD", country).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", ascii).strip("-")
    same = plain and plain.replace("-", " ") == country.lower()
    return plain if same else f"{plain or 'country'}-{hashlib.sha256(country.encode()).hexdigest()[:6]}"


def import_part(table: Path, kind: str, own: Path | None, out: Path, chosen: Selection) -> None:
    """Import one country's table into a campaign folder, unless it was made of these very rows before.

    Raises
    ------
    ImportFault, MapFault, DataError
        As `import_file`; and where the folder was made of other rows, since somebody may have worked on it.
    """
    chart = chosen_map(kind, own)
    chart = replace(chart, doc={k: v for k, v in chart.doc.items() if k not in ("sheet", "records", "header")})
    made_of = hashlib.sha256(repr((chart.doc, chosen)).encode() + table.read_bytes()).hexdigest()
    mark = out.with_name(f"{out.name}.sha256")
    if out.is_dir() and mark.is_file():
        if mark.read_text("ascii").strip() == made_of:
            return
        how = "bring them in by incident-report import --into, or move it away"
        raise ImportFault(f"{out}: was imported from other rows, or by another map: {how}")
    import_file(table, chart, out, chosen)
    mark.write_text(f"{made_of}\n", "ascii")
