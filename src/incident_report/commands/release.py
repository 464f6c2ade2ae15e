"""Make a version of an edition that people have signed: reports/2020Q3/v1.0, with `latest` pointing at it.

The edition's state stands in the front matter of its story (status, author, reviewer, published, embargo); where
it has no story, in report.yml under `release`. The data are checked, the report is built, goes through the gate and
is verified; what is unsigned, under embargo, or headed by a verdict that one doubt would overturn is refused, a line
for each reason, and nothing is written. A version is never written to again: a correction makes the next one. A
translation (--language) is released by itself: its own story is signed, by its translator too.
"""

from __future__ import annotations

import argparse

from incident_report.errors import UsageError

HELP = "make a version of an edition that is signed"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("edition", metavar="EDITION", help="the quarter, such as 2020Q3")
    parser.add_argument("--language", default="", metavar="xx", help="release its translation, such as de")
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")


def run(args: argparse.Namespace) -> int:
    """Release, and say where the version is."""
    from incident_report.commands._edition import language_named
    from incident_report.data.folders import shown
    from incident_report.publish.release import release
    from incident_report.publish.request import Request

    if not args.edition.strip():
        raise UsageError("name the edition: incident-report release 2020Q3")
    folder = release(Request(quarter=args.edition, data=args.data, language=language_named(args.language)))
    print(f"{shown(folder)}: released; it is not written to again")
    return 0
