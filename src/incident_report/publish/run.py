"""Run the chapters side by side, each in its own kernel, from one process."""

from __future__ import annotations

import copy
import logging
import re
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, TextIO

from nbclient.exceptions import CellTimeoutError, DeadKernelError

from incident_report.errors import NotebookError, one_line
from incident_report.publish.jupyter import (
    NBClientEngine,
    OwnKernel,
    PapermillNotebookClient,
    nbformat,
    papermill,
    papermill_engines,
)
from incident_report.publish.progress import Progress
from incident_report.publish.request import CELL_SECONDS

ENGINE = "incident-report"
TAG = "parameters"
CELL_BYTES = 32_000_000  # characters that one cell may put out: the largest of ours needs 1 MB
NOTEBOOK_BYTES = 128_000_000
START_SECONDS = 120
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class _Client(PapermillNotebookClient):
    """Papermill's own client, which stops a kernel that puts out more than a report could hold."""

    at = 0  # index of the cell that runs
    refused = ""  # why the kernel was stopped
    _cell, _bytes, _all_bytes = -1, 0, 0

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Count what a cell puts out before it is kept."""
        if self.refused:
            return None
        size = _weight(msg["content"])
        self._bytes = size + (self._bytes if cell_index == self._cell else 0)
        self._cell = cell_index
        self._all_bytes += size
        for seen, most, what in (
            (self._bytes, CELL_BYTES, "the cell"),
            (self._all_bytes, NOTEBOOK_BYTES, "the notebook"),
        ):
            if seen > most:
                self.refused = f"{what} put out more than {most // 1_000_000} MB; show less"
                _kill([self])
                return None
        return super().process_message(msg, cell, cell_index)


def _weight(value: Any) -> int:
    """Characters of text in a message, however deep."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_weight(v) for v in value.values())
    return sum(_weight(v) for v in value) if isinstance(value, list) else 0


class _Engine(NBClientEngine):
    """Papermill's own engine, plus a handle on the kernel and an environment for it.

    Papermill changes the whole process's working folder when it is given one, which threads cannot
    share; the kernel's folder is set through nbclient's resources instead.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        client: Any = _Client(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=OwnKernel,
            timeout=options["execution_timeout"],
            startup_timeout=options["start_timeout"],
            resources={"metadata": {"path": str(options["folder"])}},
            shutdown_kernel="immediate",
            extra_arguments=[
                "--IPKernelApp.log_level=40",  # no word about sockets on this machine
                "--Session.packer=incident_report.publish.packer.pack",
            ],
            on_cell_start=lambda cell_index, **_: setattr(client, "at", cell_index),
            on_cell_complete=lambda **_: options["on_cell"](),
            log=logging.getLogger("papermill"),
        )
        options["clients"].append(client)
        try:
            return client.execute(env=dict(options["env"]))
        except Exception as error:
            if client.refused:
                told = client.refused
            elif isinstance(error, CellTimeoutError):
                told = f"took longer than {options['execution_timeout']} seconds and was stopped"
            elif isinstance(error, DeadKernelError):
                told = "its kernel died"
            else:
                raise
            source = client.nb.cells[client.at].source
            raise papermill.PapermillExecutionError(client.at, None, source, "stopped", told, []) from error


papermill_engines.register(ENGINE, _Engine)


def run_notebooks(
    values: Mapping[Path, Mapping[str, Any]],
    *,
    env: Mapping[str, str],
    stream: TextIO = sys.stderr,
    cell_seconds: int = CELL_SECONDS,
) -> dict[Path, Any]:
    """Execute notebooks with their parameters.

    Parameters
    ----------
    values : mapping of notebook -> parameters
        In the order in which the results are wanted.
    env : mapping
        As from `environment.kernel_environment`.

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
    progress = Progress(cells, stream)
    clients: list[Any] = []
    stop = threading.Event()
    done: dict[Path, Any] = {}

    def run(path: Path) -> Any:
        if stop.is_set():
            raise NotebookError(f"{path.name}: not run")
        # A copy, since a failure is told in terms of the cells as they stand in the file.
        node = papermill.execute_notebook(
            copy.deepcopy(sources[path]),
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
            on_cell=progress.cell,
        )
        _refuse_errors(node)
        return node

    pool = ThreadPoolExecutor(max_workers=max(len(values), 1))  # all kernels at once
    try:
        futures = {pool.submit(run, path): path for path in values}
        for future in as_completed(futures):
            path = futures[future]
            try:
                done[path] = future.result()
            except Exception as error:
                raise _explain(path, error, sources[path]) from error
            progress.say(f"  ran {path.name}")
    finally:
        # Also on Ctrl-C: a kernel that nobody waits for must not run on.
        stop.set()
        if len(done) < len(values):
            _kill(clients)
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


def _kill(clients: Sequence[Any]) -> None:
    for client in list(clients):
        provisioner = getattr(client.km, "provisioner", None)
        process = getattr(provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()


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
