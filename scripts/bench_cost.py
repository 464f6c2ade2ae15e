"""What a command costs, and on which machine: seconds by the clock, of CPU, megabytes; its children's too."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

SECONDS = 3600  # that one command may take
EVERY = 0.5  # seconds between two looks at the memory


def cost(arguments: Sequence[str], folder: Path, env: Mapping[str, str]) -> dict[str, float]:
    """Run this Python with arguments, in a folder.

    Returns
    -------
    dict
        wall and cpu in seconds, memory in megabytes.

    Raises
    ------
    CalledProcessError
        If it fails or takes longer than `SECONDS`.
    """
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=folder, env=env, stdout=said, stderr=said)
        memory, limit = Memory(process.pid), threading.Timer(SECONDS, process.terminate)
        limit.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        limit.cancel()
        memory.stop.set()
        memory.join()
        if process.returncode:
            said.seek(0)
            raise subprocess.CalledProcessError(process.returncode, list(arguments), stderr=said.read())
    return {"wall": round(wall, 2), "cpu": round(used.ru_utime + used.ru_stime, 2), "memory": round(memory.most)}


class Memory(threading.Thread):
    """The most that a process and its children hold at once, in megabytes; what they share counts once (Linux)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.stop = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        """Look again and again."""
        while not self.stop.wait(EVERY):
            self.most = max(self.most, sum(map(_held, _family(self.pid))))


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:  # it has ended meanwhile
                continue
    return found


def _held(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def machine() -> dict[str, Any]:
    """What was measured on."""
    model = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "day": date.today().isoformat(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": next(iter(model), platform.processor()),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).is_file() else []
