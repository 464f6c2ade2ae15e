"""The client that runs a chapter: papermill's own, with bounds, on a kernel that was forked where that can be."""

from __future__ import annotations

import ast
import copy
import json
import logging
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from incident_report.publish.forked import START_SECONDS, NotForkedError, Server, can_fork
from incident_report.publish.jupyter import (
    NBClientEngine,
    OwnKernel,
    PapermillNotebookClient,
    papermill,
    papermill_engines,
)
from incident_report.publish.sections import OPENER, Plan

ENGINE = "incident-report"
READS = "incident_report_reads"  # among a notebook's metadata: what each section has read, or None, by its first cell
_ASK = "__import__('incident_report.reads', fromlist=['reads'])"
CELL_BYTES = 32_000_000  # characters that one cell may put out: the largest of ours needs 1 MB
NOTEBOOK_BYTES = 128_000_000


class _Forked(LocalProvisioner):
    """Jupyter's local provisioner, but for how the process comes to be: same arguments, environment and folder."""

    server: Server

    async def launch_kernel(self, cmd: list[str], **given: Any) -> KernelConnectionInfo:
        """Fork the kernel that `cmd` would start; where that fails, start it."""
        launcher, cwd = cmd[1:3], given.get("cwd") or str(Path.cwd())
        try:
            if launcher != ["-m", "ipykernel_launcher"]:
                raise NotForkedError(f"another kernel: {cmd}")
            child = self.server.kernel(cmd[3:], given["env"], str(cwd))
        except NotForkedError:
            return await super().launch_kernel(cmd, **given)
        self.process, self.pid, self.pgid = child, child.pid, child.pid  # type: ignore[assignment]
        self.cwd = cwd
        return self.connection_info


class _Client(PapermillNotebookClient):
    """Papermill's own client, which stops a kernel that puts out more than a report could hold."""

    server: Server | None = None  # what the kernel is forked from
    at = 0  # index of the cell that runs
    refused = ""  # why the kernel was stopped
    _cell, _bytes, _all_bytes = -1, 0, 0

    def create_kernel_manager(self) -> Any:
        """A manager whose kernel is forked, where there is something to fork it from."""
        manager = super().create_kernel_manager()
        if self.server is not None:
            manager.kernel_id = str(uuid4())
            made = _Forked(kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager)
            manager.provisioner, made.server = made, self.server
        return manager

    watched = False  # whether to ask the kernel what it reads
    plan: Plan | None = None  # of the sections

    def papermill_execute_cells(self) -> None:
        """Run the cells, and note with the notebook what they have read: the opener, then each section that ran."""
        self._read: dict[str, Any] = {}
        if self.watched:
            self._asked("watch() or 'null'")
        super().papermill_execute_cells()
        if self.watched:
            self._read.setdefault(OPENER, self._asked("told()"))
            self.nb.metadata[READS] = self._read

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **given: Any) -> Any:
        """Run a cell, unless its section is there already."""
        plan, own = self.plan, cell.get("id", "")
        part = plan.part(own) if plan else ()
        if plan is None or not part:
            return super().execute_cell(cell, cell_index, *args, **given)
        if own in plan.kept:
            cell.outputs = copy.deepcopy(plan.kept[own])
            return cell
        if own == part[0]:
            self._read.setdefault(OPENER, self._asked("told()"))
            self._asked("begin()")
        made = super().execute_cell(cell, cell_index, *args, **given)
        if own == part[-1]:
            self._read[part[0]] = self._asked("told()")
        return made

    def _asked(self, what: str) -> Any:
        """An answer out of the kernel, which leaves no trace there; None where it has none."""
        ask = self.kc.execute("", silent=True, store_history=False, user_expressions={"it": f"{_ASK}.{what}"})
        answer = self.wait_for_reply(ask)["content"].get("user_expressions", {}).get("it", {})
        return json.loads(ast.literal_eval(answer["data"]["text/plain"])) if answer.get("status") == "ok" else None

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
                kill([self])
                return None
        return super().process_message(msg, cell, cell_index)


def _weight(value: Any) -> int:
    """Characters of text in a message, however deep."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_weight(v) for v in value.values())
    return sum(_weight(v) for v in value) if isinstance(value, list) else 0


class Engine(NBClientEngine):
    """Papermill's own engine, plus a warm process to fork from, a handle on the kernel and an environment for it.

    Papermill changes the whole process's working folder when it is given one, which threads cannot
    share; the kernel's folder is set through nbclient's resources instead.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Run a notebook.

        Beside papermill's own options: `server` to fork from (one of this process, where none is named; None for
        an ordinary kernel), `folder` and `env` of the kernel, `clients` to add this one to, `on_cell` to call,
        `watched` to note what the kernel reads, `plan` of the sections that are there already.
        """
        seconds = options.get("execution_timeout")
        client: Any = _Client(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=OwnKernel,
            timeout=seconds,
            startup_timeout=options.get("start_timeout", START_SECONDS),
            iopub_timeout=START_SECONDS,  # a large output of a busy machine takes more than nbclient's four seconds
            resources={"metadata": {"path": str(options.get("folder") or Path.cwd())}},
            shutdown_kernel="immediate",
            extra_arguments=[
                "--IPKernelApp.log_level=40",  # no word about sockets on this machine
                "--Session.packer=incident_report.publish.packer.pack",
            ],
            on_cell_start=lambda cell_index, **_: setattr(client, "at", cell_index),
            on_cell_complete=lambda **_: options.get("on_cell", int)(),
            log=logging.getLogger("papermill"),
        )
        client.watched, client.plan = options.get("watched", False), options.get("plan")
        client.server = options["server"] if "server" in options else _own_server()
        options.get("clients", []).append(client)
        try:
            return client.execute(env=dict(options.get("env", os.environ)))
        except Exception as error:
            if client.refused:
                told = client.refused
            elif isinstance(error, CellTimeoutError):
                told = f"took longer than {seconds} seconds and was stopped"
            elif isinstance(error, DeadKernelError):
                told = "its kernel died"
            else:
                raise
            source = client.nb.cells[client.at].source
            raise papermill.PapermillExecutionError(client.at, None, source, "stopped", told, []) from error


@cache
def _own_server() -> Server | None:
    """For whoever calls papermill itself: one warm process, which ends with this one."""
    return Server(os.environ) if can_fork() else None


def kill(clients: Sequence[Any]) -> None:
    """Kill the kernels of these clients, in whatever state they are, and what their cells have started."""
    for client in list(clients):
        provisioner: Any = getattr(client.km, "provisioner", None)
        process = getattr(provisioner, "process", None)
        if process is not None and process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(provisioner.pgid, signal.SIGKILL)


papermill_engines.register(ENGINE, Engine)
