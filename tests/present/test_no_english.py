"""The report's English stands in notebooks, phrasebook and data: no sentence of it in the code that makes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import incident_report

HOUSE = Path(incident_report.__file__).parent
ROOMS = ("analysis", "present", "publish")
FEWEST = 4  # words
_WORD = re.compile(r"(?<![^\s(“])[A-Za-z][A-Za-z’'-]*(?=[\s.,;:?!)”]|$)")
_LABEL = re.compile(r'\b(?:aria-label|title|alt)="([^"]*)"')  # what markup says to a reader
_MARKUP = re.compile(r"<[^<>]*>|@font-face\b.*|<[^<>]*$")
# Calls whose texts are told to whoever runs the program, not printed in a report.
_TOLD = {"warning", "warn", "info", "debug", "print", "add_argument", "add_note"}
_FAULTS = {"faults", "refused", "told"}

# Where else an English text of four words stands in the code, and why.
EXCEPTIONS = {
    "analysis/expressions.py:_plain": "text of an error",
    "present/story.py:_sentence": "a fault of a story, told at the command line",
    "present/story_rules.py": "every text is a fault of a story, told at the command line",
    "present/words.py:_told": "text of an error",
    "publish/ahead.py": "an expression in Typst's language",
    "publish/attention.py": "every text is told at the command line",
    "publish/due.py:due": "told at the command line",
    "present/typefaces.py": "names of fonts",
    "publish/editions.py": "every text is told at the command line",
    "publish/parameters.py:_undeclared": "faults of a notebook, told at the command line",
    "publish/gate.py": "every text is a fault of a report, told at the command line",
    "publish/laid_out.py": "every text is a fault of a report, told at the command line",
    "publish/plan.py:_faults": "faults of a plan, told at the command line",
    "publish/rebuild.py:_differences": "told at the command line",
    "publish/release.py": "every text is a reason to refuse a release, told at the command line",
    "publish/shelf.py": "every text is told at the command line",
    "publish/verify.py": "every text is told at the command line",
}


def english(source: str) -> Iterator[tuple[str, str]]:
    """(function, text) of every literal that reads like English and is not told as an error."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        text = _text(node, parents)
        said = text and f"{_MARKUP.sub(' ', text)} {' '.join(_LABEL.findall(text))}"
        if not said or len(_WORD.findall(said)) < FEWEST:
            continue
        above = list(_above(node, parents))
        if not any(map(_excused, [node, *above])):
            named = [n.name for n in above if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
            yield (named[0] if named else "", text)


def _text(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str | None:
    """A literal's words; of a formatted one those between its values."""
    if isinstance(node, ast.JoinedStr):
        return " 0 ".join(v.value if isinstance(v, ast.Constant) else "" for v in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return None if isinstance(parents.get(node), (ast.JoinedStr, ast.Expr)) else node.value
    return None


def _above(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node


def _excused(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        return called in _TOLD or called.endswith(("Error", "Fault")) or getattr(owner, "id", "") in _FAULTS
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any((getattr(t, "id", "") or getattr(t, "attr", "")) in _FAULTS for t in targets)
    return isinstance(node, ast.Raise)


def found() -> dict[str, list[str]]:
    """Texts by place: ``room/file.py:function``."""
    texts: dict[str, list[str]] = {}
    for path in sorted(p for room in ROOMS for p in (HOUSE / room).rglob("*.py")):
        for function, text in english(path.read_text("utf-8")):
            texts.setdefault(f"{path.relative_to(HOUSE).as_posix()}:{function}", []).append(text)
    return texts


def test_no_sentence_of_the_report_stands_in_the_code() -> None:
    kept = {place: t for place, t in found().items() if not {place, place.partition(":")[0]} & EXCEPTIONS.keys()}
    assert kept == {}


def test_the_exceptions_are_few_and_each_is_needed() -> None:
    there = {name for place in found() for name in (place, place.partition(":")[0])}
    assert len(EXCEPTIONS) < 40
    assert set(EXCEPTIONS) <= there


def test_the_scan_sees_literals_and_formatted_ones_but_no_errors_or_docstrings() -> None:
    source = '''
def f(n):
    """Four words and more."""
    if n:
        raise ValueError(f"this is told as {n} an error")
    faults = ["this is told as a fault"]
    return "words that a reader sees", f"{n} attacks were seen by all of us", "<w:b w:c='not a word of English'/>"
'''
    assert [t for _, t in english(source)] == ["words that a reader sees", " 0  attacks were seen by all of us"]
