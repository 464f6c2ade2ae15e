"""The one door to papermill, which imports nbformat: `notebooks` first."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import monotonic

from incident_report.publish.notebooks import nbformat  # isort: skip - before papermill, which would import it itself

import papermill
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import default

_ARRIVES = 0.2  # seconds; a connection that was made too late for the first answer has the second
_LONGEST = 96  # bytes; the path of a socket ends at 104 on some systems


class OwnClient(AsyncKernelClient):
    """Jupyter's client, which begins as soon as a kernel answers.

    Jupyter's own waits until nothing has been published for a fifth of a second after that. Nbclient looks at whose
    answer a message is, and needs no silence.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask until the kernel answers and what it publishes arrives.

        Raises
        ------
        RuntimeError
            If it dies first, or takes longer than `timeout` (seconds).
        """
        end = monotonic() + timeout if timeout is not None else float("inf")
        while await self.is_alive():
            self.kernel_info()
            with suppress(Empty):
                answer = await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=_ARRIVES)
                if answer["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(answer)
                    return
            if monotonic() > end:
                raise RuntimeError(f"the kernel did not answer within {timeout:.0f} seconds")
        raise RuntimeError("the kernel died before it answered")


class OwnKernel(AsyncKernelManager):
    """The kernel of this very Python: one of the same name in a home folder or on JUPYTER_PATH is not asked.

    It is spoken to through sockets in a folder. Numbers of ports are the whole machine's: two builds that choose
    theirs before either kernel has taken them may choose the same, and one kernel dies.
    """

    @default("client_factory")
    def _that_begins_at_once(self) -> type[OwnClient]:
        return OwnClient

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
