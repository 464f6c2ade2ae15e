"""The chapters of a sealed run: as the store has them, or executed from the run's copy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.data.folders import chosen_quarter, data_folder
from incident_report.errors import UsageError
from incident_report.paths import CACHE
from incident_report.present.words import words_of
from incident_report.publish.before import with_before
from incident_report.publish.early import Early
from incident_report.publish.environment import kernel_environment
from incident_report.publish.forked import Server, warm
from incident_report.publish.inputs import digest
from incident_report.publish.notebooks import nbformat
from incident_report.publish.request import Request
from incident_report.publish.reuse import Chapters
from incident_report.publish.seal import Seal, sealed
from incident_report.store import AFRESH, SETTING, Store, open_store


@dataclass(frozen=True)
class Ran:
    """A chapter that has run elsewhere: of what inputs, and the executed notebook as JSON."""

    notebook: str
    inputs_sha256: str
    content: str


def run_chapter(request: Request, notebook: str, server: Server | None, stream: TextIO = sys.stderr) -> Ran:
    """Run one chapter of an edition by itself, for `build` to take up, in whatever process that is.

    Parameters
    ----------
    notebook : str
        Its file's name.
    server : Server or None
        What its kernel is forked from.

    Raises
    ------
    UsageError, DataError, BuildError, OSError
        As `build`.
    """
    folder = data_folder(request.data)
    quarter = chosen_quarter(request.quarter, folder)
    request = with_before(request, folder, quarter)
    sources = request.sources(folder, quarter)
    with sealed(sources) as seal:
        edition = opened(request, seal, quarter)
        chapter = [path for path in seal.copy.notebooks if path.name == notebook]
        shared, store = request.shared(folder, quarter), open_store(fresh=request.fresh, stream=stream)
        with ExitStack() as stack:
            chapters = Execution(request, seal, shared, stack, store, server)
            executed = chapters.executed(chapter, edition, stream)
        seal.check()
        return Ran(notebook, digest(seal.inputs), nbformat.writes(executed[chapter[0]]))


def opened(request: Request, seal: Seal, quarter: str) -> Edition:
    """The edition that the run's copy holds.

    Raises
    ------
    UsageError
        If there is none with these parameters.
    """
    try:
        return open_edition(
            str(seal.copy.data),
            quarter=quarter,
            baseline=request.baseline,
            confidence_floor=request.confidence_floor,
            as_of=request.as_of,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _environment(seal: Seal, store: Store, epoch: int = 0) -> dict[str, str]:
    """Of the kernels, which keep what costs much where chapters are kept, and begin afresh where these do."""
    kept = {SETTING: str(store.folder)} if store.folder else {}
    afresh = "" if store.reads else "1"
    return {**kernel_environment(CACHE, epoch), **seal.environment, **kept, AFRESH: afresh}


@dataclass
class Execution:
    """The chapters of a sealed run: where a store has them, as they were; else executed from the copy.

    Parameters
    ----------
    stack : ExitStack
        Ends the process that kernels are forked from.
    server : Server, optional
        What they are forked from; where there is none it is begun when it is known that some are needed.
    """

    request: Request
    seal: Seal
    shared: Mapping[str, str]
    stack: ExitStack
    store: Store
    server: Server | None = None
    there: dict[Path, Any] | None = field(default=None, init=False)

    @cached_property
    def known(self) -> Chapters:
        """What the store has of them."""
        asked = {**self.shared, **self.request.chosen()}
        return Chapters(self.store, self.seal.inputs, asked, _environment(self.seal, self.store))

    def foresee(self, paths: Sequence[Path]) -> None:
        """Have the edition opened for kernels to come: where many have to run, whatever the campaign holds."""
        if self.server is not None:
            self.server.open(_environment(self.seal, self.store), self.shared)
        else:
            self._begin(sum(not self.known.lists(path) for path in paths))

    def expect(self, paths: Sequence[Path], edition: Edition) -> None:
        """The same where it is known which have to run, while something else is looked at."""
        found = {path: self.known.find(path, edition.data) for path in paths}
        self.there = {path: node for path, node in found.items() if node is not None}
        self._begin(len(paths) - len(self.there))

    def _begin(self, count: int) -> None:
        if self.server is None:
            made = warm(_environment(self.seal, self.store), self.request.engine, count, self.shared)
            self.server = self.stack.enter_context(made)

    def executed(
        self,
        paths: Sequence[Path],
        edition: Edition,
        stream: TextIO,
        early: Early | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> dict[Path, Any]:
        """These chapters; what can be done meanwhile is done in any case."""
        from incident_report.publish.parameters import assign

        values = assign(self.seal.copy.notebooks, self.shared, self.request.chosen())
        if self.there is None:
            self.expect(paths, edition)
        made = self.there or {}
        if made:
            print(f"  as before: {', '.join(path.name for path in made)}", file=stream, flush=True)
        due = {path: values[path] for path in paths if path not in made}
        if not due:
            meanwhile()
            return made
        self._begin(len(due))
        from incident_report.publish.client import READS
        from incident_report.publish.run import run_notebooks

        ahead = early.chapter if early else lambda _path, _node: None

        def beside() -> None:
            for path, node in made.items():
                ahead(path, node)
            meanwhile()

        found = {path: self.known.plan(path, edition.data, words_of(edition).own) for path in due}
        plans = {path: plan for path, plan in found.items() if plan is not None}

        def ended(path: Path, node: Any) -> None:
            read = node.metadata.pop(READS, None) or {}
            seconds = node.metadata.get("papermill", {}).get("duration") or 0.0
            _without_times(node)
            self.known.keep(path, node, read, edition.data, plans.get(path))
            if path not in plans or not plans[path].read:  # all of it
                self.known.took(path, seconds)
            ahead(path, node)

        env, seconds = _environment(self.seal, self.store, _epoch(edition.quarter.end)), self.request.cell_seconds
        told: dict[str, Any] = {"server": self.server, "on_chapter": ended, "watched": self.known.keeps}
        told |= {"seconds": {path: self.known.seconds(path) for path in due}, "plans": plans, "meanwhile": beside}
        return made | run_notebooks(due, env=env, stream=stream, cell_seconds=seconds, **told)


def _without_times(node: Any) -> None:
    """An executed chapter without when and in which order its cells ran, which are of no matter to a reader."""
    node.metadata.pop("papermill", None)
    for cell in node.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        for numbered in (cell, *cell.get("outputs", ())):
            if "execution_count" in numbered:
                numbered["execution_count"] = None


def to_run(seal: Seal, ready: Sequence[Ran]) -> list[Path]:
    """The chapters that have still to run: all but those that ran of these very inputs."""
    there = {one.notebook for one in ready if one.inputs_sha256 == digest(seal.inputs)}
    return [path for path in seal.copy.notebooks if path.name not in there]


def _epoch(day: date) -> int:
    return max(0, int(datetime.combine(day, time(), UTC).timestamp()))
