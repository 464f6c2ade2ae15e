"""Importers: any table into a campaign folder by a map; ACLED, UCDP GED and GTD are maps that come with it."""

from __future__ import annotations

from pathlib import Path

from incident_report.data.collector import put_off
from incident_report.data.importers.account import account
from incident_report.data.importers.imported import Imported, Selection
from incident_report.data.importers.mapfile import Map, MapFault, read_map
from incident_report.data.importers.rows import read
from incident_report.data.importers.table import ImportFault
from incident_report.data.importers.write import refuse_existing, write_account, write_campaign

_HERE = Path(__file__).parent
FORMATS = {name: _HERE / f"{name}.yml" for name in ("acled", "ucdp-ged", "gtd")}

__all__ = [
    "FORMATS", "ImportFault", "Imported", "Map", "MapFault", "NothingImported", "Selection", "chosen_map",
    "import_file", "read",
]  # fmt: skip


class NothingImported(ImportFault):
    """No row became an incident; the message is the account, and where it was written."""


def chosen_map(kind: str = "", own: Path | None = None) -> Map:
    """The map of a format, one's own, or one's own with the format's keys where it gives none.

    Parameters
    ----------
    kind : str
        A key of `FORMATS`, or nothing.
    own : Path, optional
        A map of one's own.

    Raises
    ------
    MapFault
        In a line for each fault.
    """
    shipped = read_map(FORMATS[kind]) if kind else None
    if own is None:
        if shipped is None:
            raise MapFault("a map is needed")
        return shipped
    return read_map(own, shipped.doc if shipped else None)


@put_off()
def import_file(path: Path, chart: Map, out: Path, selection: Selection | None = None) -> tuple[Imported, list[str]]:
    """Import a file into a new campaign folder.

    Parameters
    ----------
    path, out : Path
        The file, and the folder to be written (it must not exist, or be empty).
    chart : Map
        See `chosen_map`.

    Returns
    -------
    Imported, list of str
        What was read, and the account of it for people.

    Raises
    ------
    NothingImported
        The account stands in its message, and with each row's reason beside `out`, in ``NAME-import/``.
    ImportFault, DataError, ValueError
        Each in clear lines; nothing is written then.
    """
    wanted = selection or Selection()
    refuse_existing(out)
    result = read(path, chart, wanted)
    lines = account(result, wanted)
    if not result.incidents:
        beside = out.with_name(f"{out.name}-import")
        write_account(beside, result, lines)
        where = f"nothing was imported; every row stands in {beside / 'left_out.csv'} with its reason"
        raise NothingImported("\n".join([*lines, where]))
    write_campaign(result, out, wanted, lines)
    return result, lines
