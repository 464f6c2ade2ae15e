"""Sections that have nothing to show: said once a chapter, then left out."""

from __future__ import annotations

import re
from typing import Any

from incident_report.present.records import MIME

_HEADING = re.compile(r"(#{1,6})\s")


def drop_absent(node: Any) -> Any:
    """Leave out what only repeats that something is absent.

    A part that has nothing to show says so in a sentence. Where a chapter says the same sentence again,
    the repetition goes; a section of which nothing else is left goes with its heading and its
    explanation; a section that is a heading over code without any output goes, too; and a chapter whose
    records come down to that one sentence keeps its title and the sentence.
    A chapter all of whose records are empty has no cells left: it is no chapter of this report.

    Parameters
    ----------
    node : NotebookNode
        An executed notebook; it is changed in place.

    Returns
    -------
    NotebookNode
    """
    said: set[tuple[str, ...]] = set()
    repeated, cells = _unrepeat(node.cells, said), node.cells
    shown = {i for i, cell in enumerate(cells) if any(map(_record, cell.get("outputs", ())))}
    if repeated and not any(cell.get("outputs") for cell in cells):
        kept = set()
    elif repeated and len(shown) == len(said) == 1:
        kept = shown | _around(cells, repeated)
    else:
        kept = set(range(len(cells))) - _with_nothing(cells, shown, repeated)
    node.cells = [cells[i] for i in sorted(kept)]
    return node


def _around(cells: list[Any], repeated: set[int]) -> set[int]:
    """What stays of a chapter beside its one sentence: its title, and code that the page folds away."""
    title = next((i for i, cell in enumerate(cells) if _level(cell) == 1), 0)
    return {title, *(i for i, cell in enumerate(cells) if _silent_code(cell, i, repeated))}


def _with_nothing(cells: list[Any], shown: set[int], repeated: set[int]) -> set[int]:
    """Cells of sections that show nothing: only repeated what was said, or are a heading over code."""
    sections = [set(range(*section)) for section in _sections(cells)]
    return set().union(*(s for s in sections if not shown & s and (repeated & s or _bare(cells, s))))


def _bare(cells: list[Any], section: set[int]) -> bool:
    """Whether a section has code that put out nothing, and no text of its own."""
    code = [cells[i] for i in section if cells[i].cell_type == "code"]
    text = [cells[i].source.strip() for i in section if cells[i].cell_type != "code"]
    return bool(code) and not any(c.get("outputs") for c in code) and all(len(t.splitlines()) == 1 for t in text)


def _unrepeat(cells: list[Any], said: set[tuple[str, ...]]) -> set[int]:
    """Take out what repeats a sentence, and say which cells it stood in; `said` takes what was said once."""
    repeated = set()
    for i, cell in enumerate(cells):
        outputs = cell.get("outputs", ())
        kept = [o for o in outputs if not _repeats(o, said)]
        if len(kept) < len(outputs):
            repeated.add(i)
            cell["outputs"] = kept
    return repeated


def _record(output: Any) -> Any:
    return output.get("data", {}).get(MIME)


def _repeats(output: Any, said: set[tuple[str, ...]]) -> bool:
    """Whether a paragraph record says nothing that the chapter has not said; notes what it says."""
    record = _record(output)
    if not record or record.get("kind") != "prose":
        return False
    words = tuple(record["paragraphs"])
    if not words or words in said:
        return True
    said.add(words)
    return False


def _level(cell: Any) -> int:
    """Level of the heading that a cell starts with, or 0."""
    match = _HEADING.match(cell.source) if cell.cell_type == "markdown" else None
    return len(match[1]) if match else 0


def _sections(cells: list[Any]) -> list[tuple[int, int]]:
    """First and one past the last cell of every section below the chapter's own."""
    starts = [(i, level) for i, cell in enumerate(cells) if (level := _level(cell))]
    found = []
    for k, (i, level) in enumerate(starts):
        if level > 1:
            end = next((j for j, other in starts[k + 1 :] if other <= level), len(cells))
            found.append((i, end))
    return found


def _silent_code(cell: Any, i: int, repeated: set[int]) -> bool:
    """Code that shows no record and repeats none: parameters and imports, which the page folds away."""
    return cell.cell_type == "code" and i not in repeated and not cell.get("outputs")
