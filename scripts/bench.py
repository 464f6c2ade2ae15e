"""Time the report against a plain script and against papermill with nbconvert, in one run; and at any size.

    scripts/bench.py run [--rounds 3] [--editions 24] [--growth] [--sizes 100,1000,100000/1] [--out FILE]
    scripts/bench.py write [docs/performance.json]

A size is rows, and how many quarters they lie in (20 where it is not said). With `--rounds=0` only sizes are measured.
What is measured takes its place in the file of results, part by part as it is done; the rest there stays. `write` makes
docs/performance.md of it, and the chart (`bench_page`).

All runs in a copy of this project in a temporary folder: the checkout's reports, figures and cache stay as they are.
CPU is that of a command and of all its children; memory is that of all of them together at its highest.
"""

from __future__ import annotations

import argparse
import ast
import cProfile
import json
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import bench_lab
import bench_page
from bench_cost import cost, machine
from bench_page import RESULTS

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("src", "templates", "notebooks", "data", "scripts", "pyproject.toml", "requirements.lock")
BUILD = ("-m", "incident_report", "build", "--if-due", "--only=html,pdf,figures")
OFF = {"INCIDENT_REPORT_STORE": "off"}
EDITS = {  # what is changed before a build that has the one before to go on from
    "one changed value": ("data/incidents/2020Q3.csv", "rocket,3,Katyusha from Saba", "rocket,5,Katyusha from Saba"),
    "one value, no result": ("data/incidents/2020Q2.csv", "ied_roadside,2,two roadside", "ied_roadside,3,two roadside"),
    "one changed word": ("data/claims.yml", "in spring than in winter", "in spring than in midwinter"),
    "one word of the story": ("data/story/2020Q3.md", "is reported hurt; women", "is reported hurt, and women"),
    "one changed colour": ("templates/report.css", "--accent: #8c2d04", "--accent: #8c2d05"),
}
MANY = {  # settings that are crossed with all four quarters, as many as are asked for
    "confidence_floor": ("low", "medium", "high"),
    "as_of": ("2020-12-31", "2021-03-31"),
}
WORKERS = 2
GROWN = (1_000, 100_000)  # rows between which the time of each analysis is compared
QUARTERS = 20  # that rows of a size lie in, where nobody says otherwise


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 where a command that is timed fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    timed = commands.add_parser("run", help="time everything, write JSON")
    timed.add_argument("--rounds", type=_rounds, default=3, help="of all but sizes; medians are told (default: 3)")
    timed.add_argument(
        "--sizes", type=_sizes, default=(), metavar="ROWS[/QUARTERS],…", help="campaigns of so many rows, too"
    )
    timed.add_argument("--editions", type=int, default=0, help="so many in turn and as a batch, too (at most 24)")
    timed.add_argument("--growth", action="store_true", help="how the time of each analysis grows with the rows, too")
    timed.add_argument("--out", type=Path, default=RESULTS, help="file of results (default: docs/performance.json)")
    timed.add_argument(
        "--remember", action="store_true", help="let plain script and stock chain remember within a process, too"
    )
    commands.add_parser("write", help="docs/performance.md and its chart").add_argument(
        "results", type=Path, nargs="?", default=RESULTS
    )
    for name in ("floor", "webpdf", "analyses"):  # what `run` calls in processes of their own
        commands.add_parser(name).add_argument("given", nargs="*")
    options = parser.parse_args(arguments)
    if options.command == "floor":
        return floor(options.given[0] if options.given else "data")
    if options.command == "webpdf":
        return webpdf(options.given)
    if options.command == "analyses":
        return analyses(*options.given)
    if options.command == "write":
        bench_page.write(json.loads(options.results.read_text("utf-8")))
        return 0
    try:
        asked = (options.rounds, options.sizes, options.editions, options.growth)
        for part in measured(*asked, remember=options.remember):
            keep(options.out, part)
    except subprocess.CalledProcessError as error:
        print(f"bench: {_failed(error)}", file=sys.stderr)
        return 1
    return 0


def _rounds(text: str) -> int:
    if (value := int(text)) < 0:
        raise ValueError(text)
    return value


def _sizes(text: str) -> tuple[str, ...]:
    """
    >>> _sizes("100,100000/1")
    ('100/20', '100000/1')
    """
    made = []
    for one in filter(None, text.split(",")):
        rows, quarters = map(int, one.split("/") if "/" in one else (one, str(QUARTERS)))
        if min(rows, quarters) < 1:
            raise ValueError(text)
        made.append(f"{rows}/{quarters}")
    return tuple(made)


def keep(out: Path, part: Mapping[str, Any]) -> None:
    """Put what was measured into the file of results; other parts, and other sizes, stay as they are there."""
    found = json.loads(out.read_text("utf-8")) if out.is_file() else {}
    sizes = {**found.get("sizes", {}), **part.get("sizes", {})}
    text = json.dumps({**found, **part, "sizes": sizes}, indent=1, allow_nan=False) + "\n"
    out.with_suffix(".part").write_text(text, encoding="utf-8")
    out.with_suffix(".part").replace(out)


def measured(
    rounds: int, sizes: Sequence[str] = (), editions: int = 0, growth: bool = False, *, remember: bool = False
) -> Iterator[dict[str, Any]]:
    """Each part as it is done: steps and notebooks, many editions, each size; in a copy that is removed again."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        place = Place(Path(scratch) / "project", {} if remember else OFF)
        place.fresh()
        place.run(*BUILD)  # compiles the modules and lists the fonts, which is done once a machine
        if rounds:
            yield {"steps": {**_rounds_of(place.steps, rounds), "remember": remember}}
            yield {"lab": _rounds_of(_notebooks, rounds)}
        if editions:
            yield {"many": _rounds_of(lambda: place.many(editions), 1)}
        if growth:
            yield {"growth": _rounds_of(place.growth, 1)}
        for size in sizes:
            begun = os.getloadavg()[0]
            steps = place.size(*map(int, size.split("/")))
            print(f"{bench_page.said(size)}: {steps}", file=sys.stderr, flush=True)
            yield {"sizes": {size: {"machine": machine(), "load": [begun, os.getloadavg()[0]], "steps": steps}}}


def _rounds_of(steps: Callable[[], Iterator[tuple[str, Any]]], rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {"machine": machine(), "load": [os.getloadavg()[0]], "rounds": {}}
    for number in range(rounds):
        for name, one in steps():
            found["rounds"].setdefault(name, []).append(one)
            print(f"round {number + 1}, {name}: {one}", file=sys.stderr, flush=True)
        found["load"].append(os.getloadavg()[0])
    return found


def _notebooks() -> Iterator[tuple[str, Any]]:
    """What each notebook costs as JupyterLab runs it; those without a chart are left out."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cost = bench_lab.timed(path)
        if cost["first"] is not None:
            yield cost.pop("name"), cost


def _failed(error: subprocess.CalledProcessError) -> str:
    return f"{' '.join(error.cmd)[:200]} ended with {error.returncode}:\n{(error.stderr or '')[-2000:]}"


class Place:
    """A copy of the project, and commands that are timed in it."""

    def __init__(self, root: Path, others: Mapping[str, str]) -> None:
        self.root, self.others = root, others  # what is set for the plain script and the stock chain
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
            else:
                shutil.copy2(source, root / name)

    def fresh(self) -> None:
        """As it was copied, without anything that was built or remembered."""
        for name in ("reports", "figures", ".cache/store", "stock", "many", "batch"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for file, _, _ in EDITS.values():
            shutil.copyfile(ROOT / file, self.root / file)

    def steps(self) -> Iterator[tuple[str, Any]]:
        """Name and cost of each step of one round, as they are taken."""
        bench = "scripts/bench.py"
        self.fresh()
        yield "plain script", self.run(bench, "floor", **self.others)
        yield "chapters", self.run("-m", "incident_report", "build", "--only=figures", "--out=chapters-only")
        self.fresh()
        shutil.rmtree(self.root / "chapters-only")
        yield "cold build", self.run(*BUILD)
        yield "nothing changed", self.run(*BUILD)
        for name, (file, old, new) in EDITS.items():
            path = self.root / file
            text = path.read_text("utf-8")
            if text.count(old) != 1:
                raise SystemExit(f"bench: {file} has {old!r} {text.count(old)} times; scripts/bench.py wants it once")
            path.write_text(text.replace(old, new), "utf-8")
            yield name, self.run(*BUILD)
        self.fresh()
        yield "stock chain", self.stock()

    def stock(self) -> dict[str, float]:
        """Papermill's and nbconvert's command lines, a chapter at a time."""
        made = self.root / "stock"
        made.mkdir()
        papermill, nbconvert = (
            ("-m", "papermill", "--no-progress-bar"),
            ("-m", "nbconvert", "--to=html", "--log-level=ERROR"),
        )
        costs, outs = [], []
        for path in chapters(self.root):
            out = made / path.name
            values = [w for name, value in parameters(path).items() for w in ("-p", name, value)]
            costs.append(
                self.run(*papermill, "--cwd=notebooks", f"notebooks/{path.name}", str(out), *values, **self.others)
            )
            costs.append(self.run(*nbconvert, str(out)))
            outs.append(str(out))
            if shutil.which("chromium") or shutil.which("google-chrome"):
                costs.append(self.run("scripts/bench.py", "webpdf", str(out)))
        return _total(costs)

    def many(self, count: int) -> Iterator[tuple[str, Any]]:
        """What editions cost, built one after the other and as a batch; each of the two begins with an empty store."""
        crossed = list(product(sorted(p.stem for p in (self.root / "data/incidents").glob("*.csv")), *MANY.values()))
        self.fresh()
        costs = []
        for quarter, *values in crossed[:count]:
            told = [f"--{name.replace('_', '-')}={value}" for name, value in zip(MANY, values, strict=True)]
            out = "-".join((quarter, *values))
            costs.append(self.run("-m", "incident_report", "build", f"--quarter={quarter}", *told, f"--out=many/{out}"))
        yield "one after the other", {**_total(costs), "editions": len(costs)}
        self.fresh()
        wanted = [
            {"data": "data", "quarters": [quarter], "settings": dict(zip(MANY, values, strict=True))}
            for quarter, *values in crossed[:count]
        ]
        (self.root / "plan.yml").write_text(json.dumps({"out": "batch", "editions": wanted}), "utf-8")
        yield "as a batch", self.run("-m", "incident_report", "batch", f"--workers={WORKERS}", "plan.yml")

    def growth(self) -> Iterator[tuple[str, dict[str, float]]]:
        """Seconds of each analysis, by rows."""
        for rows in GROWN:
            folder, told = self.root / f"rows-{rows}", self.root / f"analyses-{rows}.json"
            self.run("scripts/bench_data.py", str(folder), str(rows), str(QUARTERS))
            self.run("scripts/bench.py", "analyses", str(folder), str(told))
            shutil.rmtree(folder)
            yield str(rows), json.loads(told.read_text("utf-8"))

    def size(self, rows: int, quarters: int = QUARTERS) -> dict[str, Any]:
        """What each command costs on a campaign of so many rows; `failed` of one that did not come to its end."""
        folder = self.root / f"rows-{rows}"
        self.run("scripts/bench_data.py", str(folder), str(rows), str(quarters))
        report, data = ("-m", "incident_report"), f"--data={folder}"
        opened = "import sys; from incident_report.analysis.open import open_edition; open_edition(sys.argv[1])"
        asked = {
            "check-data": (*report, "check-data", data),
            "load": ("-c", opened, str(folder)),
            "analysis": ("scripts/bench.py", "floor", str(folder)),
            "build": (*report, "build", data, "--only=html,pdf,figures", f"--out=built-{rows}"),
        }
        found = {
            name: self._tried(*words, **(self.others if name == "analysis" else {})) for name, words in asked.items()
        }
        shutil.rmtree(folder)
        return found

    def _tried(self, *arguments: str, **more: str) -> dict[str, Any]:
        try:
            return dict(self.run(*arguments, **more))
        except subprocess.CalledProcessError as error:
            last = (error.stderr or "").strip().splitlines()[-1:]
            return {"failed": f"ended with {error.returncode}: {''.join(last)[:120]}"}

    def run(self, *arguments: str, **more: str) -> dict[str, float]:
        """As `bench_cost.cost`, of this project's Python in the copy."""
        known = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "INCIDENT_REPORT_STORE")}
        env = {**known, "PYTHONPATH": str(self.root / "src"), "PYDEVD_DISABLE_FILE_VALIDATION": "1", **more}
        return cost(arguments, self.root, env)


def _total(costs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Of commands that ran one after the other."""
    wall, cpu = (round(sum(c[kind] for c in costs), 2) for kind in ("wall", "cpu"))
    return {"wall": wall, "cpu": cpu, "memory": max(c["memory"] for c in costs)}


def chapters(root: Path) -> list[Path]:
    """The notebooks of the report."""
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def parameters(path: Path, folder: str = "data") -> dict[str, str]:
    """What a chapter is told of the edition."""
    cell = next(c for c in _cells(path) if "parameters" in c["metadata"].get("tags", ()))
    given = {"quarter": "2020Q3", "data_folder": folder}
    names = {n.target.id for n in ast.parse("".join(cell["source"])).body if isinstance(n, ast.AnnAssign)}  # type: ignore[union-attr]
    return {name: value for name, value in given.items() if name in names}


def _cells(path: Path) -> list[dict[str, Any]]:
    return [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]


def floor(folder: str) -> int:
    """Every cell of every chapter in this process, one after the other: what a plain script would do."""
    sys.path.insert(0, "src")
    from incident_report.present.prose import written

    for path in chapters(Path()):
        space: dict[str, Any] = {"display": lambda *_: None}
        for cell in _cells(path):
            source = "".join(cell["source"])
            if source.startswith("%%prose"):
                line, _, text = source.removeprefix("%%prose").partition("\n")
                written(line, text, space)
                continue
            exec(compile(source, path.name, "exec"), space)  # noqa: S102 - our own chapters
            if "parameters" in cell["metadata"].get("tags", ()):
                space |= parameters(path, folder)
    return 0


def analyses(folder: str, out: str) -> int:
    """Seconds of each analysis function within all chapters, with what it asks of others that nobody asked before."""
    sys.path.insert(0, "src")
    from incident_report.analysis import result
    from incident_report.publish.warm import import_libraries

    import_libraries()  # else whoever asks for one first is timed with it
    profile, home, told = cProfile.Profile(), Path(result.__file__).parent, {}
    profile.runcall(floor, folder)
    for (file, _, name), (*_, seconds, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        one = f"{Path(file).stem}.{name}"
        if Path(file).parent == home and f"{result.__package__}.{one}" in result.ANALYSES:
            told[one] = round(seconds, 4)
    Path(out).write_text(json.dumps(told), "utf-8")
    return 0


def webpdf(paths: Sequence[str]) -> int:
    """The command line of nbconvert with the Chromium that is already there."""
    from nbconvert.nbconvertapp import NbConvertApp
    from playwright.async_api import BrowserType

    launch, found = BrowserType.launch, shutil.which("chromium") or shutil.which("google-chrome")

    async def here(self: Any, **options: Any) -> Any:
        return await launch(self, executable_path=found, **options)

    BrowserType.launch = here  # type: ignore[method-assign]
    NbConvertApp.launch_instance(["--to=webpdf", "--disable-chromium-sandbox", "--log-level=ERROR", *paths])
    return 0


if __name__ == "__main__":
    sys.exit(main())
