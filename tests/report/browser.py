"""One look at a page in headless Chromium, with axe-core."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

SCHEMES = ("light", "dark")
CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)


def _missing() -> str:
    if CHROMIUM is None:
        return "no Chromium on this machine: the page is not opened in a browser"
    for package in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed: the page is not opened in a browser"
    return ""


chromium = pytest.mark.skipif(bool(_missing()), reason=_missing())


@dataclass(frozen=True)
class Audit:
    """What a browser and axe-core say about a page."""

    violations: list[str]
    messages: list[str]
    requests: list[str]
    scroll_width: int


def audit(page: Path, scheme: str, width: int) -> Audit:
    """Open `page`, unfold everything, and listen."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    messages: list[str] = []
    requests: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            tab = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]
            ).new_page()
            tab.on("console", lambda m: messages.append(m.text))
            tab.on("pageerror", lambda e: messages.append(str(e)))
            tab.on("request", lambda r: requests.append(r.url))
            tab.goto(page.as_uri(), wait_until="load")
            scroll_width = tab.evaluate("document.documentElement.scrollWidth")
            heard = list(messages)
            tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            wide = tab.evaluate("document.documentElement.scrollWidth")
            result = Axe().run(tab).response
        finally:
            browser.close()
    violations = [f"{v['id']}: {v['help']}: {n['html'][:200]}" for v in result["violations"] for n in v["nodes"]]
    asked = [u for u in requests if u != page.as_uri() and not u.startswith("data:")]
    return Audit(violations, heard, asked, max(scroll_width, wide))
