"""The one door to papermill, which imports nbformat: `notebooks` first."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from incident_report.publish.notebooks import nbformat  # isort: skip - before papermill, which would import it itself

import papermill
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import default

_LONGEST = 96  # bytes; the path of a socket ends at 104 on some systems


class OwnKernel(AsyncKernelManager):
    """The kernel of this very Python: one of the same name in a home folder or on JUPYTER_PATH is not asked.

    It is spoken to through sockets in a folder. Numbers of ports are the whole machine's: two builds that choose
    theirs before either kernel has taken them may choose the same, and one kernel dies.
    """

    @default("kernel_spec_manager")
    def _own(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])

    @default("connection_file")
    def _in_the_run_s_own(self) -> str:
        return str(Path(tempfile.gettempdir()) / f"k{secrets.token_hex(8)}.json")

    @default("transport")
    def _where_paths_are_short(self) -> str:
        return "ipc" if os.name == "posix" and len(os.fsencode(self.connection_file)) < _LONGEST else "tcp"


__all__ = ["NBClientEngine", "OwnKernel", "PapermillNotebookClient", "nbformat", "papermill", "papermill_engines"]
