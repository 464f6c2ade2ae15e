"""The code itself: style and types, as `make lint` checks them; here, so that other tests run beside it."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import incident_report
import nbtypst
from incident_report.paths import ROOT


@pytest.mark.parametrize("tool", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join)
def test_the_code_is_clean(tool: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("package", [incident_report, nbtypst], ids=lambda p: str(p.__name__))
def test_every_example_of_a_docstring_runs_as_it_says(package: ModuleType) -> None:
    modules = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    names = [m.name for m in modules if not m.name.endswith("__main__")]
    found = {name: doctest.testmod(importlib.import_module(name)) for name in names}
    assert {name: one.failed for name, one in found.items() if one.failed} == {}
    assert sum(one.attempted for one in found.values()) > 5


def test_what_builds_a_report_compiles_no_grammar_of_addresses() -> None:
    code = "import sys, incident_report.publish.report, incident_report.publish.run; assert 'lark' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
