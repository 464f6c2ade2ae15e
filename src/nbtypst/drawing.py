"""Charts drawn by vl-convert or kaleido, in a process of their own that can hang or die and harm nothing here.

with Renderer() as renderer:
    svg = renderer.draw("vega", spec, version="5")
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

WORKER = (sys.executable, "-P", str(Path(__file__).with_name("chart_worker.py")))
NEEDED = {"vega": ("vl_convert",), "plotly": ("kaleido", "plotly")}  # modules of each engine
_LARGEST = 30_000_000  # characters of an answer
_PATIENCE = 2  # charts that may hang; then no more are tried
_FAREWELL = 5.0  # seconds that the process has to close its browser
_MARK = "NBTYPST_RENDERER"
NOWHERE = "127.0.0.1:9"  # a proxy that is none: a browser loads nothing


class NotDrawn(Exception):
    """A chart that was not drawn; the message says why in a few words."""


def installed(engine: str) -> bool:
    """Whether what draws `engine`'s charts is here."""
    return all(importlib.util.find_spec(name) for name in NEEDED[engine])


class Renderer:
    """Draws charts; its process starts with the first one and ends, with all that it started, at the end of ``with``.

    Parameters
    ----------
    command : sequence of str
        What draws: see `nbtypst.chart_worker`.
    seconds : float
        Longest that a chart may take.
    """

    def __init__(self, command: Sequence[str] = WORKER, seconds: float = 60):
        self._command = tuple(command)
        self._seconds = seconds
        self._hung = 0
        self._process: subprocess.Popen[str] | None = None
        self._mark = uuid.uuid4().hex

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop(gently=True)

    def draw(self, engine: str, spec: Mapping[str, Any], version: str = "") -> str:
        """The chart as SVG.

        Parameters
        ----------
        engine : str
            ``vega`` or ``plotly``.
        version : str
            Of Vega-Lite; empty for Vega.

        Raises
        ------
        NotDrawn
            When the renderer refuses it, hangs, dies or answers with anything but a drawing.
        """
        if self._hung >= _PATIENCE:
            raise NotDrawn("the renderer hung before")
        try:
            question = json.dumps({"engine": engine, "spec": spec, "version": version})
        except (TypeError, ValueError, RecursionError) as error:
            raise NotDrawn("it is no JSON, or nested too deeply") from error
        answer = self._asked(question)
        svg = answer.get("svg")
        if not isinstance(svg, str) or "<svg" not in svg[:2000]:
            raise NotDrawn(str(answer.get("why") or "the renderer made no drawing")[:200])
        return svg

    def _asked(self, question: str) -> dict[str, Any]:
        """What the process answers; it is stopped where that takes too long or is no answer."""
        process, late = self._running(), threading.Event()
        timer = threading.Timer(self._seconds, self._out_of_time, (process, late))
        timer.start()
        line, answer = "", None
        try:
            assert process.stdin and process.stdout
            process.stdin.write(f"{question}\n")
            process.stdin.flush()
            line = process.stdout.readline(_LARGEST)
            answer = json.loads(line)
        except (OSError, ValueError):
            pass  # no answer, or none that can be read
        finally:
            timer.cancel()
        if isinstance(answer, dict):
            return answer
        self._stop(gently=False)
        if late.is_set():
            self._hung += 1
            raise NotDrawn(f"the renderer took longer than {self._seconds:g} s")
        raise NotDrawn("the renderer's answer is no drawing" if line else "the renderer stopped")

    def _out_of_time(self, process: subprocess.Popen[str], late: threading.Event) -> None:
        late.set()
        self._kill(process)

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None:
            return self._process
        self._home = tempfile.TemporaryDirectory(prefix="nbtypst-chart-", ignore_cleanup_errors=True)
        own = {_MARK: self._mark, "TMPDIR": self._home.name, "CHOREO_PROXY_SERVER": NOWHERE}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a program of this package
                [*self._command, f"{self._seconds:.0f}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **own},
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise NotDrawn(f"the renderer does not start: {error.strerror}") from error
        return self._process

    def _stop(self, *, gently: bool) -> None:
        """End the process, by closing its input where it may take a moment, and all that it left."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()
        if gently:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_FAREWELL)
        self._kill(process)
        process.wait()
        process.stdout.close()
        self._home.cleanup()

    def _kill(self, process: subprocess.Popen[str]) -> None:
        """Browsers leave the group of the process that starts them: they are known by what they were given."""
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        for pid in _holding(f"{_MARK}={self._mark}".encode()):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _holding(mark: bytes) -> Iterator[int]:
    """Processes with `mark` in their environment, where the system tells (Linux)."""
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark in environment.read_bytes():
                yield int(environment.parent.name)
