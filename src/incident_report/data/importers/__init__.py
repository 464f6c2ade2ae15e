"""Importers: ACLED, UCDP GED and GTD files into a campaign folder."""

from __future__ import annotations

from pathlib import Path

from incident_report.data.importers import acled, gtd, ucdp
from incident_report.data.importers.common import Imported, ImportFault, Selection
from incident_report.data.importers.write import write_campaign

_HERE = Path(__file__).parent
FORMATS = {
    "acled": (
        acled.read,
        _HERE / "acled.yml",
        "ACLED",
        (
            "ACLED overwrites and deletes rows as it learns more: a later export of the same days may differ.",
            "Method and target are mapped from ACLED's event types and notes by the rules in acled.yml; what no rule"
            " names is 'other'. ACLED does not say which actor attacked, and state forces' attacks are among the rows.",
            "Deaths are ACLED's; where a report gives only a vague number, ACLED writes a fixed one.",
        ),
    ),
    "ucdp-ged": (
        ucdp.read,
        _HERE / "ucdp-ged.yml",
        "UCDP GED",
        (
            "UCDP GED holds only events with at least one death: its rows are not all attacks, and shares of deadly"
            " attacks mean nothing here.",
            "UCDP GED codes neither weapon nor target; the method is guessed from headlines by the rules in"
            " ucdp-ged.yml, and mostly 'other'. In a fight the side that alone lost people is taken for the target;"
            " where both lost some, the row does not say who attacked. State forces' attacks are among the rows.",
            "Deaths are UCDP's best estimate; low and high stand in each row's summary.",
        ),
    ),
    "gtd": (
        gtd.read,
        _HERE / "gtd.yml",
        "GTD",
        (
            "GTD's terms forbid passing its rows on: keep the imported folder to yourself.",
            "Method and target are mapped from GTD's weapon and target types by the rules in gtd.yml.",
            "Deaths that GTD shares out in fractions over linked attacks are left unknown.",
        ),
    ),
}

__all__ = ["FORMATS", "ImportFault", "Imported", "Selection", "import_file", "summary"]


def import_file(
    kind: str, path: Path, out: Path, selection: Selection | None = None, mapping: Path | None = None
) -> Imported:
    """Import a file into a new campaign folder.

    Parameters
    ----------
    kind : str
        A key of `FORMATS`.
    path, out : Path
        The file, and the folder to be written (it must not exist, or be empty).
    mapping : Path, optional
        Instead of the mapping file that comes with the format.

    Raises
    ------
    ImportFault, DataError, ValueError
        Each in clear lines; nothing is written then.
    """
    read, own_mapping, name, weaknesses = FORMATS[kind]
    chosen = selection or Selection()
    result = read(path, mapping or own_mapping, chosen)
    write_campaign(result, out, name, weaknesses, chosen.country)
    return result


def summary(result: Imported) -> str:
    """What became of every row, for people."""
    lines = [f"{result.rows} rows read: {len(result.incidents)} imported, {len(result.left_out)} left out."]
    reasons: dict[str, int] = {}
    for one in result.left_out:
        reasons[one.reason] = reasons.get(one.reason, 0) + 1
    lines += [f"  left out, {n}: {reason}" for reason, n in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))[:12]]
    lines += [f"  kept, {n}: {note}" for note, n in sorted(result.notes.items(), key=lambda r: (-r[1], r[0]))]
    for column, codes in sorted(result.unmapped.items()):
        total = sum(codes.values())
        share = 100 * total / max(len(result.incidents), 1)
        lines.append(f"  {column}: {total} of {len(result.incidents)} ({share:.0f}%) went to 'other', most often:")
        lines += [f"    {n} × {code or '(empty)'}" for code, n in codes.most_common(3)]
    return "\n".join(lines)
