"""Every notebook in JupyterLab, run in headless Chromium (`make lab-test`).

With LAB_SHOTS=folder a picture of each notebook is left there, to be looked at.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import CHROMIUM, chromium
from raw import raw_marks

from incident_report.paths import NOTEBOOKS, ROOT

pytestmark = [pytest.mark.lab, chromium]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TOLD = [o.replace("$$PWD", str(ROOT)).replace('"', "") for o in re.findall(r"--LabApp\.\S+", MAKEFILE)]
IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
READ = """() => [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output')].map(o => ({
  text: [...o.querySelectorAll('pre, code, style')].reduce((t, e) => t.replace(e.innerText, ''), o.innerText),
  mime: o.dataset.mimeType || '',
  broken: [...o.querySelectorAll('img')].filter(i => !i.naturalWidth).length,
  vector: [...o.querySelectorAll('img')].filter(i => i.src.startsWith('data:image/svg')).length,
  raster: [...o.querySelectorAll('img')].filter(i => !i.src.startsWith('data:image/svg')).length,
  ragged: [...o.querySelectorAll('.report-record td:not(.num)')]
    .filter(c => getComputedStyle(c).textAlign === 'right').map(c => c.outerHTML),
}))"""


EXPLORE = [
    'from helpers import count, explore, open_edition\ned = open_edition(quarter="2020Q3")',
    'x = explore(ed, {"counting": "listed"})\nx',
    'print("selected", len(x.selection), count(ed, x.selection)["count"].sum(), x.view["where"])',
    'x.view = {"search": "taji"}\nprint("taji", len(x.selection))',
]


def book(cells: list[str]) -> str:
    """A notebook of code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.writes(made)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab on a copy of the notebooks, with what `make lab` tells it; its address."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    (root / "x.ipynb").write_text(book(EXPLORE), "utf-8")
    settings = root / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"windowingMode": "none"}))  # all cells stand in the page at once
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--IdentityProvider.token=", f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True", *TOLD,
    ]  # fmt: skip
    env = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"), "HOME": str(root)}
    with (root / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=env)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2)
                break
            except OSError:
                assert server.poll() is None, (root / "log").read_text()[-2000:]
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def test_it_opens_at_a_page_that_leads_to_every_notebook(lab: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            tab = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
            tab.set_default_timeout(120_000)
            tab.goto(lab)
            page = tab.locator(".jp-MarkdownViewer .jp-RenderedMarkdown")
            page.locator("h1").wait_for()
            names = page.locator("td:first-child a").all_inner_texts()
            if folder := os.environ.get("LAB_SHOTS"):
                tab.screenshot(path=str(Path(folder) / "start.png"))
            page.locator("td a").first.click()
            tab.wait_for_selector(".jp-Notebook .jp-Cell")
            tab.wait_for_function(IDLE)
            opened = tab.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
            tab.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        finally:
            browser.close()
    assert len(names) == len(list(NOTEBOOKS.glob("*.ipynb"))) and opened == "notebooks/explore.ipynb"


@pytest.mark.parametrize("name", sorted(p.name for p in NOTEBOOKS.glob("*.ipynb")))
def test_a_notebook_runs_and_reads_like_the_report(lab: str, name: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            tab = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
            tab.set_default_timeout(300_000)
            tab.goto(f"{lab}/lab/tree/notebooks/{name}?reset")
            tab.wait_for_selector(".jp-Notebook .jp-Cell")
            tab.wait_for_function(IDLE)
            tab.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
            tab.wait_for_timeout(1500)
            outputs = tab.evaluate(READ)
            if folder := os.environ.get("LAB_SHOTS"):
                height = tab.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollHeight")
                tab.set_viewport_size({"width": 1300, "height": min(int(height) + 200, 15_000)})
                tab.evaluate("() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0 }")
                tab.wait_for_timeout(1000)
                tab.screenshot(path=str(Path(folder) / f"{Path(name).stem}.png"))
            tab.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        finally:
            browser.close()
    assert outputs
    assert not [o["text"] for o in outputs if o["mime"].endswith(".error") or "Traceback" in o["text"]]
    assert {o["text"][:40]: marks for o in outputs if (marks := raw_marks(o["text"]))} == {}
    assert [cell for o in outputs for cell in o["ragged"]] == []
    assert sum(o["broken"] + o["raster"] for o in outputs) == 0


def test_the_explorer_and_its_kernel_hold_the_same_view(lab: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            tab = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
            tab.set_default_timeout(120_000)
            tab.goto(f"{lab}/lab/tree/x.ipynb?reset")
            tab.wait_for_selector(".jp-Notebook .jp-Cell")
            tab.wait_for_function(
                "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
            )
            run = "() => window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')"
            tab.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0")
            tab.evaluate(run)
            tab.evaluate(run)
            tab.wait_for_selector(".explorer .x-facet button[aria-pressed]")
            tab.locator(".explorer .x-facet").nth(1).locator("button[aria-pressed]").first.click()
            tab.wait_for_timeout(1500)
            tab.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2")
            tab.evaluate(run)
            told = tab.locator(".jp-Cell").nth(2).locator(".jp-OutputArea-output").inner_text()
            shown = tab.locator(".explorer").inner_text()
            tab.evaluate(run)
            tab.wait_for_timeout(1500)
            found = tab.locator(".jp-Cell").nth(3).locator(".jp-OutputArea-output").inner_text().split()[1]
            assert tab.locator(".explorer input[type=search]").input_value() == "taji"
            assert f"{found} of " in tab.locator(".explorer").inner_text()
            if folder := os.environ.get("LAB_SHOTS"):
                tab.screenshot(path=str(Path(folder) / "explorer.png"))
        finally:
            browser.close()
    word, rows, counted, view = told.split(maxsplit=3)
    assert word == "selected" and rows == counted and f"{rows} of " in shown
    assert view.strip() == "{'attack_method': ['rocket']}"
