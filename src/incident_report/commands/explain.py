"""Say where a number, a figure or a sentence of a built report comes from."""

from __future__ import annotations

import argparse
import difflib
import json
from pathlib import Path
from typing import Any

from incident_report.commands import _edition
from incident_report.errors import UsageError
from incident_report.folders import shown

HELP = "say where a number, a figure or a sentence comes from"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument(
        "what", nargs="?", default="", help="id (fig-quarterly), number (Figure 3), or words of a sentence or title"
    )
    parser.add_argument("--list", action="store_true", help="list every record of the report")
    _edition.arguments(parser)
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="folder of the report (default: in reports/)")
    parser.add_argument("--format", default="text", choices=("text", "json"), help="json for machines")


def run(args: argparse.Namespace) -> int:
    """Print what the record says and what is behind it."""
    report = _read(args)
    records: dict[str, Any] = report["records"]
    if args.list or not args.what:
        for id, record in records.items():
            label = f"{record['label']}: " if record["label"] else ""
            print(f"{id:32} {label}{_short(record['title'] or record['text'], 110)}")
        return 0
    chosen = find(records, args.what)
    rows = report["rows"]
    if args.format == "json":
        wanted = {r for id in chosen for t in records[id]["trace"] for r in t["rows"]}
        answer = {"records": {id: records[id] for id in chosen}, "rows": {r: rows[r] for r in rows if r in wanted}}
        print(json.dumps(answer, indent=1, ensure_ascii=False))
        return 0
    for number, id in enumerate(chosen):
        print("\n" * bool(number) + "\n".join(told(id, records[id], rows, report["parameters"])))
    return 0


def find(records: dict[str, Any], what: str) -> list[str]:
    """Ids of the records meant: an id, a label such as `Figure 3`, else words that the record holds.

    Raises
    ------
    UsageError
        If there is none; near ids are named.
    """
    key = " ".join(what.split())
    low = key.lower().removeprefix("@")
    exact = [id for id, r in records.items() if low in (id.lower(), r["label"].lower())]
    if exact:
        return exact
    held = [id for id, r in records.items() if low in " ".join(_words(r).split()).lower()]
    if held:
        return held
    near = difflib.get_close_matches(low, list(records), n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else "; --list shows every record"
    raise UsageError(f"no record has the id, the number or the words {what!r}{hint}")


def told(id: str, record: dict[str, Any], rows: dict[str, Any], parameters: dict[str, str]) -> list[str]:
    """A record as lines of text: its words, then each trace with its rows and their sources."""
    label = f"{record['label']}, " if record["label"] else ""
    out = [f"{id}  ({label}{record['kind']} in {record['notebook']}, cell {record['cell']})"]
    out += [f"  {text}" for text in [record["title"], *record["text"].split("\n\n")] if text]
    shared = ", ".join(f"{k}={v!r}" for k, v in sorted(parameters.items()) if v)
    out.append(f"  Edition: {shared}")
    if not record["trace"]:
        out.append("  No number in it is computed.")
    for trace in record["trace"]:
        own = ", ".join(f"{k}={v}" for k, v in trace["params"].items())
        value = f"{trace['value']}  from  " if trace["value"] else ""
        out += ["", f"  {value}{trace['function']}({own})"]
        count = len(trace["rows"])
        out.append(f"  {count} row{'s' * (count != 1)}{':' if count else ' (no row of the data lies behind it)'}")
        for row in trace["rows"]:
            out += [f"    {line}" for line in _row(row, rows.get(row))]
    return out


def _row(id: str, row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return [id]
    at = f"  ({row['at']})" if row["at"] else ""
    counted = "" if row.get("counted", True) else "  [listed, not counted]"
    fields = ", ".join(f"{k} {v}" for k, v in row["fields"].items() if v)
    lines = [f"{id}{at}{counted}", f"  {row['text']}"]
    lines += [f"  {fields}"] if fields else []
    return lines + [f"  source {name}: {url or 'no address'}" for name, url in row["sources"].items()]


def _words(record: dict[str, Any]) -> str:
    return f"{record['title']} {record['text']}"


def _short(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _read(args: argparse.Namespace) -> dict[str, Any]:
    from incident_report.publish import provenance
    from incident_report.publish.due import place_of
    from incident_report.publish.places import place_at
    from incident_report.publish.swap import tidy

    place = place_at(args.report) if args.report else place_of(_edition.request(args))
    tidy(place)
    folder = place.report
    if not (folder / provenance.NAME).is_file():
        raise UsageError(f"{shown(folder)} holds no report; `make report` builds it")
    found = provenance.read(folder)
    if found is None:
        raise UsageError(f"{shown(folder / provenance.NAME)} is not readable; build the report again")
    return found
