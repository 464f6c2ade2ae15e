"""Time this project's PDF exporter against nbconvert's own, on the executed chapters, in one run.

Each exporter turns each chapter into PDF bytes, in turn, several rounds; printed are the medians in
seconds. An exporter that cannot run here (no Chromium, no LaTeX) is left out, and said so.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # a slow, optional import of jsonschema

from incident_report.paths import CACHE, FONTS, NOTEBOOKS
from incident_report.publish.environment import kernel_environment
from incident_report.publish.parameters import assign
from incident_report.publish.run import run_notebooks

ROUNDS = 3


def typst() -> Callable[[Any], bytes]:
    """The exporter of this project."""
    from nbtypst import TypstPDFExporter

    exporter = TypstPDFExporter(font_paths=[str(FONTS)])
    return lambda nb: exporter.from_notebook_node(nb)[0]


def webpdf() -> Callable[[Any], bytes] | str:
    """nbconvert's, with a Chromium that is already there."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return "no Chromium"
    from nbconvert.exporters import WebPDFExporter
    from playwright.async_api import BrowserType

    launch = BrowserType.launch

    async def here(self: Any, **options: Any) -> Any:
        return await launch(self, executable_path=path, **options)

    BrowserType.launch = here  # type: ignore[method-assign]
    exporter = WebPDFExporter(disable_sandbox=True)
    return lambda nb: exporter.from_notebook_node(nb)[0]


def latex() -> Callable[[Any], bytes] | str:
    """nbconvert's, with XeLaTeX."""
    if shutil.which("xelatex") is None:
        return "no XeLaTeX"
    if shutil.which("pandoc") is None:
        import os

        import pypandoc

        os.environ["PATH"] += os.pathsep + str(Path(pypandoc.get_pandoc_path()).parent)
    from nbconvert.exporters import PDFExporter

    exporter = PDFExporter()
    return lambda nb: exporter.from_notebook_node(nb)[0]


def main() -> int:
    """Run the chapters once, then time the exporters."""
    chapters = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    values = assign(chapters, {}, {})
    executed = run_notebooks(values, env=kernel_environment(CACHE, 0), stream=sys.stderr)
    makers = {"nbtypst": typst(), "nbconvert webpdf": webpdf(), "nbconvert LaTeX": latex()}
    times: dict[str, dict[str, list[float]]] = {}
    for name, make in makers.items():
        if isinstance(make, str):
            print(f"{name}: left out ({make})")
    for _ in range(ROUNDS + 1):  # the first round warms up
        for path, node in executed.items():
            for name, make in makers.items():
                if isinstance(make, str):
                    continue
                start = time.perf_counter()
                try:
                    make(node)
                except Exception as error:
                    times.setdefault(name, {}).setdefault(path.stem, []).append(float("nan"))
                    print(f"{name}, {path.stem}: {type(error).__name__}: {str(error)[:160]}", file=sys.stderr)
                    continue
                times.setdefault(name, {}).setdefault(path.stem, []).append(time.perf_counter() - start)
    names = list(times)
    print("| chapter | " + " | ".join(names) + " |")
    print("|---|" + "---|" * len(names))
    for path in chapters:
        cells = [f"{statistics.median(times[n][path.stem][1:]):.2f}" for n in names]
        print(f"| {path.stem} | " + " | ".join(cells) + " |")
    whole = [sum(statistics.median(times[n][p.stem][1:]) for p in chapters) for n in names]
    print("| all, seconds | " + " | ".join(f"{w:.2f}" for w in whole) + " |")
    print("| ratio to nbtypst | " + " | ".join(f"{w / whole[0]:.1f}" for w in whole) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
