"""Link the campaign's events with those of another dataset, one to one, and list what only one of them has."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from incident_report.data.folders import data_folder, shown
from incident_report.errors import BuildError, UsageError, readable

if TYPE_CHECKING:
    import pandas as pd

    from incident_report.analysis.linkage import Linked

HELP = "compare the incidents with another dataset's, event by event"
_SHOWN = 12  # lines of one list on the screen; --out has them all


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--with", dest="other", required=True, metavar="FILE", help="the other dataset's file")
    parser.add_argument(
        "--map", dest="mapping", required=True, metavar="MAP", help="acled, ucdp-ged, gtd or a map of your own"
    )
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument("--country", default="", metavar="NAME", help="only rows of this country")
    parser.add_argument("--days", type=int, default=1, metavar="N", help="days that may lie between (default: 1)")
    parser.add_argument("--km", type=float, default=15.0, metavar="N", help="km that may lie between (default: 15)")
    parser.add_argument(
        "--differ", type=int, default=1, metavar="N", help="how many of method and target may differ (default: 1)"
    )
    parser.add_argument("--out", default="", metavar="FOLDER", help="a new folder for the tables as CSV")


def run(args: argparse.Namespace) -> int:
    """Print what was linked; nothing is written without --out."""
    from incident_report.analysis.linkage import Tolerance

    try:
        tolerance = Tolerance(args.days, args.km, args.differ)
    except ValueError as error:
        raise UsageError(f"--{error}") from None
    out = Path(args.out) if args.out else None
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} exists already; name a new folder, nothing was written")
    with readable(args.other):
        tables, lines = _linked(args, tolerance)
    if out is not None:
        _write(out, tables)
        lines.append(f"wrote {', '.join(shown(out / f'{name}.csv') for name in tables)}")
    print(*lines, sep="\n")
    return 0


def _linked(args: argparse.Namespace, tolerance: Any) -> tuple[dict[str, pd.DataFrame], list[str]]:
    from incident_report.analysis.linkage import agreement, by_chance, link, overlap
    from incident_report.analysis.open import edition_of
    from incident_report.data import check, format_errors
    from incident_report.data.importers import FORMATS, Selection, chosen_map, read

    folder = data_folder(args.data)
    data, faults = check(folder)
    if data is None:
        raise BuildError(*format_errors(faults, args.data))
    ed = edition_of(data)
    first, last = ed.quarters[0].start, ed.quarter.end
    chart = chosen_map(args.mapping) if args.mapping in FORMATS else chosen_map("", Path(args.mapping))
    result = read(Path(args.other), chart, Selection(args.country, first, last))
    if not result.incidents:
        raise BuildError(f"{args.other}: none of its {result.rows:,} rows is an attack from {first} to {last}")
    theirs = _frame(result.incidents)
    theirs, ours = theirs[~theirs["outcome"].isin(["found_before_launch", "disputed"])], ed.counted
    found = link(ours, theirs, tolerance)
    told = {
        "pairs": found.pairs.assign(check=found.pairs["check"].map(";".join)),
        "only_ours": _named(found.only_ours, ours),
        "only_theirs": _named(found.only_theirs, theirs),
        "agreement": agreement(found),
        "ours_in_theirs": overlap(ours, found.pairs["ours"], _groups(ed, ours), ed.quarter.unit),
        "theirs_in_ours": overlap(theirs, found.pairs["theirs"], _groups(ed, theirs), ed.quarter.unit),
    }
    lines = list(_lines(found, told, result.name, by_chance(ours, theirs, tolerance)))
    return told, [*result.found, *lines]


def _frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Imported rows as typed columns, as far as linking and series read them."""
    import pandas as pd

    table = pd.DataFrame(rows).replace("", pd.NA)
    return table.assign(
        date=pd.to_datetime(table["date"]),
        **{c: pd.to_numeric(table[c], errors="coerce") for c in ("latitude", "longitude") if c in table},
    )


def _groups(ed: Any, rows: pd.DataFrame) -> dict[str, list[bool]]:
    """Membership of the campaign's series, all first."""
    from incident_report.data.conditions import matches

    ids = [s.id for s in (ed.campaign.all_series, *ed.campaign.series)]
    return {i: matches(rows, {"series": i}, ed.series).astype(bool).tolist() for i in ids}


def _named(alone: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Events without a partner, with what a person needs to look them up."""
    columns = [c for c in ("place", "attack_method", "target_category", "summary") if c in rows]
    return alone.join(rows.set_index("incident_id")[columns], on="id")


def _lines(found: Linked, told: dict[str, pd.DataFrame], name: str, chance: float) -> Iterator[str]:
    pairs, t = found.pairs, found.tolerance
    days, differ = f"{t.days} day{'s' * (t.days != 1)}", f"{t.differ} of method and target may differ"
    yield (
        f"{len(pairs)} pairs within {days} and {t.km:g} km, {differ}; "
        f"{len(found.only_ours)} only ours, {len(found.only_theirs)} only in {name}"
    )
    yield f"moved by 45 and 90 days, where no event is the same, the lists make {chance:.1f} pairs by chance"
    unsure = int(pairs["check"].map(bool).sum())
    yield f"{unsure} pairs have something to check; of those where both know, they agree on:"
    for row in told["agreement"].to_dict("records"):
        known = row["same"] + row["differs"]
        share = f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})" if known else "none to compare"
        yield f"  {row['field']}: {row['same']} of {known}, {share}; not known in {row['unknown']}"
    for key, words in (("ours_in_theirs", f"ours that {name} has"), ("theirs_in_ours", f"of {name}'s that we have")):
        yield f"{words}:"
        for row in told[key].to_dict("records"):
            share = f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})"
            yield f"  {row['quarter']} {row['group']}: {row['paired']} of {row['events']}, {share}"
    for key, words in (("only_ours", "only ours"), ("only_theirs", f"only in {name}")):
        listed = told[key].to_dict("records")
        yield f"{words}{': none' * (not listed)}{', with the nearest of the other list:' * bool(listed)}"
        yield from (f"  {_alone(row)}" for row in listed[:_SHOWN])
        if len(listed) > _SHOWN:
            yield f"  and {len(listed) - _SHOWN} more (--out writes them all)"
    yield "no total is estimated from the overlap: lists drawn from the same press are not independent"


def _alone(row: Mapping[Any, Any]) -> str:
    import pandas as pd

    start = f"{row['id']} {row['date']:%Y-%m-%d}"
    if pd.isna(row["nearest"]):
        return f"{start}: none near"
    km = "place known by district only" if pd.isna(row["km"]) else f"{row['km']:.0f} km"
    return f"{start}: {row['nearest']}, {row['days']} days and {km} away{', paired with another' * bool(row['taken'])}"


def _write(out: Path, tables: dict[str, pd.DataFrame]) -> None:
    from incident_report.publish.bundle import BOM, table_csv

    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        (out / f"{name}.csv").write_bytes(BOM + table_csv(table))
