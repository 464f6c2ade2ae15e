"""The options that say which edition is meant, the same for every command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from incident_report.data.folders import data_folder, real_path
from incident_report.errors import UsageError
from incident_report.paths import TEMPLATES
from incident_report.publish.inputs import INTERNAL, PUBLIC
from incident_report.publish.request import Request

if TYPE_CHECKING:
    from incident_report.analysis.edition import Edition

NONE = "none"  # an edition of that name is ./none


def which(parser: argparse.ArgumentParser) -> None:
    """Options that say which rows an edition has; each has the meaning of the notebook parameter of its name."""
    parser.add_argument("--quarter", default="", metavar="2020Q3", help="edition; without it the newest")
    parser.add_argument("--data", default="data", metavar="FOLDER", help="campaign folder (default: data)")
    parser.add_argument(
        "--confidence-floor",
        default="low",
        choices=("low", "medium", "high"),
        help="incidents of lower confidence are listed, not counted",
    )
    parser.add_argument("--as-of", default="", metavar="2020-10-31", help="hide rows that came after this day")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Those, and what a report needs besides."""
    which(parser)
    audience(parser)
    parser.add_argument("--language", default="", metavar="de", help="another language, as far as it is translated")
    parser.add_argument("--baseline", default="", metavar="2020Q2", help="quarter compared with; default: before")
    parser.add_argument(
        "--previous",
        default="",
        metavar="FOLDER",
        help="the edition before, for revisions and scores; without it the last earlier one in reports/; none for none",
    )
    parser.add_argument(
        "--parameter",
        "-p",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another notebook parameter; may be repeated",
    )


def audience(parser: argparse.ArgumentParser) -> None:
    """For whom; the public sees nothing that is restricted."""
    parser.add_argument(
        "--audience",
        default=PUBLIC,
        choices=(PUBLIC, INTERNAL),
        help="internal: with what is restricted, in a place of its own, marked on every page (default: public)",
    )


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Edition]:
    """The edition that `which` and `audience` name; for the public, without what is restricted.

    Raises
    ------
    UsageError, BuildError, DataError
    """
    from incident_report.analysis.open import open_edition
    from incident_report.data.audience import check_public
    from incident_report.publish.seal import public_copy

    folder = data_folder(args.data)
    public = args.audience == PUBLIC
    with public_copy(folder) if public else nullcontext(folder) as there:
        try:
            edition = open_edition(
                str(there),
                quarter=args.quarter,
                baseline=getattr(args, "baseline", ""),
                confidence_floor=args.confidence_floor,
                as_of=args.as_of,
            )
        except ValueError as error:
            raise UsageError(str(error)) from None
        if public:
            check_public(edition.data)
        yield edition


def request(args: argparse.Namespace, **more: Any) -> Request:
    """The edition that the options name; `more` is given on to `Request`.

    Raises
    ------
    UsageError
        If a parameter is not written NAME=VALUE.
    """
    parameters = {}
    for text in args.parameter:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--parameter {text}: write NAME=VALUE")
        parameters[name.strip()] = value
    previous = args.previous.strip() or parameters.pop("previous", "").strip()
    return Request(
        quarter=args.quarter,
        baseline=args.baseline,
        data=args.data,
        confidence_floor=args.confidence_floor,
        as_of=args.as_of,
        previous=real_path(previous, "--previous") if previous not in ("", NONE) else None,
        alone=previous == NONE,
        parameters=parameters,
        audience=args.audience,
        language=language_named(args.language),
        **more,
    )


def language_named(text: str) -> str:
    """A language that has a phrasebook, or nothing.

    Raises
    ------
    UsageError
    """
    there = sorted(p.parent.name for p in (TEMPLATES / "words").glob("*/phrases.md"))
    if text and text not in there:
        raise UsageError(f"--language {text}: has no phrasebook; there are {', '.join(there)}")
    return text
