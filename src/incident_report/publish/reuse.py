"""What of earlier builds a build can use: chapters, the document made of them, PDF and Word file.

A chapter is a function of its notebook, its parameters, the code and words that kernels reach, the libraries, the
environment, and what it reads of the campaign. The last is only known when it has run: the kernel says which tables
and parts of the story it took (`incident_report.reads`), and that list is kept too. A chapter can be used again where
all of the rest is the same, and what is on one of its lists has the same content. A kernel that read anything else
leaves nothing behind.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from incident_report.data.model import Dataset
from incident_report.data.views import VIEWS
from incident_report.paths import CODE, TEMPLATES
from incident_report.publish.inputs import digest
from incident_report.publish.notebooks import nbformat
from incident_report.publish.store import Store, key_of
from incident_report.reads import WHOLE, not_of_kernels

# Templates that the page and what lies around it are made of, and nothing else.
PAGE = ("report.css", "report.html", "chart.html", "explore.html", "editions.html", "version.html", "explorer/")
_OF_THE_RUN = ("INCIDENT_REPORT_SEAL", "TMPDIR", "INCIDENT_REPORT_STORE")  # differ from run to run, and mean the same
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
        code = {n: h for n, h in inputs["code"].items() if not not_of_kernels(str(_path(n)))}
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
        found = self._store.get(self._key(path))
        return json.loads(found) if found else []

    def find(self, path: Path, data: Dataset) -> Any | None:
        """The executed chapter, if it was kept and would come out the same."""
        for names in self.lists(path):
            key = self._key_read(path, names, data)
            if key and (found := self._store.get(key)):
                return nbformat.from_dict(json.loads(found))
        return None

    def keep(self, path: Path, node: Any, names: Sequence[str] | None, data: Dataset) -> None:
        """Keep an executed chapter under what it read; None where that is not known."""
        key = self._key_read(path, names, data) if names is not None else None
        if key is None:
            return
        cells = {"cells": node.cells, "metadata": {}, "nbformat": node.nbformat, "nbformat_minor": node.nbformat_minor}
        self._store.put(key, json.dumps(cells).encode())
        others = [one for one in self.lists(path) if one != names]
        self._store.put(self._key(path), json.dumps([list(names or ()), *others][:_MOST_LISTS]).encode())

    def seconds(self, path: Path) -> float:
        """How long the chapter took when it ran last; 0 where that is not known."""
        return float(self._store.get(key_of("seconds", path.name)) or 0)

    def took(self, path: Path, seconds: float) -> None:
        """Note how long it took: a hint of the order to run chapters in, whatever they hold."""
        self._store.put(key_of("seconds", path.name), f"{seconds:.2f}".encode())

    def _key(self, path: Path) -> str:
        return key_of("chapter", path.name, self._inputs["notebooks"][path.name], self._around)

    def _key_read(self, path: Path, names: Sequence[str], data: Dataset) -> str | None:
        try:
            return key_of("executed", self._key(path), [[n, self._content(n, data)] for n in names])
        except TypeError:  # a value whose content cannot be told
            return None

    def _content(self, name: str, data: Dataset) -> str:
        """Hash of something that was read."""
        if name not in self._contents:
            self._contents[name] = digest(self._inputs) if name == WHOLE else fingerprint(_named(name, data))
        return self._contents[name]

    @cached_property
    def _contents(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True)
class Kept:
    """The files of reports that a store has, of a run with these inputs."""

    store: Store
    inputs: Mapping[str, Any]

    def file(self, kind: str, document: Any, meta: Mapping[str, Any], make: Callable[[], bytes]) -> bytes:
        """A PDF or Word file of a document, made where it was not made of the same before."""
        return self.store.kept(file_key(kind, document, meta, self.inputs), make)


def machine(inputs: Mapping[str, Any]) -> list[Any]:
    """The libraries and the machine: what is kept is of use nowhere else."""
    installed = sorted(p.name for p in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return [inputs["lock"], inputs["versions"], installed, platform.node(), platform.machine()]


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


def markup_key(inputs: Mapping[str, Any], report: Sequence[str]) -> str:
    """Of the markup that was read for a report last: what a text is read as is the reader's doing alone."""
    reader = {n: h for n, h in inputs["code"].items() if n.startswith("src/nbtypst/")}
    return key_of("markup", list(report), reader, machine(inputs))


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


def fingerprint(value: Any) -> str:
    """A hash of a value's content, the same in every process.

    Raises
    ------
    TypeError
        For a value whose content it does not know to tell.
    """
    found = hashlib.sha256()
    for part in _parts(value):
        found.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()


def _parts(value: Any) -> Iterator[str | bytes]:
    """A value as a row of texts that no other value has."""
    kind = type(value)
    for known, told in _TOLD:
        if isinstance(value, known):
            yield f"{kind.__module__}.{kind.__name__}"
            yield from told(value)
            return
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{kind.__name__}: what is in it cannot be told")
    yield f"{kind.__module__}.{kind.__name__}"
    yield from _each(getattr(value, f.name) for f in fields(value))


def _each(values: Iterable[Any]) -> Iterator[str | bytes]:
    every = list(values)
    yield str(len(every))
    yield from chain.from_iterable(map(_parts, every))


def _frame(value: pd.DataFrame) -> Iterator[str | bytes]:
    yield from _each([list(map(str, value.columns)), [str(t) for t in value.dtypes], list(value.index)])
    yield from _each(column.tolist() for _, column in value.items())


# Types, the more particular ones first, and how their values are told.
_TOLD: tuple[tuple[Any, Callable[[Any], Iterable[str | bytes]]], ...] = (
    (Enum, lambda value: [value.name]),
    ((str, bytes), lambda value: [str(len(value)), value]),
    ((type(None), bool, int, float, date, np.generic, type(pd.NA), type(pd.NaT)), lambda value: [repr(value)]),
    (os.PathLike, lambda value: [repr(os.fspath(value))]),
    (pd.DataFrame, _frame),
    (Mapping, lambda value: _each(part for pair in value.items() for part in pair)),
    ((set, frozenset), lambda value: sorted(map(fingerprint, value))),
    ((tuple, list), _each),
)


def _named(name: str, data: Dataset) -> Any:
    """What a kernel read under a name; where the copy lies is of no matter: whoever opens it reads all of it."""
    if name.startswith("stories/"):
        _, quarter, part = name.split("/", 2)
        story = data.story(quarter)
        return story.signed if story and part == "signed" else story.parts.get(part) if story and part else story
    if name in VIEWS:
        return data.view(name)
    return "" if name == "folder" else getattr(data, name)


def _path(name: str) -> Path:
    """A file of code by its name among the inputs."""
    place, _, rest = name.partition("/")
    return (TEMPLATES if place == "templates" else CODE) / rest
