"""Import any table of events into a new campaign folder by a map, or this project's workbook into CSV."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from incident_report.errors import BuildError, UsageError, readable
from incident_report.periods import QUARTER, UNITS, Period

HELP = "import a table by a map (ACLED, UCDP GED, GTD or your own), or a workbook"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("file", metavar="FILE", help="the file to import: CSV, TSV, XLSX or JSON")
    parser.add_argument(
        "--from", dest="kind", default="", metavar="FORMAT", help="acled, ucdp-ged or gtd: the map that comes with it"
    )
    parser.add_argument(
        "--map",
        dest="mapping",
        default="",
        metavar="FILE",
        help="your own map; with --from, its keys replace the format's",
    )
    parser.add_argument(
        "--draft-map", action="store_true", help="look at FILE and write a map to edit (to --out, or print it)"
    )
    parser.add_argument("--out", default="", metavar="FOLDER", help="folder to write (a new one; for a workbook: data)")
    parser.add_argument(
        "--into", default="", metavar="FOLDER", help="show what a newer export changes in this campaign"
    )
    parser.add_argument("--yes", action="store_true", help="with --into: write it")
    parser.add_argument(
        "--country", default="", metavar="NAME", help="only rows of this country, as the file spells it"
    )
    parser.add_argument(
        "--period", default="", choices=UNITS, help="what the new campaign reports by (default: quarter)"
    )
    parser.add_argument("--from-date", default="", metavar="DAY", help="only rows from this day on, like 2020-07-01")
    parser.add_argument("--to-date", default="", metavar="DAY", help="only rows up to this day")
    parser.add_argument(
        "--keep-state-operations", action="store_true",
        help="keep a state force's own operations, with author and target open",
    )  # fmt: skip
    parser.add_argument(
        "--provisional", action="store_true",
        help="the file is a candidate or weekly release: its rows are marked until a final one replaces them",
    )  # fmt: skip
    parser.add_argument(
        "--allow-removals", action="store_true", help="for a workbook: drop the rows that it does not have"
    )


def run(args: argparse.Namespace) -> int:
    """Import; nothing is written unless the result passes the same checks as any data."""
    if args.draft_map:
        return _draft(args)
    if not args.kind and not args.mapping:
        return _workbook(args)
    return _import(args)


def _import(args: argparse.Namespace) -> int:
    from incident_report.data.importers import FORMATS, Selection, chosen_map, import_file

    if args.kind and args.kind not in FORMATS:
        raise UsageError(f"--from is {args.kind!r}; it must be {', '.join(FORMATS)}, or leave it out and say --map")
    if bool(args.out) == bool(args.into):
        new = "--out campaigns/NAME, a folder that does not exist yet"
        raise UsageError(f"say where to: {new}, or --into a campaign that a newer export is to update")
    wanted = Selection(args.country, *_days(args), args.keep_state_operations, args.provisional, args.period or QUARTER)
    mapping = Path(args.mapping) if args.mapping else None
    if args.into:
        if args.period:
            raise UsageError("--period is for a new campaign; --into keeps the one that report.yml names")
        from incident_report.commands._into import bring

        with readable(args.file):
            print(*bring(Path(args.file), chosen_map(args.kind, mapping), args.into, wanted, write=args.yes), sep="\n")
        return 0
    out = Path(args.out)
    with readable(out):
        try:
            result, lines = import_file(Path(args.file), chosen_map(args.kind, mapping), out, wanted)
        except ValueError as fault:
            raise BuildError(*str(fault).split("\n")) from None
    many = len({Period.of(date.fromisoformat(row["date"]), wanted.period) for row in result.incidents})
    print(
        *lines,
        f"incidents: {len(result.incidents):,} rows added in {many} {wanted.period}s; nothing was replaced",
        f"wrote {out}: edit report.yml, then make report DATA={out}",
        f"every row left out stands in {out / 'import' / 'left_out.csv'} with its reason",
        sep="\n",
    )
    return 0


def _draft(args: argparse.Namespace) -> int:
    from incident_report.data.importers.draft import draft_map

    others = (args.kind, args.mapping, args.country, args.from_date, args.to_date)
    if any((*others, args.keep_state_operations, args.provisional)):
        raise UsageError("--draft-map takes the file and --out alone")
    with readable(args.file):
        text = draft_map(Path(args.file))
        if args.out:
            out = Path(args.out)
            if out.exists():
                raise BuildError(f"{out} exists already; name a new file, nothing was written")
            out.write_text(text, "utf-8")
            print(
                f"wrote {out}: look at every line that says CHECK, then",
                f"incident-report import --map {out} {args.file} --out campaigns/NAME",
                sep="\n",
            )
        else:
            print(text, end="")
    return 0


def _days(args: argparse.Namespace) -> tuple[date | None, date | None]:
    """The first and the last day that are wanted."""
    days = []
    for option, text in (("--from-date", args.from_date), ("--to-date", args.to_date)):
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            raise UsageError(f"{option} is {text!r}; write a day like 2020-07-01") from None
    start, end = days
    if start and end and end < start:
        raise UsageError(f"--to-date {end} lies before --from-date {start}")
    return start, end


def _workbook(args: argparse.Namespace) -> int:
    from incident_report.data.workbook_back import RemovalError, import_workbook

    if any((args.country, args.from_date, args.to_date, args.keep_state_operations, args.provisional, args.period)):
        names = "--country, --period, --from-date, --to-date, --keep-state-operations and --provisional"
        raise UsageError(f"{names} go with --from or --map")
    out = Path(args.out or "data")
    with readable(out):
        try:
            done = import_workbook(Path(args.file), out, allow_removals=args.allow_removals)
        except RemovalError as error:
            raise BuildError(f"{error}; nothing was written: say --allow-removals if that is meant") from None
    lines = [
        *(f"{name}: {changes}" for name, changes in done.changes.items()),
        *(f"wrote {out / f}" for f in done.files),
    ]
    if done.untouched:
        lines.append(f"no sheet, so as before: {', '.join(done.untouched)}")
    if done.kept:
        lines.append(f"what was replaced is in {done.kept} until the next import")
    print(*lines, *([] if done.files else ["nothing differs; nothing was written"]), sep="\n")
    return 0
