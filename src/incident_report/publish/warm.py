"""The process that kernels are forked from: it has imported the libraries once, and waits.

A fork is whole only where there is one thread. So this is a process of its own, which makes no context of
ZeroMQ, starts no event loop and draws no figure; it reads a request, forks, and tells the number of the
child, which becomes an ordinary kernel there. It ends when the other end of its socket is closed, by whatever
death, and every kernel ends with it.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import json
import os
import pkgutil
import random
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from incident_report.garbage import SELDOM
from incident_report.reads import watch

READY = b"ready"
REFUSED = b"0"
# Not among them: matplotlib_inline's back end, which ties itself to the kernel that imports it.
LIBRARIES = (
    "incident_report.publish.packer",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "scipy.special",
    "scipy.stats",
)
OF_TESTS = ("scipy.stats",)  # of these, what no kernel needs that makes no test anew
_OF_LAB = ("incident_report.present.explorer_widget",)  # with it come ipywidgets, which no report shows
_MOST = 1 << 20
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main(argv: Sequence[str]) -> int:
    """Serve the socket with this number until it is closed; further arguments are libraries to leave to kernels."""
    own = socket.socket(fileno=int(argv[0]))
    watch()
    gc.set_threshold(*SELDOM)
    del sys.path[0]  # where this process was started; a kernel looks into its own folder
    import_libraries(argv[1:])
    gc.collect()
    gc.freeze()  # a kernel that looks for circles need not copy every page that it shares
    kernels: list[int] = []
    prctl, server = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()
    with suppress(OSError):  # the other end is gone, and so is what it wanted
        own.send(READY)
        while request := own.recv(_MOST):
            told = json.loads(request)
            if "open" in told:
                _open(told["env"], told["open"])
                continue
            if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - a fork would lose the other threads' locks
                own.send(REFUSED)
                continue
            pid = os.fork()
            if not pid:
                own.close()
                _kernel(told, server, prctl)
            with suppress(OSError):
                os.setpgid(pid, pid)
            kernels.append(pid)
            own.send(str(pid).encode())
    # Not waited for before the end: a dead one keeps its number, so that no signal can reach a stranger.
    for pid in kernels:
        os.killpg(pid, signal.SIGKILL)  # what its cells have started, too
        os.waitpid(pid, 0)
    return 0


def import_libraries(without: Sequence[str] = ()) -> None:
    """Import what chapters use; what is not there is missed by the chapter that asks for it.

    Not the notebooks' face: it ties itself to the kernel that imports it.
    """
    from incident_report import analysis, present
    from incident_report.present import charts

    modules = [
        f"{package.__name__}.{module.name}"
        for package in (analysis, present, charts)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    for name in (n for n in (*LIBRARIES, *modules) if n not in (*without, *_OF_LAB)):
        with suppress(ImportError):
            importlib.import_module(name)


def _open(env: dict[str, str], shared: dict[str, str]) -> None:
    """Open an edition once for every kernel; only a sealed one, which nobody changes, is kept."""
    from incident_report.analysis.open import open_edition

    os.environ.update(env)
    with suppress(Exception):  # bad data, above all: who sealed them says so
        open_edition(**shared)
    gc.freeze()


def _kernel(told: dict[str, Any], server: int, prctl: Callable[..., int]) -> NoReturn:
    """Become a kernel, as `python -m ipykernel_launcher` is one: its environment, folder, group and no input."""
    code = 1
    try:
        with suppress(OSError):
            os.setpgid(0, 0)
        prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != server:
            os._exit(code)
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        os.environ.clear()
        os.environ.update(told["env"])
        os.chdir(told["cwd"])
        sys.argv = [str(_launcher()), *told["argv"]]
        _seed()
        from ipykernel import kernelapp

        kernelapp.launch_new_instance(argv=[*sys.argv[1:], "--IPKernelApp.parent_handle=1"])  # watches no parent
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _launcher() -> str | None:
    found = importlib.util.find_spec("ipykernel_launcher")
    return found.origin if found else None


def _seed() -> None:
    """No two kernels draw the same by chance; numpy, unlike `random`, does not look after that itself."""
    numpy = sys.modules["numpy"]
    numpy.random.seed(random.SystemRandom().getrandbits(32))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
