"""What is installed has licences that docs/security.md allows, and an audit that cannot ask says so."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from incident_report.paths import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import audit
import licences

SECURITY = (ROOT / "docs/security.md").read_text("utf-8")


def test_no_licence_is_outside_what_the_page_allows() -> None:
    assert licences.outside() == []
    assert len(licences.installed()) > 50


def test_the_page_names_what_is_not_plainly_permissive() -> None:
    for name in [*licences.summary().get("MPL", ()), *licences.KNOWN, *licences.CARRIED]:
        assert name in SECURITY, name


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("GPL-3.0-only", "GPL"),
        ("LGPL-2.1-or-later", "LGPL"),
        ("GNU Affero General Public License v3", "GPL"),
        ("License :: OSI Approved :: MIT License", "MIT"),
        ("MPL-2.0 AND MIT", "MPL"),
        ("", "unknown"),
        ("Proprietary", "unknown"),
    ],
)
def test_families(text: str, family: str) -> None:
    assert licences.family("some-package", text) == family
    assert (family in licences.ALLOWED) == (family in ("MIT", "MPL"))


def answers(monkeypatch: pytest.MonkeyPatch, out: str, err: str = "") -> None:
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, out, err)

    monkeypatch.setattr(subprocess, "run", run)


def test_a_weakness_is_a_finding(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    weak = {"name": "one", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"]}]}
    answers(monkeypatch, json.dumps({"dependencies": [weak, {"name": "two", "version": "2", "vulns": []}]}))
    assert audit.main() == 1
    said = capsys.readouterr().out
    assert "PYSEC-2026-1" in said and "1.1" in said


@pytest.mark.parametrize(
    ("out", "err"),
    [
        ("", "error: no route to the service"),
        ("", ""),
        ('{"dependencies": [{"name": "one", "skip_reason": "not found"}]}', "No known vulnerabilities found"),
        ('{"dependencies": []}', ""),
        ("null", ""),
    ],
)
def test_where_nobody_could_be_asked_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], out: str, err: str
) -> None:
    answers(monkeypatch, out, err)
    assert audit.main() == 0
    assert "could not be asked" in capsys.readouterr().out


def test_every_test_that_the_page_names_is_there() -> None:
    import re

    tests = ROOT / "tests"
    for name in re.findall(r"`((?:\w+/)?test_\w+\.py)`", SECURITY):
        assert (tests / name).exists() or (tests / "chaos" / name).exists(), name
    code = "\n".join(p.read_text("utf-8") for p in tests.rglob("test_*.py"))
    for name in re.findall(r"`(test_\w+)`", SECURITY):
        assert f"def {name}(" in code, name
