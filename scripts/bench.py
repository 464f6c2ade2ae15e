"""Time the report against a plain script and against papermill with nbconvert, in one run; write docs/performance.md.

    scripts/bench.py run [--rounds 3] [--sizes 100,1000,10000] [--out bench.json]
    scripts/bench.py write bench.json

All runs in a copy of this project in a temporary folder: the checkout's reports, figures and cache stay as they are.
CPU is that of a command and of all its children; memory is that of all of them together at its highest.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("src", "templates", "notebooks", "data", "scripts", "pyproject.toml", "requirements.lock")
BUILD = ("-m", "incident_report", "build", "--if-due", "--only=html,pdf,figures")
OFF = {"INCIDENT_REPORT_STORE": "off"}
EDITS = {  # what is changed before a build that has the one before to go on from
    "one changed value": ("data/incidents/2020Q2.csv", ",ied_roadside,2,two roadside", ",ied_roadside,3,two roadside"),
    "one changed word": ("data/claims.yml", "in spring than in winter", "in spring than in midwinter"),
    "one changed colour": ("templates/report.css", "--accent: #8c2d04", "--accent: #8c2d05"),
}
# (what, measured in, at most so many times, of what): the bars that the project holds itself to.
BARS = (
    ("chapters", "cpu", 0.8, "plain script"),
    ("chapters", "wall", 0.5, "plain script"),
    ("cold build", "wall", 0.65, "plain script"),
    ("cold build", "wall", 0.25, "stock chain"),
    ("one changed value", "wall", 0.45, "cold build"),
    ("one changed word", "wall", 0.35, "cold build"),
    ("one changed colour", "wall", 0.2, "cold build"),
)
NOTHING_SECONDS = 0.25  # for a build of which nothing is due
EVERY = 0.5  # seconds between two looks at the memory


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 where a command that is timed fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    timed = commands.add_parser("run", help="time everything, print a table, write JSON")
    timed.add_argument("--rounds", type=_number, default=3, help="of everything; medians are told (default: 3)")
    timed.add_argument(
        "--sizes", default="", metavar="ROWS,ROWS", help="campaigns of so many rows, too, in 20 quarters"
    )
    timed.add_argument(
        "--out", type=Path, default=Path("bench.json"), help="file for the results (default: bench.json)"
    )
    timed.add_argument(
        "--remember", action="store_true", help="let plain script and stock chain remember within a process, too"
    )
    commands.add_parser("write", help="docs/performance.md and its chart").add_argument("results", type=Path)
    for name in ("floor", "webpdf"):  # what `run` calls in processes of their own
        commands.add_parser(name).add_argument("given", nargs="*")
    options = parser.parse_args(arguments)
    if options.command == "floor":
        return floor(options.given[0] if options.given else "data")
    if options.command == "webpdf":
        return webpdf(options.given)
    if options.command == "write":
        return write(json.loads(options.results.read_text("utf-8")))
    try:
        sizes = [_number(text) for text in options.sizes.split(",") if text]
    except ValueError:
        parser.error(f"--sizes {options.sizes}: whole numbers of rows, with commas between")
    try:
        found = run(options.rounds, sizes, remember=options.remember)
    except subprocess.CalledProcessError as error:
        print(
            f"bench: {' '.join(error.cmd)[:200]} ended with {error.returncode}:\n{error.stderr[-2000:]}",
            file=sys.stderr,
        )
        return 1
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(table(found))
    return 0


def _number(text: str) -> int:
    if (value := int(text)) < 1:
        raise ValueError(text)
    return value


def run(rounds: int, sizes: Sequence[int] = (), *, remember: bool = False) -> dict[str, Any]:
    """Every step, round by round, in a copy that is removed again."""
    found: dict[str, Any] = {
        "machine": machine(),
        "remember": remember,
        "load": [os.getloadavg()[0]],
        "steps": {},
        "sizes": {},
    }
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        place = Place(Path(scratch) / "project", {} if remember else OFF)
        place.fresh()
        place.run(*BUILD)  # compiles the modules and lists the fonts, which is done once a machine
        for number in range(rounds):
            for name, seconds in place.steps():
                found["steps"].setdefault(name, []).append(seconds)
                print(f"round {number + 1}, {name}: {seconds}", file=sys.stderr, flush=True)
            found["load"].append(os.getloadavg()[0])
        for rows in sizes:
            found["sizes"][str(rows)] = place.size(rows)
            print(f"{rows} rows: {found['sizes'][str(rows)]}", file=sys.stderr, flush=True)
    return found


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
        for name in ("reports", "figures", ".cache/store", "stock"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for file, _, _ in EDITS.values():
            shutil.copyfile(ROOT / file, self.root / file)

    def steps(self) -> Any:
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
        return {
            "wall": round(sum(c["wall"] for c in costs), 2),
            "cpu": round(sum(c["cpu"] for c in costs), 2),
            "memory": max(c["memory"] for c in costs),
        }

    def size(self, rows: int) -> dict[str, Any]:
        """What each command costs on a campaign of so many rows in twenty quarters."""
        folder = self.root / f"rows-{rows}"
        self.run("scripts/bench_data.py", str(folder), str(rows), "20")
        report, data = ("-m", "incident_report"), f"--data={folder}"
        opened = "import sys; from incident_report.analysis.open import open_edition; open_edition(sys.argv[1])"
        found = {
            "check-data": self.run(*report, "check-data", data),
            "load": self.run("-c", opened, str(folder)),
            "analysis": self.run("scripts/bench.py", "floor", str(folder), **self.others),
            "build": self.run(*report, "build", data, "--only=html,pdf,figures", f"--out=built-{rows}"),
        }
        shutil.rmtree(folder)
        return found

    def run(self, *arguments: str, **more: str) -> dict[str, float]:
        """Seconds and megabytes of one command of this Python.

        Raises
        ------
        CalledProcessError
            If it fails.
        """
        known = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "INCIDENT_REPORT_STORE")}
        env = {**known, "PYTHONPATH": str(self.root / "src"), "PYDEVD_DISABLE_FILE_VALIDATION": "1", **more}
        command = [sys.executable, *arguments]
        with tempfile.TemporaryFile("w+") as said:
            start = time.perf_counter()
            process = subprocess.Popen(command, cwd=self.root, env=env, stdout=said, stderr=said)
            memory = Memory(process.pid)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            memory.stop.set()
            memory.join()
            if process.returncode:
                said.seek(0)
                raise subprocess.CalledProcessError(process.returncode, arguments, stderr=said.read())
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


def medians(found: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Of each step, over the rounds."""
    return {
        name: {kind: statistics.median(one[kind] for one in rounds) for kind in rounds[0]}
        for name, rounds in found["steps"].items()
    }


def judged(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every bar with what was measured."""
    told, made = medians(found), []
    for step, kind, most, of in BARS:
        ratio = told[step][kind] / told[of][kind]
        made.append({"step": step, "kind": kind, "of": of, "most": most, "ratio": ratio, "kept": ratio <= most})
    seconds = told["nothing changed"]["wall"]
    bar = {"step": "nothing changed", "kind": "wall", "of": "", "most": NOTHING_SECONDS, "ratio": seconds}
    return [*made, {**bar, "kept": seconds <= NOTHING_SECONDS}]


def table(found: Mapping[str, Any]) -> str:
    """Both tables of docs/performance.md."""
    from jinja2 import Environment, StrictUndefined

    template = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - Markdown
    source = (ROOT / "scripts" / "performance.md").read_text("utf-8")
    return template.from_string(source).render(found=found, told=medians(found), bars=judged(found))


def write(found: Mapping[str, Any]) -> int:
    """docs/performance.md and its chart."""
    from incident_report.present.theme import theme

    with theme():
        from matplotlib import pyplot as plt

        told = medians(found)
        names = list(told)[::-1]
        figure, ax = plt.subplots(figsize=(7, 0.4 * len(names) + 0.8), layout="constrained")
        for shift, kind, label in ((0.2, "wall", "wall clock"), (-0.2, "cpu", "CPU")):
            bars = ax.barh([i + shift for i in range(len(names))], [told[n][kind] for n in names], 0.4, label=label)
            ax.bar_label(bars, fmt="%.3g", padding=2)
        ax.set_yticks(range(len(names)), names)
        ax.set_xlabel("seconds")
        ax.margins(x=0.12)
        ax.legend(loc="upper right")
        figure.savefig(ROOT / "docs" / "performance.svg", metadata={"Date": None})
    (ROOT / "docs" / "performance.md").write_text(table(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
