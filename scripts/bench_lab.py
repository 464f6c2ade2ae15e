"""Time the notebooks as JupyterLab runs them: CPU to the first chart, and of each chart drawn again otherwise.

    python scripts/bench_lab.py [NAME ...]     chapters whose names begin so; all of them where none is given

A kernel of its own runs each notebook cell by cell. CPU is the kernel's and that of what it starts, from the start of
its process to the end of the first cell that shows a chart; then each chart's cell is run again with every parameter
that it names set to another value, and the slowest is told.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from bench_page import AGAIN, FIRST

ROOT = Path(__file__).resolve().parents[1]
HEAT = 'from helpers import charts, cross\ncharts.heat(cross(ed, "attack_method", "{}").table, label="attack_method")'
OPENING = 2  # cells: parameters, and what opens the edition
OTHER = {"half_life": "4", "period": '"2020Q2"'}  # of a parameter; a whole number becomes one less
WATCH = """
import resource as _r
_cost = lambda: sum(u.ru_utime + u.ru_stime for u in map(_r.getrusage, (_r.RUSAGE_SELF, _r.RUSAGE_CHILDREN)))
_costs, _begun = [(0.0, 0.0)], [0.0]
get_ipython().events.register("pre_run_cell", lambda info: _begun.__setitem__(0, _cost()))
get_ipython().events.register("post_run_cell", lambda result: _costs.append((_cost() - _begun[0], _cost())))
"""


class Kernel:
    """A kernel that tells what each cell costs."""

    def __init__(self) -> None:
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel(kernel_name="python3", cwd=str(ROOT / "notebooks"))
        self.run(WATCH)

    def run(self, source: str) -> tuple[float, float, bool]:
        """CPU of a cell, that of the kernel since its start, and whether it showed a picture.

        Raises
        ------
        RuntimeError
            If the cell fails.
        """
        shown: list[str] = []
        reply = self.client.execute_interactive(
            source,
            output_hook=lambda m: shown.extend(_pictures(m["content"].get("data", {}))),
            user_expressions={"cost": "_costs[-1]"},
        )["content"]
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")
        own, whole = ast.literal_eval(reply["user_expressions"]["cost"]["data"]["text/plain"])
        return round(own, 3), round(whole, 3), bool(shown)

    def loaded(self) -> list[str]:
        """Slow libraries that are imported by now."""
        asked = '[m for m in ("scipy.stats", "seaborn") if m in __import__("sys").modules]'
        reply = self.client.execute_interactive("", user_expressions={"m": asked}, output_hook=lambda _: None)
        found: list[str] = ast.literal_eval(reply["content"]["user_expressions"]["m"]["data"]["text/plain"])
        return found

    def close(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def _pictures(data: dict[str, Any]) -> Iterator[str]:
    record = data.get("application/vnd.nbtypst+json", {})
    if record.get("kind") == "figure" or "image/svg+xml" in data:
        yield record.get("id", "chart")


def otherwise(source: str, values: dict[str, str]) -> list[str]:
    """A cell once more for every parameter that it names, with another value in front; as it is where it names none."""
    used = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
    return [f"{name} = {value}\n{source}" for name, value in values.items() if name in used] or [source]


def others(cell: str) -> dict[str, str]:
    """Another value of each parameter that has one."""
    made = dict(OTHER)
    for node in ast.parse(cell).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant) and type(node.value.value) is int:
            made[ast.unparse(node.target)] = str(node.value.value - 1)
    return made


def timed(path: Path) -> dict[str, Any]:
    """What one notebook costs: seconds to its first chart, and of each chart drawn again.

    Returns
    -------
    dict
        name, first (None where no cell shows a chart), loaded (slow libraries at that moment), alone (the first chart
        by the opening cells and its own only; None where it needs others), again: cell to seconds.
    """
    cells = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    values = others("".join(cells[0]["source"]))
    found: dict[str, Any] = {"name": path.stem, "first": None, "loaded": [], "alone": None, "again": {}}
    with closing(Kernel()) as kernel:
        for cell in cells:
            source = "".join(cell["source"])
            _, since, drawn = kernel.run(source)
            if drawn and found["first"] is None:
                found.update(first=since, loaded=kernel.loaded(), alone=alone([*cells[:OPENING], cell]))
            if drawn:
                found["again"][cell["id"]] = max(kernel.run(one)[0] for one in otherwise(source, values))
        if path.stem == "explore":
            kernel.run(HEAT.format("target_category"))
            found["again"]["heat"] = kernel.run(HEAT.format("governorate"))[0]
    return found


def alone(cells: Sequence[dict[str, Any]]) -> float | None:
    """CPU of a kernel that runs these cells and no other; None where they need others."""
    with closing(Kernel()) as kernel, suppress(RuntimeError):
        return [kernel.run("".join(cell["source"])) for cell in cells][-1][1]
    return None


def main(names: Sequence[str]) -> int:
    """Print what every notebook costs, and what is slower than it may be."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if names and not path.name.startswith(tuple(names)):
            continue
        found = timed(path)
        first = found["first"]
        late = first is not None and (first > FIRST or bool(found["loaded"]))
        told = " ".join([f"{first or 0:.2f} s of CPU", *found["loaded"], *["SLOW"] * late])
        print(f"{found['name']}: first chart after {told}; alone {found['alone'] or 0:.2f} s")
        for cell, seconds in found["again"].items():
            print(f"  {cell:20} again {seconds:.3f} s{'  SLOW' if seconds > AGAIN else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
