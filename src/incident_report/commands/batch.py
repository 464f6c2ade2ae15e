"""Build many editions at once: campaigns × periods × settings, or one export split by country.

The plan is YAML: docs/many-editions.md describes it. What stands as it would be built is kept, so a batch that was
stopped goes on where it was. One edition that fails stops no other; the exit code is then 1.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_report.errors import BuildError, UsageError

HELP = "build many editions side by side, here or on a Dask cluster"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("plan", metavar="PLAN.YML", help="what to build")
    parser.add_argument("--scheduler", default="", metavar="tcp://HOST:PORT", help="a cluster's (default: none, here)")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes here (default: one a core)")


def run(args: argparse.Namespace) -> int:
    """Build, and name what failed."""
    from incident_report.publish.batch import failures, run_batch, said
    from incident_report.publish.plan import read_plan

    if args.workers < 0:
        raise UsageError(f"--workers {args.workers}: it must be one or more")
    plan = read_plan(Path(args.plan))
    told = run_batch(plan, args.scheduler, args.workers)
    print(said(told, plan.out))
    if failed := failures(told):
        raise BuildError(*failed)
    return 0
