"""Ends the build that loads it, with its whole process group, at the n-th step it takes in a folder.

It reaches the build as PYTHONPATH of a test and is no part of the code. A step is what Python reports to an audit
hook (a file opened for writing, a folder made, renamed or removed, a function of the C library looked up) and fsync,
which Python does not report. Every step is met before it is taken, so a kill at step n shows the state after n - 1.
"""

import os
import signal
import sys

_UNDER, _AT, _LOG = (os.environ.get(f"TRIP_{name}", "") for name in ("UNDER", "AT", "LOG"))
_WATCHED = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "shutil.rmtree")


class _Trip:
    def __init__(self) -> None:
        self.steps = 0
        self.log = os.open(_LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) if _LOG else -1

    def step(self, what: str) -> None:
        self.steps += 1
        if self.log >= 0:
            os.write(self.log, f"{what}\n".encode("utf-8", "backslashreplace"))
        if str(self.steps) == _AT:
            os.killpg(os.getpgrp(), signal.SIGKILL)

    def hook(self, event: str, arguments: tuple) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and _UNDER in str(path):
                self.step(f"open {path}")
        elif event == "ctypes.dlsym":
            if str(arguments[1]).startswith("rename"):
                self.step(f"{arguments[1]}")
        elif event in _WATCHED and any(_UNDER in os.fsdecode(a) for a in arguments if isinstance(a, str | bytes)):
            self.step(f"{event} {arguments[0]}")


if _UNDER and "incident_report" in sys.orig_argv:
    _trip, _fsync = _Trip(), os.fsync

    def _watched(handle: int) -> None:
        _trip.step("fsync")
        _fsync(handle)

    os.fsync = _watched
    sys.addaudithook(_trip.hook)
