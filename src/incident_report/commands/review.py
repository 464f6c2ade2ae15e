"""Write a sheet on which an edition is reviewed, or take one back with its comments and answers.

The sheet (an Excel workbook) has one row a statement: headline, key findings, verdicts, statements of options and
claims, each with what it rests on, how it stands up to doubts, and the condition under which it holds. What went
out is kept as review/QUARTER.json in the campaign's folder. With --back the sheet is held against that and its
comments and answers are kept there; the report then says how many were answered. Sent out again, the sheet has
today's statements and all that was said so far.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.commands import _edition
from incident_report.errors import BuildError, UsageError, readable
from incident_report.publish.inputs import PUBLIC

HELP = "a sheet to review an edition with, and back"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument(
        "edition", nargs="?", default="", metavar="EDITION", help="such as 2020Q3; the newest if left out"
    )
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the sheet to write; default: review-EDITION.xlsx")
    parser.add_argument("--back", type=Path, metavar="FILE", help="a sheet that comes back")


def run(args: argparse.Namespace) -> int:
    """Write or take back; 1 where the sheet is not the one that went out."""
    if args.back and args.out:
        raise UsageError("say --out FILE to write a sheet, or --back FILE to take one back")
    return _back(args) if args.back else _out(args)


def _out(args: argparse.Namespace) -> int:
    from incident_report.data.folders import data_folder
    from incident_report.data.reviews import Review, keep_review, sent_again
    from incident_report.data.reviewsheet import write_review
    from incident_report.paths import NOTEBOOKS
    from incident_report.present.review import heads, lines

    # Of the edition as the public has it: the sheet goes to others, and is kept beside the report.
    asked = {"quarter": args.edition, "confidence_floor": "low", "as_of": "", "audience": PUBLIC}
    with _edition.opened(argparse.Namespace(data=args.data, **asked)) as ed:
        quarter = str(ed.quarter)
        out = args.out or Path(f"review-{quarter}.xlsx")
        before = ed.data.reviews.get(quarter)
        found = sent_again(lines(ed, NOTEBOOKS), before)
        with readable(out):
            write_review(quarter, found, heads(ed), out)
    keep_review(data_folder(args.data), Review(quarter, found, back=before is not None and before.back))
    print(f"wrote {out}: {len(found)} statements to review; then incident-report review --back {out}")
    return 0


def _back(args: argparse.Namespace) -> int:
    from incident_report.data import load
    from incident_report.data.folders import data_folder, shown
    from incident_report.data.model import DataError
    from incident_report.data.report import fault_line
    from incident_report.data.reviews import fits, keep_review, taken_back
    from incident_report.data.reviewsheet import read_review

    try:
        with readable(args.back):
            quarter, given = read_review(args.back)
    except DataError as error:  # of the sheet, wherever it lies; not of the campaign's folder
        raise BuildError(*(fault_line(f, str(args.back.parent)) for f in error.faults)) from None
    if args.edition and args.edition != quarter:
        raise UsageError(f"{args.back} is the review of {quarter}, not of {args.edition}")
    folder = data_folder(args.data)
    sent = load(folder).reviews.get(quarter)
    if sent is None:
        raise BuildError(f"{args.back}: no sheet of {quarter} went out from {shown(folder)}")
    if wrong := fits(sent, given):
        raise BuildError(*(f"{args.back}: {line}" for line in wrong))
    review = taken_back(sent, given)
    path = keep_review(folder, review)
    print(f"kept {shown(path)}: {review.comments} comment(s), {review.answered} answered")
    for one in review.unanswered:
        print(f"  no answer yet: {one.id}: {' '.join(one.comment.split())[:80]}")
    return 0
