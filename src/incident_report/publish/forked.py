"""A warm process to fork kernels from (`warm`), seen from the build: how it is started, asked and ended."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from incident_report.paths import CODE
from incident_report.publish.warm import READY

ENGINES = FORK, PLAIN = "fork", "nbclient"
END_SECONDS = 10
_FEWEST = 2  # kernels: for fewer, importing what all chapters together use takes longer than it saves
START_SECONDS = 120  # the libraries are imported within two; a machine may be busy
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # with pools of threads it could not be forked
_INLINE = "module://matplotlib_inline.backend_inline"  # what a kernel would choose at its start


class NotForkedError(Exception):
    """No kernel can be forked here; an ordinary one can be started."""


def can_fork() -> bool:
    """Whether this platform has what a forked kernel needs: Linux, and handles of processes."""
    if not sys.platform.startswith("linux") or not hasattr(signal, "pidfd_send_signal"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


@contextmanager
def begun(engine: str, kernels: int, env: Mapping[str, str], without: Sequence[str] = ()) -> Iterator[Server | None]:
    """A warm process that begins to import at once, while its builder does; None where kernels are started one by one.

    Parameters
    ----------
    engine : str
        Of `ENGINES`; empty for what is quicker.
    kernels : int
        How many will be asked for at most, as far as is known.
    env, without
        As for `Server`.
    """
    if engine == PLAIN or kernels < (1 if engine else _FEWEST) or not can_fork():
        yield None
        return
    with Server(env, without) as server:
        yield server


@contextmanager
def warm(env: Mapping[str, str], engine: str, kernels: int, shared: Mapping[str, str]) -> Iterator[Server | None]:
    """A warm process for as long as it is needed; None where kernels are started one by one.

    Parameters
    ----------
    engine, kernels, env
        As for `begun`.
    shared : mapping
        The edition that every kernel will open, as `open_edition` takes it: it is opened once, before the first.
    """
    with begun(engine, kernels, env) as server:
        if server is not None:
            server.open(env, shared)
        yield server


class Server:
    """A warm process, and the socket by which kernels are asked of it; safe to use from several threads.

    Parameters
    ----------
    env : mapping
        As for the kernels: what Python and its libraries look at when they are started.
    without : sequence of str
        Libraries that no kernel is likely to need: one that does imports them itself.
    """

    def __init__(self, env: Mapping[str, str], without: Sequence[str] = ()) -> None:
        self._lock, self._ready = threading.Lock(), False
        self._own, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._own.settimeout(START_SECONDS)
        self._process = subprocess.Popen(  # noqa: S603 - this Python, a module of ours
            [sys.executable, "-m", "incident_report.publish.warm", str(theirs.fileno()), *without],
            env={"MPLBACKEND": _INLINE, **env, **_ONE_THREAD},
            cwd=CODE,  # the first place where `-m` looks for modules
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            process_group=0,  # Ctrl-C is for us; it ends when our end of the socket does
        )
        theirs.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and every kernel with it."""
        self._own.close()
        try:  # its end is that of its kernels, too; one that is still importing need not go on
            self._process.wait(END_SECONDS if self._ready else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def open(self, env: Mapping[str, str], shared: Mapping[str, str]) -> None:
        """Let the process open the edition that every kernel will ask for; what is wrong with it, a kernel tells."""
        with self._lock, suppress(OSError):
            self._own.send(json.dumps({"env": dict(env), "open": dict(shared)}).encode())

    def kernel(self, argv: Sequence[str], env: Mapping[str, str], cwd: str) -> Child:
        """Fork a kernel: what `python -m ipykernel_launcher` is with these arguments.

        Raises
        ------
        NotForkedError
            If the process is gone, or holds a second thread.
        """
        request = json.dumps({"argv": list(argv), "env": dict(env), "cwd": cwd}).encode()
        with self._lock:
            try:
                if not self._ready and self._own.recv(len(READY)) != READY:
                    raise NotForkedError("the warm process did not start")
                self._ready = True
                self._own.send(request)
                pid = int(self._own.recv(32) or 0)
                if pid:
                    return Child(pid)
            except OSError as error:
                raise NotForkedError(str(error)) from error
        raise NotForkedError("the warm process forks none")


class Child:
    """A forked kernel, with what Jupyter asks of a `Popen`; it is a child of the warm process, not of this one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self._handle = pid, os.pidfd_open(pid)

    def __del__(self) -> None:
        with suppress(OSError):
            os.close(self._handle)

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known."""
        return 1 if self._ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        if not self._ended(timeout):
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return 1

    def _ended(self, seconds: float | None) -> bool:
        one = select.poll()
        one.register(self._handle, select.POLLIN)
        return bool(one.poll(None if seconds is None else 1000 * seconds))

    def send_signal(self, sign: int) -> None:
        """Send a signal; one that has ended gets none."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, sign)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)
