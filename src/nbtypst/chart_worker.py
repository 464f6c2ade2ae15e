"""Draws charts for `nbtypst.drawing`: a program of its own, which imports nothing of this package.

It reads a question a line from its standard input and writes an answer a line to its standard output, both JSON:
``{"engine": "plotly", "spec": {…}}`` is answered by ``{"svg": "<svg …"}`` or ``{"why": "…"}``. It ends with its input,
and in any case when a question takes longer than the seconds that it is given as its argument.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any


class _Vega:
    """vl-convert, which carries its own engine."""

    def __init__(self) -> None:
        self._converter: Any = importlib.import_module("vl_convert")

    def draw(self, spec: dict[str, Any], version: str) -> str:
        if not version:
            return str(self._converter.vega_to_svg(spec, allowed_base_urls=[]))
        known = [v for v in self._converter.get_vegalite_versions() if v.startswith(f"{version}.")]
        how = {"vl_version": known[-1]} if known else {}
        return str(self._converter.vegalite_to_svg(spec, allowed_base_urls=[], **how))

    def close(self) -> None:
        """Nothing is open."""


class _Kaleido:
    """kaleido from 1.0, with the browser that it finds; in the browser's sandbox, which root cannot have."""

    def __init__(self) -> None:
        kaleido: Any = importlib.import_module("kaleido")
        rooted = getattr(os, "geteuid", lambda: 1)() == 0
        self._loop = asyncio.new_event_loop()
        self._browser = self._loop.run_until_complete(
            self._opened(kaleido.Kaleido, n=1, mathjax=False, enable_sandbox=not rooted)
        )

    @staticmethod
    async def _opened(browser: Any, **how: Any) -> Any:
        return await browser(**how)

    def draw(self, spec: dict[str, Any], _: str) -> str:
        made = self._loop.run_until_complete(self._browser.calc_fig(spec, opts={"format": "svg"}))
        return bytes(made).decode("utf-8", "replace")

    def close(self) -> None:
        self._loop.run_until_complete(self._browser.close())


class _OldKaleido:
    """kaleido 0.2, which carries its browser."""

    def __init__(self) -> None:
        scope: Any = importlib.import_module("kaleido.scopes.plotly").PlotlyScope
        self._scope = scope(plotlyjs=str(Path(_plotly()).parent / "package_data" / "plotly.min.js"))
        self._scope.chromium_args = (
            *scope.default_chromium_args(),
            f"--proxy-server={os.environ['CHOREO_PROXY_SERVER']}",
        )

    def draw(self, spec: dict[str, Any], _: str) -> str:
        return bytes(self._scope.transform(spec, format="svg")).decode("utf-8", "replace")

    def close(self) -> None:
        self._scope._shutdown_kaleido()


def _plotly() -> str:
    """The path of Plotly's own package: it carries the script that draws, which would come from the net without it."""
    return str(importlib.import_module("plotly").__file__)


def _started(engine: str) -> Any:
    if engine == "vega":
        return _Vega()
    _plotly()
    return _Kaleido() if hasattr(importlib.import_module("kaleido"), "Kaleido") else _OldKaleido()


def _answers(questions: Iterator[str], start: Callable[[str], Any]) -> Iterator[dict[str, str]]:
    """An answer a question; engines start when they are first asked."""
    engines: dict[str, Any] = {}
    try:
        for line in questions:
            asked = json.loads(line)
            name = asked["engine"]
            try:
                if name not in engines:
                    engines[name] = start(name)
                yield {"svg": engines[name].draw(asked["spec"], asked.get("version", ""))}
            except Exception as error:  # engines raise whatever they do
                yield {"why": " ".join(str(error).split())[:200] or type(error).__name__}
    finally:
        for engine in engines.values():
            with contextlib.suppress(Exception):
                engine.close()


def main() -> None:
    """Answer until the input ends; what engines print goes to standard error."""
    seconds = int(sys.argv[1]) if hasattr(signal, "alarm") else 0
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for answer in _answers(_timed(sys.stdin, seconds), _started):
        print(json.dumps(answer), file=answers, flush=True)


def _timed(lines: Iterable[str], seconds: int) -> Iterator[str]:
    """Lines; the program is ended where it does not ask for the next one in time, should nobody be there to end it."""
    for line in lines:
        if seconds:
            signal.alarm(seconds + 5)
        yield line
        if seconds:
            signal.alarm(0)


if __name__ == "__main__":
    main()
