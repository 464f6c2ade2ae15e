"""One look at a page in headless Chromium, with axe-core."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SCHEMES = ("light", "dark")
# Where axe-core takes seconds: each width and each scheme once, every pair in `make chaos`.
PAIRS = [
    pytest.param(scheme, width, marks=() if (scheme == "dark") == (width == 390) else pytest.mark.chaos)
    for scheme in SCHEMES
    for width in (390, 1400)
]
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


# Rows, references and code beyond the fifth look as those before them: their colours are left out of the quick form,
# since axe-core takes twenty seconds for every one of a report's.
ALIKE = "tbody > tr:nth-child(n+6), .csl-entry:nth-child(n+6), div.sourceCode:nth-of-type(n+6)"


def audit(browser: Any, page: Path, scheme: str, width: int) -> Audit:
    """Open `page`, unfold everything, and listen."""
    messages: list[str] = []
    requests: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        tab = context.new_page()
        tab.on("console", lambda m: messages.append(m.text))
        tab.on("pageerror", lambda e: messages.append(str(e)))
        tab.on("request", lambda r: requests.append(r.url))
        tab.goto(page.as_uri(), wait_until="load")
        scroll_width = tab.evaluate("document.documentElement.scrollWidth")
        heard = list(messages)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        wide = tab.evaluate("document.documentElement.scrollWidth")
        violations = list(_violations(tab))
    finally:
        context.close()
    asked = [u for u in requests if u != page.as_uri() and not u.startswith("data:")]
    return Audit(violations, heard, asked, max(scroll_width, wide))


def _violations(tab: Any) -> Iterator[str]:
    """What axe-core finds: all rules but that of colours on the whole page, that one on what looks different."""
    from axe_playwright_python.sync_playwright import Axe

    colours = {"color-contrast": {"enabled": False}}
    found = Axe().run(tab, options={"resultTypes": ["violations"], "rules": colours}).response["violations"]
    if not os.environ.get("LONG"):
        tab.evaluate("alike => document.querySelectorAll(alike).forEach(e => e.remove())", ALIKE)
    only = {"resultTypes": ["violations"], "runOnly": list(colours)}
    for v in [*found, *Axe().run(tab, options=only).response["violations"]]:
        yield from (f"{v['id']}: {v['help']}: {n['html'][:200]}" for n in v["nodes"])
