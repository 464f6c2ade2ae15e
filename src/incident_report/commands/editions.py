"""Write the index of editions: reports/index.html and, for feed readers, reports/feed.json.

It lists the reports that are as they were built. Every build does this too; the command is for what was
moved or removed by hand.
"""

from __future__ import annotations

import argparse

HELP = "write the index of the editions that stand in reports/"


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Say where the index is, and what it leaves out."""
    from incident_report.data.folders import shown
    from incident_report.paths import REPORTS
    from incident_report.publish.editions import PAGE, write_index

    for line in write_index(REPORTS):
        print(line)
    there = (REPORTS / PAGE).is_file()
    print(f"{shown(REPORTS / PAGE)}: the index" if there else f"{shown(REPORTS)}: there is no edition yet")
    return 0
