"""Imports point down, at the top of a module or within a function: data knows no statistics, analysis no charts."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from incident_report.analysis.on_file import OnFile
from incident_report.catalogue import QUESTIONS, question
from incident_report.paths import ROOT

FLOORS = ("data", "analysis", "present", "publish", "commands")
PACKAGE = ROOT / "src" / "incident_report"
# What stands beside the folders: the ground that every floor may use, and what uses them all.
TOP = {"__main__", "cli"}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or within a function; not what only a type checker reads."""
    tree = ast.parse(path.read_text("utf-8"))
    unread = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in unread:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import) and id(node) not in unread:
            yield from (alias.name for alias in node.names)


def floor_of(module: str) -> int:
    """The floor that a module of the package stands on; -1 is the ground below all of them."""
    names = module.split(".")
    part = names[1] if names[0] == "incident_report" and len(names) > 1 else ""
    return FLOORS.index(part) if part in FLOORS else -1


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_module_imports_from_a_floor_above_its_own(path: Path) -> None:
    own = floor_of(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    if own < 0 and path.stem in TOP:
        return
    assert [m for m in imported(path) if floor_of(m) > own] == []


def test_the_questions_that_data_knows_are_those_that_analysis_answers() -> None:
    answers = {n: m for n, m in inspect.getmembers(OnFile, inspect.isfunction) if not n.startswith("_")}
    assert sorted(QUESTIONS) == sorted(answers)
    for name, method in answers.items():
        own = [(p.name, p.kind, p.default is p.empty) for p in inspect.signature(method).parameters.values()][1:]
        assert [(p.name, p.kind, p.default is p.empty) for p in question(name).parameters.values()] == own, name
