"""What a page would run: no script but ours, by hash."""

from __future__ import annotations

import base64
import hashlib
import re

from incident_report.present.explorer import page_script

DATA = ("application/ld+json", "application/octet-stream")  # read, never run
_ELEMENT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def run_by(page: str) -> list[str]:
    """Scripts of a page that are no data."""
    found = [(dict(re.findall(r'(\w+)="([^"]*)"', tag)), text) for tag, text in _ELEMENT.findall(page)]
    assert all("src" not in attributes for attributes, _ in found)
    assert page.lower().count("<script") - sum(text.lower().count("<script") for _, text in found) == len(found)
    return [text for attributes, text in found if attributes.get("type") not in DATA]


def only_ours(page: str, *, there: bool) -> None:
    """Whether the page runs our module and no other (or nothing at all), and its policy allows just that."""
    (policy,) = _POLICY.findall(page)
    rules = [rule.split() for rule in policy.split("; ")]
    assert ["default-src", "'none'"] in rules
    scripts = [rule[1:] for rule in rules if rule[0].startswith("script-src")]
    if not there:
        assert run_by(page) == [] and scripts == []
        return
    assert run_by(page) == [page_script()]
    digest = base64.b64encode(hashlib.sha256(page_script().encode()).digest()).decode()
    assert scripts == [[f"'sha256-{digest}'"]]
