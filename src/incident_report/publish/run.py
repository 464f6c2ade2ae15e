"""Run the chapters side by side, each in its own kernel, from one process."""

from __future__ import annotations

import copy
import logging
import re
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from incident_report.errors import NotebookError, one_line
from incident_report.publish.client import ENGINE, kill
from incident_report.publish.forked import START_SECONDS, Server
from incident_report.publish.jupyter import nbformat, papermill
from incident_report.publish.parameters import TAG
from incident_report.publish.progress import Progress
from incident_report.publish.request import CELL_SECONDS
from incident_report.publish.seats import COUNT, seat
from incident_report.publish.sections import Plan

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def run_notebooks(
    values: Mapping[Path, Mapping[str, Any]],
    *,
    env: Mapping[str, str],
    stream: TextIO = sys.stderr,
    cell_seconds: int = CELL_SECONDS,
    server: Server | None = None,
    on_chapter: Callable[[Path, Any], None] = lambda _path, _node: None,
    watched: bool = False,
    seconds: Mapping[Path, float] = MappingProxyType({}),
    plans: Mapping[Path, Plan] = MappingProxyType({}),
    meanwhile: Callable[[], None] = lambda: None,
) -> dict[Path, Any]:
    """Execute notebooks with their parameters.

    Parameters
    ----------
    values : mapping of notebook -> parameters
        In the order in which the results are wanted.
    env : mapping
        As from `environment.kernel_environment`.
    server : Server, optional
        What the kernels are forked from, as from `forked.warm`; without one they are started one by one.
    on_chapter : callable
        Told of each notebook as soon as it has run.
    watched : bool
        Note with each notebook what its kernel has read (`client.READS`).
    seconds : mapping of notebook -> float
        How long they ran before, as far as it is known: the longest is begun first.
    plans : mapping of notebook -> Plan
        Which sections of them need not run.
    meanwhile : callable
        What can be done while they run.

    Returns
    -------
    dict of notebook -> NotebookNode, in the order of `values`

    Raises
    ------
    NotebookError
        At the first cell that raises; every other kernel is killed.
    """
    for name in ("papermill", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    sources = {path: nbformat.read(path, as_version=4) for path in values}
    # Papermill adds a cell with the values to each.
    cells = sum(1 + sum(bool(_runs(c)) for c in node.cells) for node in sources.values())
    cells -= sum(len(plan.kept) for plan in plans.values())
    progress = Progress(cells, stream)
    clients: list[Any] = []
    stop = threading.Event()
    done: dict[Path, Any] = {}

    def run(path: Path) -> Any:
        # A copy, since a failure is told in terms of the cells as they stand in the file.
        given = copy.deepcopy(sources[path])
        with seat(stop):
            if stop.is_set():
                raise NotebookError(f"{path.name}: not run")
            node = execute(given, path)
        _refuse_errors(node)
        return node

    def execute(given: Any, path: Path) -> Any:
        return papermill.execute_notebook(
            given,
            None,
            parameters=dict(values[path]),
            engine_name=ENGINE,
            kernel_name="python3",
            progress_bar=False,
            start_timeout=START_SECONDS,
            execution_timeout=cell_seconds,
            folder=path.parent,
            env=env,
            clients=clients,
            server=server,
            on_cell=progress.cell,
            watched=watched,
            plan=plans.get(path),
        )

    pool = ThreadPoolExecutor(max_workers=max(min(len(values), COUNT), 1))
    try:
        futures = {pool.submit(run, path): path for path in sorted(values, key=lambda p: -seconds.get(p, 0.0))}
        meanwhile()
        for future in as_completed(futures):
            path = futures[future]
            try:
                done[path] = future.result()
            except Exception as error:
                raise _explain(path, error, sources[path]) from error
            progress.say(f"  ran {path.name}{plans[path].told if path in plans else ''}")
            on_chapter(path, done[path])
    finally:
        # Also on Ctrl-C: a kernel that nobody waits for must not run on.
        stop.set()
        if len(done) < len(values):
            kill(clients)
        pool.shutdown(wait=True, cancel_futures=True)
        progress.close()
    return {path: done[path] for path in values}


def _refuse_errors(node: Any) -> None:
    """Papermill takes `sys.exit(0)` for a good end, although the cells below it were not run."""
    for index, cell in enumerate(node.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise papermill.PapermillExecutionError(
                    index, cell.execution_count, cell.source, output.ename, output.evalue, output.traceback
                )


def _runs(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _explain(path: Path, error: Exception, source: Any) -> NotebookError:
    """The notebook, the cell and the error's last line, in one line."""
    if isinstance(error, NotebookError):
        return error
    text = [line.strip() for line in _ANSI.sub("", str(error)).splitlines() if line.strip()]
    if not isinstance(error, papermill.PapermillExecutionError):
        return NotebookError(f"{path.name}: {type(error).__name__}: {text[-1] if text else 'no message'}")
    # Papermill counts the cells of what it ran, where one with the values follows the parameters;
    # the reader counts the cells of the file.
    tagged = next((i for i, c in enumerate(source.cells) if TAG in c.metadata.get("tags", [])), -1)
    index = min(max(error.cell_index - (error.cell_index > tagged), 0), len(source.cells) - 1)
    lines = _ANSI.sub("", f"{error.ename}: {error.evalue}").strip().rstrip(":").splitlines()
    told = lines[0] if len(lines) == 1 else f"{lines[0]} … {lines[-1]}"
    where = f"{path.name}: cell {index + 1} ({source.cells[index].get('id', 'no id')})"
    return NotebookError(f"{where}: {one_line(told, 600)}")
