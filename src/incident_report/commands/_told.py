"""What a report's records say, as lines for a terminal: where a number stands, and what is behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SCREEN = 40  # lines of one answer; --all gives the rest
ROWS = 6  # rows told of one trace
WIDTH = 110
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?\s?%?")
_USUAL = ("outcome", "confidence")


@dataclass(frozen=True)
class Hit:
    """Where something asked for stands: the record, and the words or the cell."""

    id: str
    where: str


def is_number(text: str) -> bool:
    """Whether a number is asked for: ``27``, ``2.57``, ``1,200``, ``95%``."""
    return _NUMBER.fullmatch(text) is not None


def number_hits(records: Mapping[str, Any], text: str) -> list[Hit]:
    """Every place where a number is printed, in words or in a cell of a table, or drawn in a chart."""
    bare = text.replace(",", "").replace(" ", "")
    # No part of a longer number, nor of a day or an id such as 2020-07-27.
    token = re.compile(rf"(?<![\d.,])(?<!\d-){re.escape(bare)}(?!\d|[.,]\d|%|-\d)")
    found = []
    for id, record in records.items():
        words = f"{record['title']} {record['text']}"
        near = next(token.finditer(re.sub(r"(?<=\d),(?=\d{3})", "", words)), None)
        if near:
            found.append(Hit(id, _around(re.sub(r"(?<=\d),(?=\d{3})", "", words), near.start(), near.end())))
        elif cell := _cell(record.get("cells") or {}, token, bare):
            found.append(Hit(id, cell))
    return found


def word_hits(records: Mapping[str, Any], text: str) -> list[Hit]:
    """Every record that holds some words, in its title, its text or a cell."""
    low = " ".join(text.split()).lower()
    found = []
    for id, record in records.items():
        words = " ".join(f"{record['title']} {record['text']}".split())
        at = words.lower().find(low)
        if at >= 0:
            found.append(Hit(id, _around(words, at, at + len(low))))
            continue
        cells = [str(v) for row in (record.get("cells") or {}).get("rows", ()) for v in row]
        if held := next((v for v in cells if low in v.lower()), None):
            found.append(Hit(id, f"cell “{short(held, 60)}”"))
    return found


def _cell(cells: Mapping[str, Any], token: re.Pattern[str], bare: str) -> str:
    """The first cell that holds the number, told by its row and column."""
    columns, group = cells.get("columns", ()), ""
    for row in cells.get("rows", ()):
        group = str(row[0]) or group  # a label stands once for the rows below it
        for place, value in enumerate(row):
            if token.search(re.sub(r"(?<=\d),(?=\d{3})", "", str(value))) or _rounds(str(value), bare):
                head = columns[place] if place < len(columns) else ""
                return f"{short(group, 40)}, {head}: {short(str(value), 40)}"
    return ""


def _rounds(value: str, asked: str) -> bool:
    """Whether an unrounded value prints as what is asked for, to as many digits."""
    digits = len(asked.partition(".")[2])
    try:
        return digits > 0 and f"{float(value):.{digits}f}" == f"{float(asked):.{digits}f}"
    except ValueError:
        return False


def _around(text: str, start: int, end: int) -> str:
    left, right = max(0, start - 40), min(len(text), end + 40)
    return f"{'…' if left else ''}{' '.join(text[left:right].split())}{'…' if right < len(text) else ''}"


def told(id: str, record: Mapping[str, Any], rows: Mapping[str, Any], everything: bool) -> list[str]:
    """A record as lines: its words, then each call with the rows behind it and what decided."""
    cut = _uncut if everything else short
    place = f"{record['kind']} in {record['notebook']}, cell {record['cell']}"
    out = [f"{id}  ({', '.join(filter(None, (record['label'], place)))})"]
    texts = [t for t in [record["title"], *record["text"].split("\n\n")] if t]
    out += [f"  {cut(t, 3 * WIDTH)}" for t in texts[: None if everything else 3]]
    if not record["trace"]:
        out.append("  No number in it is computed.")
    for trace in record["trace"]:
        out += ["", *_trace(trace, rows, everything)]
    if everything or len(out) <= SCREEN:
        return out
    return [*out[: SCREEN - 1], f"  … {len(out) - SCREEN + 1} more lines; --all shows them"]


def _uncut(text: str, length: int) -> str:
    return text


def _trace(trace: Mapping[str, Any], rows: Mapping[str, Any], everything: bool) -> Iterator[str]:
    cut = _uncut if everything else short
    inner = ", ".join(cut(f"{k}={v}", 60) for k, v in trace["params"].items() if v not in ("", None))
    name = str(trace["function"])
    called = f"{name if everything else name.removeprefix('incident_report.analysis.')}({inner})"
    yield f"  {'  from  '.join(filter(None, (trace['value'], called)))}"
    count = len(trace["rows"])
    yield f"  {count} row{'s' * (count != 1)}{':' if count else ' (no row of the data lies behind it)'}"
    shown = trace["rows"][: None if everything else ROWS]
    for one in shown:
        yield from (f"    {line}" for line in _row(one, rows.get(one), trace, everything))
    if count > len(shown):
        yield f"    … and {count - ROWS} more; --all shows them with their sources"


def _row(id: str, row: Mapping[str, Any] | None, trace: Mapping[str, Any], everything: bool) -> list[str]:
    if row is None:
        return [id]
    at = f"  ({row['at']})" if row["at"] else ""
    head = f"{id}{at}" if row.get("counted", True) else f"{id}{at}  [listed, not counted]"
    reason = "; ".join(f"{k} {v}" for k, v in decided(row, trace["params"]).items())
    if not everything:
        return [short(f"{head}  {reason}{'  ·  ' * bool(reason)}{row['text']}", WIDTH)]
    fields = ", ".join(f"{k} {v}" for k, v in row["fields"].items() if v)
    lines = [head, f"  {row['text']}", f"  decided by {reason}" * bool(reason), f"  {fields}" * bool(fields)]
    return [*filter(None, lines), *(f"  source {n}: {url or 'no address'}" for n, url in row["sources"].items())]


def decided(row: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, str]:
    """The columns that put a row behind a number, with its values: those of its series, and those asked for."""
    fields = row["fields"]
    series = params.get("series")
    names = list((row.get("series") or {}).get(str(series), ()))
    names += [c for c in _names(params) if c in fields and c not in names]
    return {c: fields[c] or "unknown" for c in (names or (c for c in _USUAL if c in fields))}


def _names(value: Any) -> Iterator[str]:
    """Every name in a call: a column may be an argument (`by`), its key (`killed=…`) or a condition's."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key != "rows":
                yield str(key)
                yield from _names(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _names(part)
    elif isinstance(value, str):
        yield value


def short(text: str, length: int) -> str:
    """A text on one line, cut where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
