"""Every code cell of every chapter, run in this process: all records of a campaign, without kernels."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from editions import founding
from matplotlib.backends.backend_svg import FigureCanvasSVG
from nbformat import v4

import incident_report.present.opener  # noqa: F401  wraps open_edition for good: before `one_edition` puts another there
from incident_report.analysis import open as opening
from incident_report.analysis.edition import Edition
from incident_report.paths import DATA, NOTEBOOKS, ROOT
from incident_report.present.prose import written
from incident_report.present.records import MIME, Record
from incident_report.publish.absent import drop_absent
from incident_report.publish.collect import collect
from incident_report.publish.gate import Draft
from incident_report.publish.gather import gather
from incident_report.publish.parameters import TAG

_REFERENCE = re.compile(r"@((?:fig|tab|sec)-[\w-]+)")


def coarse(patch: pytest.MonkeyPatch) -> None:
    """Draw charts without writing them: `fitted` lays every one out, and layout and text are what can break."""

    patch.setattr(FigureCanvasSVG, "print_svg", lambda self, out, **given: out.write("<svg/>"))


@contextmanager
def one_edition() -> Iterator[None]:
    """Every chapter opens the same edition: frozen data and what was worked out of them, which they do not change."""
    once = cache(opening.open_edition)

    def opened(folder: str = "data", **given: str) -> Edition:
        return founding(**given) if ROOT / folder == DATA else once(folder, **given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "open_edition", opened)
        yield


@one_edition()
def records(folder: Path, **parameters: str) -> dict[str, Record]:
    """Records by id, in the report's order.

    Parameters
    ----------
    folder : Path
        Campaign folder.
    parameters : str
        Notebook parameters; a chapter takes those that it declares.
    """
    values = {"data_folder": str(folder), **parameters}
    found: dict[str, Record] = {}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        for _, record in _run(path, values):
            assert record.content["id"] not in found, f"{record.content['id']} stands twice"
            found[record.content["id"]] = record
    return found


@cache
def founding_records(quarter: str = "2020Q3") -> dict[str, Record]:
    """The records of an edition of the founding campaign, made once a process; its charts are not written."""
    with pytest.MonkeyPatch.context() as patch:
        coarse(patch)
        return records(DATA, quarter=quarter)


def chapter(name: str, ed: Edition, **parameters: object) -> dict[str, Record]:
    """Records of one chapter on an edition at hand, whatever its data folder holds.

    Parameters
    ----------
    name : str
        File name of the notebook, without suffix.
    """
    made = _run(NOTEBOOKS / f"{name}.ipynb", dict(parameters), ed)
    return {record.content["id"]: record for _, record in made}


@one_edition()
def draft(folder: Path, **parameters: str) -> Draft:
    """The report of a campaign as the coherence gate sees it, before any page is laid out."""
    values = {"data_folder": str(folder), **parameters}
    executed: dict[Path, Any] = {}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        node = nbformat.read(path, as_version=4)
        shown = list(_run(path, values))
        for cell in node.cells:
            bundles = [{MIME: {"kind": r.kind, **r.content}} for id, r in shown if id == cell.id]
            if cell.cell_type == "code":
                cell.outputs = [v4.new_output("display_data", bundle) for bundle in bundles]
        if drop_absent(node).cells:
            executed[path] = node
    ed = opening.open_edition(str(folder), **{k: v for k, v in parameters.items() if k != "previous"})
    document = gather(executed, ed)
    return Draft(collect(executed, ed.data), document.tree["blocks"], document.labels, ed)


def _run(path: Path, values: dict[str, Any], ed: Edition | None = None) -> Iterator[tuple[str, Record]]:
    shown: list[Any] = []
    space: dict[str, Any] = {"display": shown.append}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        if ed is not None and cell.id == "open":
            space["ed"] = ed
            others = [n for n in ast.parse(cell.source).body if ast.unparse(n).split(" = ")[0] != "ed"]
            exec(compile(ast.Module(others, []), f"{path.name}:open", "exec"), space)
            continue
        if cell.source.startswith("%%prose"):
            line, _, text = cell.source.removeprefix("%%prose").partition("\n")
            yield cell.id, written(line, text, space)
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        where = f"{path.name}:{cell.id}"
        exec(compile(tree, where, "exec"), space)
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), where, "eval"), space))  # type: ignore[attr-defined]
        if TAG in cell.metadata.get("tags", []):
            space.update({k: v for k, v in values.items() if k in space})
        yield from ((cell.id, r) for r in shown if isinstance(r, Record))
        shown.clear()


def texts(record: Record) -> list[str]:
    """What a reader sees of a record, without a table's cells."""
    content = record.content
    keys = ("title", "caption", "alt", "n", "source")
    return [*content.get("paragraphs", []), *(content[k] for k in keys if content.get(k)), *content.get("notes", [])]


def unresolved(found: dict[str, Record]) -> set[str]:
    """References in records to figures and tables that the report does not have."""
    asked = {r for one in found.values() for text in texts(one) for r in _REFERENCE.findall(text)}
    return {r for r in asked if not r.startswith("sec-")} - set(found)
