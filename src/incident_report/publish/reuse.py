"""What of earlier builds a build can use: chapters and their sections, the document made of them, PDF and Word file.

A chapter is a function of its notebook, its parameters, the code and words that kernels reach, the libraries, the
environment, and what it reads of the campaign; a section of its own cells and the opener's in the notebook's place.
What it reads is only known when it has run: the kernel says which cells and parts of the story it took
(`incident_report.reads`), and that list is kept too. It can be used again where all of the rest is the same, and what
is on one of its lists has the same content. A kernel that read anything else leaves nothing behind.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from incident_report.data.contents import content, fingerprint
from incident_report.data.model import Dataset
from incident_report.publish.inputs import code_file, digest
from incident_report.publish.notebooks import nbformat
from incident_report.publish.rehearsal import Rehearsal
from incident_report.publish.sections import OPENER, Plan, Sections, sections
from incident_report.reads import WHOLE, not_of_kernels
from incident_report.store import AFRESH, SETTING, Store, key_of, libraries

# Templates that the page and what lies around it are made of, and nothing else.
PAGE = ("report.css", "report.html", "chart.html", "explore.html", "editions.html", "version.html", "explorer/")
_OF_THE_RUN = ("INCIDENT_REPORT_SEAL", "TMPDIR", SETTING, AFRESH)  # differ from run to run, and mean the same
_MOST_LISTS = 8


class Chapters:
    """The chapters of a sealed run, as far as the store has them.

    Parameters
    ----------
    store : Store
    inputs : mapping
        As from `Sources.inputs`, of what the run reads.
    parameters : mapping
        What was asked for.
    env : mapping
        Of the kernels.
    """

    def __init__(
        self, store: Store, inputs: Mapping[str, Any], parameters: Mapping[str, str], env: Mapping[str, str]
    ) -> None:
        self._store, self._inputs = store, inputs
        code = {n: h for n, h in inputs["code"].items() if not not_of_kernels(str(code_file(n)))}
        told = {k: v for k, v in env.items() if k not in _OF_THE_RUN}
        self._around = key_of(
            dict(parameters), told, code, inputs["previous"], sorted(inputs["notebooks"]), machine(inputs)
        )

    @property
    def keeps(self) -> bool:
        """Whether it is of use to know what a kernel reads."""
        return self._store.folder is not None

    def lists(self, path: Path) -> list[list[str]]:
        """What the chapter may have to read, as far as that is known: one list for each way it went."""
        return self._lists(self._key(path))

    def find(self, path: Path, data: Dataset) -> Any | None:
        """The executed chapter, if it was kept and would come out the same."""
        found = self._found(self._key(path), data)[1]
        return nbformat.from_dict(json.loads(found)) if found else None

    def plan(self, path: Path, data: Dataset, own_words: Callable[[str], str]) -> Plan | None:
        """Which sections of a chapter need not run; None for one whose sections cannot be told apart."""
        node = nbformat.read(path, as_version=4)
        parts = sections(node, own_words) if self.keeps else None
        if parts is None:
            return None
        kept: dict[str, list[Any]] = {}
        read: dict[str, list[str]] = {}
        keys = {part[0]: self._key_section(path, node, parts, part) for part in parts.parts}
        for part in parts.parts:
            names, found = self._found(keys[part[0]], data)
            if found is not None:
                kept |= nbformat.from_dict(json.loads(found))
                read[part[0]] = names
        return Plan(parts, keys, kept, read)

    def keep(
        self, path: Path, node: Any, read: Mapping[str, list[str] | None], data: Dataset, plan: Plan | None
    ) -> None:
        """Keep an executed chapter, and each section that ran, under what it read; None where that is not known."""
        opener = read.get(OPENER)
        if opener is None:
            return
        made = {OPENER: opener, **(plan.read if plan else {})}
        for part in plan.sections.parts if plan else ():
            names = read.get(part[0])
            if plan and names is not None:
                made[part[0]] = sorted({*opener, *names})
                outputs = {c["id"]: c.outputs for c in node.cells if c.get("id") in part}
                self._keep(plan.keys[part[0]], made[part[0]], outputs, data)
        if not plan or len(made) > len(plan.sections.parts):
            cells = {"cells": node.cells, "metadata": {}, "nbformat": node.nbformat}
            cells["nbformat_minor"] = node.nbformat_minor
            self._keep(self._key(path), sorted({*chain.from_iterable(made.values())}), cells, data)

    def seconds(self, path: Path) -> float:
        """How long the chapter took when it ran last; 0 where that is not known."""
        return float(self._store.get(key_of("seconds", path.name)) or 0)

    def took(self, path: Path, seconds: float) -> None:
        """Note how long it took: a hint of the order to run chapters in, whatever they hold."""
        self._store.put(key_of("seconds", path.name), f"{seconds:.2f}".encode())

    def _key(self, path: Path) -> str:
        return key_of("chapter", path.name, self._inputs["notebooks"][path.name], self._around)

    def _key_section(self, path: Path, node: Any, parts: Sections, part: Sequence[str]) -> str:
        cells = [c for c in node.cells if c.get("id") in (*parts.opener, *part)]
        said = [[c["id"], c.source, c.metadata] for c in cells]
        return key_of("section", path.name, said, self._around)

    def _lists(self, key: str) -> list[list[str]]:
        found = self._store.get(key)
        return json.loads(found) if found else []

    def _found(self, key: str, data: Dataset) -> tuple[list[str], bytes | None]:
        """What was read for something and what it is, if it was kept and would come out the same."""
        for names in self._lists(key):
            read = self._key_read(key, names, data)
            if read and (found := self._store.get(read)):
                return names, found
        return [], None

    def _keep(self, key: str, names: list[str], value: Any, data: Dataset) -> None:
        read = self._key_read(key, names, data)
        if read is None:
            return
        self._store.put(read, json.dumps(value).encode())
        others = [one for one in self._lists(key) if one != names]
        self._store.put(key, json.dumps([names, *others][:_MOST_LISTS]).encode())

    def _key_read(self, key: str, names: Sequence[str], data: Dataset) -> str | None:
        try:
            return key_of("executed", key, [[n, self._content(n, data)] for n in names])
        except (AttributeError, KeyError, TypeError):  # it is no longer there, or its content cannot be told
            return None

    def _content(self, name: str, data: Dataset) -> str:
        """Hash of something that was read."""
        if name not in self._contents:
            self._contents[name] = digest(self._inputs) if name == WHOLE else content(data, name)
        return self._contents[name]

    @cached_property
    def _contents(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True)
class Kept:
    """The files of reports that a store has, of a run with these inputs, and what was typeset last."""

    store: Store
    inputs: Mapping[str, Any]
    rehearsal: Rehearsal | None = None

    def file(self, kind: str, document: Any, meta: Mapping[str, Any], make: Callable[[], bytes]) -> bytes:
        """A PDF or Word file of a document, made where it was not made of the same before."""
        return self.store.kept(file_key(kind, document, meta, self.inputs), make)

    def page(self, made_of: Mapping[str, Any], make: Callable[[], str]) -> str:
        """A page that is made of these values and of templates, likewise."""
        key = key_of("page", fingerprint(made_of), self._code)
        return self.store.kept(key, lambda: make().encode()).decode()

    @cached_property
    def _code(self) -> str:
        return key_of(self.inputs["code"], machine(self.inputs))


def machine(inputs: Mapping[str, Any]) -> list[Any]:
    """The libraries and the machine: what is kept is of use nowhere else."""
    return [inputs["lock"], inputs["versions"], *libraries()]


def without_page(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of all but the page and the commands."""
    left = {
        n: h
        for n, h in inputs["code"].items()
        if not n.startswith((*(f"templates/{p}" for p in PAGE), "src/incident_report/commands/"))
    }
    return {**inputs, "code": left}


def document_key(inputs: Mapping[str, Any], executed: Mapping[Path, Any]) -> str:
    """Of the document that is made of these executed chapters."""
    chapters = [[p.stem, hashlib.sha256(json.dumps(n.cells).encode()).hexdigest()] for p, n in executed.items()]
    return key_of("document", chapters, without_page(inputs), machine(inputs))


def rehearsal_key(inputs: Mapping[str, Any], report: Sequence[str]) -> str:
    """Of what was typeset for a report last."""
    return key_of("rehearsal", list(report), machine(inputs))


def markup_key(inputs: Mapping[str, Any], report: Sequence[str]) -> str:
    """Of the markup that was read for a report last: what a text is read as is the reader's doing alone."""
    reader = {n: h for n, h in inputs["code"].items() if n.startswith("src/nbtypst/")}
    return key_of("markup", list(report), reader, machine(inputs))


def pandoc_kept(store: Store, inputs: Mapping[str, Any]) -> Callable[[Sequence[str], str, Callable[[], bytes]], bytes]:
    """What Pandoc writes, from a store: of arguments, input and its data folder alone, unless they name a file."""
    around = key_of({n: h for n, h in inputs["code"].items() if n.startswith("src/nbtypst/")}, machine(inputs))

    def keep(arguments: Sequence[str], stdin: str, make: Callable[[], bytes]) -> bytes:
        named = any("/" in one or "\\" in one for one in arguments)
        return store.kept(None if named else key_of("pandoc", list(arguments), stdin, around), make)

    return keep


def file_key(kind: str, document: Any, meta: Mapping[str, Any], inputs: Mapping[str, Any]) -> str | None:
    """Of a PDF or Word file that is written from a document; None where what it is made of cannot be told."""
    with suppress(TypeError):
        # How the page cites a record, and each incident's own file, stand in no file but the page.
        about = {name: value for name, value in meta.items() if name not in ("cite", "rows")}
        made = [key_of(document.tree), fingerprint(document.resources), fingerprint(about)]
        return key_of("file", kind, made, without_page(inputs)["code"], machine(inputs))
    return None


def packed(document: Any) -> bytes:
    """A document as JSON."""
    pictures = {name: base64.b64encode(content).decode() for name, content in document.resources.items()}
    made = {"tree": document.tree, "resources": pictures, "labels": document.labels, "warnings": document.warnings}
    return json.dumps(made).encode()


def unpacked(content: bytes) -> dict[str, Any]:
    """What `packed` made, as arguments of `Document`."""
    made = json.loads(content)
    pictures = {name: base64.b64decode(text) for name, text in made["resources"].items()}
    return {**made, "resources": pictures, "warnings": tuple(made["warnings"])}
