"""Fixtures that several test folders share."""

from __future__ import annotations

import fcntl
import gc
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "data"))
from settled import settled

# Each test builds for itself what it looks at; those of the store take this away.
os.environ["FRESH"] = "1"

# Small objects of pandas and Jinja live and die by their count: looking for circles takes a tenth of the time.
gc.set_threshold(200_000, 20, 20)

# Tests that need the built report run in one process, so that the others need not wait for it; so do those that
# begin from the small build of the chaos tests, so that there is one.
IN_ONE_PLACE = {"built": "report", "first_build": "first build"}

# Folders whose tests take seconds: they are begun first, so that no worker waits for the other at the end.
FIRST = ("tests", "chaos", "publish", "report")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name not in FIRST)
    for item in items:
        if not item.get_closest_marker("xdist_group") and (group := _group(item)):
            item.add_marker(pytest.mark.xdist_group(group))
        if "PYTEST_XDIST_WORKER" in os.environ:
            _name_group(item)


def _group(item: pytest.Item) -> str:
    """The tests that a test shares what was made with: of the whole run, or of its file; empty where there is none."""
    used = {name: of[-1].scope for name, of in item._fixtureinfo.name2fixturedefs.items()}  # type: ignore[attr-defined]
    whole = [group for name, group in IN_ONE_PLACE.items() if used.get(name) == "session"]
    return whole[0] if whole else item.path.stem if "module" in used.values() else ""


def _name_group(item: pytest.Item) -> None:
    """Put a test's group into its id, where loadgroup looks: xdist 3.8 sets an attribute that pytest 9.2 ignores."""
    groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
    if groups and hasattr(item, "_id"):
        from _pytest.nodeid import coerce_node_id

        item._id = coerce_node_id(f"{item.nodeid}@{'_'.join(groups)}")  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The founding edition, built once for the whole run.

    `folder` holds report.html, report.pdf, data.zip, provenance.json and figures/; `log` is what the
    build said. Set INCIDENT_REPORT_BUILT to a folder of your own to test that instead.
    """
    from incident_report.publish.report import build
    from incident_report.publish.request import Request

    given = os.environ.get("INCIDENT_REPORT_BUILT")
    if given:
        return SimpleNamespace(folder=Path(given), log="")
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    folder, log = base / "report-2020Q3", base / "report-2020Q3.log"
    with (base / "report-2020Q3.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            said = io.StringIO()
            build(Request(quarter="2020Q3", out=folder), stream=said)
            log.write_text(said.getvalue())
    return SimpleNamespace(folder=folder, log=log.read_text())


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Path]:
    """A copy of the founding campaign's data, as corrected, that a test may spoil."""
    yield settled(tmp_path / "campaign")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, started once for the pages of a file."""
    from browser import CHROMIUM
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
