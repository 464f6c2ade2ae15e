"""Check a campaign folder and name every fault, one line each."""

from __future__ import annotations

import argparse
import sys

from incident_report.errors import readable

HELP = "check the data and name every fault"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument("--as-of", default="", metavar="2020-10-31", help="as known on this day")
    parser.add_argument("--format", default="text", choices=("text", "json"), help="json for machines")


def run(args: argparse.Namespace) -> int:
    """Print faults; 1 if there is an error among them or the public cannot be kept from something, else 0."""
    from incident_report.analysis.open import edition_of
    from incident_report.data import check, format_faults
    from incident_report.data.folders import as_of_day, data_folder
    from incident_report.data.restrictions import withheld
    from incident_report.data.withhold import public_rules
    from incident_report.data.writing import finish
    from incident_report.present.story import story_slips
    from incident_report.publish.attention import statements_to_look_at
    from incident_report.publish.inputs import plain_files

    folder, day = data_folder(args.data), as_of_day(args.as_of)
    with readable(args.data):
        completed = finish(folder)
    data, faults = check(folder, as_of=day)
    slips = story_slips(data) if data is not None else ()
    if completed:
        print(f"completed a write that was stopped: {', '.join(completed)}", file=sys.stderr)
    data = None if slips else data
    faults = (*faults, *slips)
    print(format_faults(faults, as_json=args.format == "json", folder=args.data))
    if data is None:
        return 1
    outline = withheld(public_rules(plain_files(folder)))  # raises what no build would get past
    if args.format == "text":
        print(f"{len(data.incidents)} incidents in {', '.join(data.quarters)} can be used")
        if outline:
            print(f"a public build withholds: {outline}")
        for line in statements_to_look_at(edition_of(data)) if data.quarters else ():
            print(line)
    return 0
