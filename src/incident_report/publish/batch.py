"""Many editions as one Dask graph, on this machine or on a cluster.

A task is an edition where there are many for each worker, since all that an edition's chapters share is then done
once. Where there are few, each chapter is one as well, so that no worker is idle.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from incident_report.data.folders import shown
from incident_report.errors import UsageError, one_line
from incident_report.publish.editions import write_index
from incident_report.publish.lock import locked
from incident_report.publish.plan import Job, Plan, Split, jobs
from incident_report.publish.swap import put_text
from incident_report.publish.worker import Built, Failed, chapter, edition, imported

SUMMARY = "batch.json"
DATA = "data"  # below the folder of the batch: the campaigns that exports were split into
PATIENCE = 20  # seconds that a scheduler has to answer
MANY = 2  # editions for each worker, none of which waits for another, from which on an edition is one task
_OWN = {  # of a cluster started here: no worker has a task in store that another could begin, or looks at itself
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.profile.enabled": False,
}
RETRIES = 2  # of a task that the machine failed; one whose worker died is tried again without this


def run_batch(plan: Plan, scheduler: str = "", workers: int = 0, stream: TextIO = sys.stderr) -> dict[str, Any]:
    """Build every edition of a plan that does not stand as it would be built; one that fails stops no other.

    Parameters
    ----------
    scheduler : str
        Address of a cluster's; by default one is started here. Workers must see the paths of the plan.
    workers : int
        How many to start here; as many as there are cores without it.

    Returns
    -------
    dict
        What `SUMMARY` holds: ``editions`` by name, each with its state (``built``, ``kept``, ``failed``), seconds and
        lines; and ``left_out``, what of the plan could not become an edition.

    Raises
    ------
    UsageError
        If distributed is not installed, no scheduler answers, or another batch is at work on the folder.
    """
    plan.out.mkdir(parents=True, exist_ok=True)
    with locked(plan.out / ".batch.lock"), _client(scheduler, workers) as client:
        if link := _dashboard(client):
            print(f"dashboard: {link}", file=stream, flush=True)
        wanted, left_out = _jobs(plan, client)
        found = {}
        for done, (name, outcome) in enumerate(_outcomes(client, wanted), 1):
            found[name] = _state(outcome)
            lines = found[name]["lines"]
            said = f"{found[name]['state']}{f': {lines[0]}' if lines else ''}"
            print(f"  {done}/{len(wanted)} {name}: {one_line(said, 300)}", file=stream, flush=True)
    for line in write_index(plan.out):
        print(line, file=stream, flush=True)
    told = {"editions": {job.name: found[job.name] for job in wanted}, "left_out": left_out}
    put_text(plan.out / SUMMARY, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return told


@contextmanager
def _client(scheduler: str, workers: int) -> Iterator[Any]:
    try:
        from dask.config import set as settings
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError("batch needs the package distributed: pip install 'incident-report[batch]'") from None
    if scheduler:
        try:
            client = Client(scheduler, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise UsageError(f"--scheduler {scheduler}: does not answer ({one_line(str(error), 120)})") from None
        with client:
            yield client
        return
    with (
        settings(_OWN),
        LocalCluster(
            n_workers=workers or None, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        yield client


def _dashboard(client: Any) -> str:
    """Where the work can be watched; nothing where bokeh, which draws it, is not installed."""
    from importlib.util import find_spec

    return str(client.dashboard_link) if find_spec("bokeh") else ""


def _jobs(plan: Plan, client: Any) -> tuple[list[Job], dict[str, list[str]]]:
    """Every edition that is wanted, exports split and imported first; and what could not become one, with why."""
    wanted: list[Job] = []
    left_out: dict[str, list[str]] = {}
    for item in plan.items:
        if isinstance(item, Split):
            made, failed = _countries(plan, item, client)
            left_out |= failed
            for name, folder in made.items():
                wanted += jobs(plan.out, item.editions, str(folder), name)
        else:
            wanted += jobs(plan.out, item, str(item["data"]))
    names = [job.name for job in wanted]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"the plan asks for {doubled[0]} twice; each edition needs other settings")
    return wanted, left_out


def _countries(plan: Plan, item: Split, client: Any) -> tuple[dict[str, Path], dict[str, list[str]]]:
    from incident_report.data.importers import chosen_map
    from incident_report.data.importers.split import split

    folder = plan.out / DATA
    folder.mkdir(exist_ok=True)
    try:
        tables = split(item.file, chosen_map(item.kind, item.own_map), folder, item.countries)
    except ValueError as fault:
        raise UsageError(str(fault)) from None
    begun = {
        table.stem: client.submit(imported, item, country, table, folder / table.stem, pure=False, retries=RETRIES)
        for country, table in tables.items()
    }
    ended = client.gather(begun)
    made = {name: one for name, one in ended.items() if not isinstance(one, Failed)}
    return made, {f"{DATA}/{name}": list(one.lines) for name, one in ended.items() if isinstance(one, Failed)}


def _outcomes(client: Any, wanted: Sequence[Job]) -> Iterator[tuple[str, Built | Failed]]:
    """Each edition's outcome as it ends. Those come first that find nothing of their own period at work or kept.

    The others find what these have kept. Among equals earlier ones are first, and of one the chapter with most to do.
    """
    from distributed import as_completed

    last: dict[str, Any] = {}
    begun_at_once = sum(not job.after for job in wanted)
    whole = begun_at_once >= MANY * len(client.nthreads())
    rank = _ranks(wanted)
    for job in wanted:
        how = {"pure": False, "retries": RETRIES, "priority": -rank[job.name]}
        parts = [last.get(job.after)]
        if not whole:
            names = sorted(job.request.chapters, key=lambda p: -p.stat().st_size)
            parts = [
                client.submit(chapter, job, p.name, *parts, key=("chapter", f"{job.name}/{p.name}"), **how)
                for p in names
            ]
        last[job.name] = client.submit(edition, job, parts, key=("edition", job.name), **how)
        del parts  # what an edition was made of need not be kept once it stands
    name_of = {future.key: name for name, future in last.items()}
    for future in as_completed(last.values()):
        try:
            yield name_of[future.key], future.result()
        except Exception as error:  # what the machine failed more often than it was tried again
            yield name_of[future.key], Failed((one_line(f"{type(error).__name__}: {error}", 300),))


def _ranks(wanted: Sequence[Job]) -> dict[str, int]:
    """In which order editions begin: the first of every campaign's periods, then the second of each."""
    seen: Counter[tuple[str, str]] = Counter()
    turns: dict[str, int] = {}
    for job in wanted:
        period = (job.request.data, job.request.quarter)
        turns[job.name] = seen[period]
        seen[period] += 1
    return {name: rank for rank, name in enumerate(sorted(turns, key=turns.__getitem__))}


def _state(outcome: Built | Failed) -> dict[str, Any]:
    if isinstance(outcome, Failed):
        return {"state": "failed", "seconds": 0.0, "lines": list(outcome.lines)}
    return {"state": "built" if outcome.seconds else "kept", "seconds": round(outcome.seconds, 1), "lines": []}


def failures(told: Mapping[str, Any]) -> list[str]:
    """One line for each edition that failed, and for what could not become one."""
    failed = {name: one["lines"] for name, one in told["editions"].items() if one["state"] == "failed"}
    return [f"{name}: {line}" for name, lines in {**failed, **told["left_out"]}.items() for line in lines[:1]]


def said(told: Mapping[str, Any], out: Path) -> str:
    """The batch in one line."""
    states = [one["state"] for one in told["editions"].values()]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("built", "kept", "failed") if state in states)
    return f"{shown(out)}: {counts or 'no edition'}; index.html shows them"
