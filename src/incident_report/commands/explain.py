"""Say where a number, a figure or a sentence of a built report comes from."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from incident_report.commands import _edition
from incident_report.commands._told import Hit, is_number, number_hits, short, told, word_hits
from incident_report.data.folders import shown
from incident_report.errors import UsageError
from incident_report.publish.inputs import PUBLIC

if TYPE_CHECKING:
    from incident_report.analysis.edition import Edition

HELP = "say where a number, a figure or a sentence comes from"
_MOST = 25  # places listed


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument(
        "what",
        nargs="?",
        default="",
        help="id (fig-counts), label (Figure 3), a number (27, 2.57, 95%%), or words of a sentence, title or cell",
    )
    parser.add_argument("--list", action="store_true", help="list every record of the report")
    parser.add_argument("--all", action="store_true", help="all that there is, not only a screen of it")
    parser.add_argument("--replay", action="store_true", help="call what is recorded again, and compare")
    _edition.arguments(parser)
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="folder of the report (default: in reports/)")
    parser.add_argument("--format", default="text", choices=("text", "json"), help="json for machines")


def run(args: argparse.Namespace) -> int:
    """Print what the record says and what is behind it; with --replay, 1 where a call no longer gives the same."""
    report = _read(args)
    records: dict[str, Any] = report["records"]
    if args.list or not (args.what or args.replay):
        _list(records)
        return 0
    hits = find(records, args.what)
    chosen = [h.id for h in hits]
    if args.replay:
        return _replay(report, chosen, args)
    if args.format == "json":
        _as_json(report, chosen)
    elif len(hits) == 1 or args.all:
        _texts(report, chosen, args.all)
    else:
        _places(records, hits, args.what)
    return 0


def _list(records: dict[str, Any]) -> None:
    for id, record in records.items():
        print(f"{id:32} {_label(record)}{short(record['title'] or record['text'], 110)}")


def _texts(report: dict[str, Any], chosen: list[str], everything: bool) -> None:
    shared = ", ".join(f"{k}={v!r}" for k, v in sorted(report["parameters"].items()) if v)
    texts = (told(id, report["records"][id], report["rows"], everything) for id in chosen)
    print("\n\n".join("\n".join([*lines, f"  Edition: {shared}"]) for lines in texts))


def _label(record: dict[str, Any]) -> str:
    return f"{record['label']}: " if record["label"] else ""


def _as_json(report: dict[str, Any], chosen: list[str]) -> None:
    records, rows = report["records"], report["rows"]
    wanted = {r for id in chosen for t in records[id]["trace"] for r in t["rows"]}
    answer = {"records": {id: records[id] for id in chosen}, "rows": {r: rows[r] for r in rows if r in wanted}}
    print(json.dumps(answer, indent=1, ensure_ascii=False))


def _places(records: dict[str, Any], hits: list[Hit], what: str) -> None:
    print(f"{what!r} stands in {len(hits)} places; name one by its id:")
    for hit in hits[:_MOST]:
        print(f"  {hit.id:28} {_label(records[hit.id])}{short(hit.where, 90)}")
    if len(hits) > _MOST:
        print(f"  … and {len(hits) - _MOST} more")


def find(records: dict[str, Any], what: str) -> list[Hit]:
    """The records meant: by id, by a label such as `Figure 3`, by a number, else by words; all where nothing is said.

    Raises
    ------
    UsageError
        If there is none; near ids are named.
    """
    key = " ".join(what.split())
    low = key.lower().removeprefix("@")
    exact = [Hit(id, "") for id, r in records.items() if low in ("", id.lower(), r["label"].lower())]
    if exact:
        return exact
    if held := number_hits(records, key) if is_number(key) else word_hits(records, key):
        return held
    near = difflib.get_close_matches(low, list(records), n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else "; --list shows every record"
    raise UsageError(f"no record has the id, the number or the words {what!r}{hint}")


def _replay(report: dict[str, Any], chosen: Iterable[str], args: argparse.Namespace) -> int:
    """Call every recorded trace again with the report's own parameters."""
    traces = [(id, trace) for id in chosen for trace in report["records"][id]["trace"]]
    calls = [(id, trace) for id, trace in traces if "sha256" in trace]
    with _edition.opened(_as_built(report, args.data)) as ed:
        faults = [f"{id}: {wrong}" for id, trace in calls if (wrong := _changed(trace, ed))]
    typed = len(traces) - len(calls)
    old = f", {typed} typed by hand (not recorded as calls)" if typed else ""
    print(*faults, f"{len(calls) - len(faults)} calls give the same again, {len(faults)} do not{old}", sep="\n")
    return 1 if faults else 0


def _as_built(report: dict[str, Any], data: str) -> argparse.Namespace:
    """What a report was built with, as options: for the public it is replayed on what the public has."""
    given = report["parameters"]
    return argparse.Namespace(
        data=data,
        quarter=given.get("quarter") or given.get("edition") or report["edition"],
        baseline=given.get("baseline", ""),
        confidence_floor=given.get("confidence_floor", "low"),
        as_of=given.get("as_of", ""),
        audience=given.get("audience", PUBLIC),
    )


def _changed(trace: dict[str, Any], ed: Edition) -> str:
    """Why a recorded call does not give what it gave, or nothing."""
    from incident_report.analysis.result import replay

    try:
        again = replay(trace, ed)
    except Exception as error:  # whatever it is, the call cannot be made again
        return f"{trace['function']} cannot be called again: {short(str(error), 120)}"
    same = again.digest() == trace["sha256"]
    return "" if same else f"{short(str(again.call), 120)} gives another value than the report"


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
