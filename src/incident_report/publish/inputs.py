"""What a report is a function of, as hashes. Light: no pandas, so that a check costs next to nothing."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from incident_report.errors import BuildError
from incident_report.paths import CODE, FACE, LOCK, TEMPLATES

PACKAGES = (
    "pandas", "numpy", "scipy", "matplotlib", "seaborn", "papermill", "nbconvert", "nbclient", "ipykernel",
    "pypandoc_binary", "typst",
)  # fmt: skip
PUBLIC, INTERNAL = "public", "internal"  # audiences; the first may see nothing that is restricted
KINDS = ("parameters", "data", "notebooks", "previous", "code", "lock", "versions")  # what `inputs` gives hashes of
MOST_BYTES = 64 * 1024 * 1024  # of one file; the reader of data refuses larger ones
MOST_FILES = 5000
_CODE = {".py", ".lua", ".typ", ".csl", ".json", ".yml"}


@dataclass(frozen=True)
class Sources:
    """Where everything lies that a report is made of.

    Parameters
    ----------
    data : Path
        Campaign folder.
    notebooks : tuple of Path
        Chapters in reading order.
    previous : tuple of Path
        Files of the previous edition that chapters may read.
    parameters : mapping
        What was asked for, as text; `audience` among them where it is not the public.
    """

    data: Path
    notebooks: tuple[Path, ...]
    previous: tuple[Path, ...]
    parameters: Mapping[str, str]

    def inputs(self, *, whole: bool = False) -> dict[str, Any]:
        """Hashes of everything, by kind; `digest` makes one of them.

        Parameters
        ----------
        whole : bool
            Of the campaign's files as they lie there, what is withheld included. These never go out.
        """
        return {
            "parameters": dict(self.parameters),
            "data": self.files({} if whole else self.changes()),
            "notebooks": {p.name: content_hash(p) for p in self.notebooks},
            "previous": {p.name: content_hash(p) for p in self.previous},
            "code": {_code_name(p): content_hash(p) for p in code_files()},
            "lock": content_hash(LOCK) if LOCK.is_file() else "",
            "versions": versions(),
        }

    def changes(self) -> dict[str, bytes | None]:
        """What a build for this audience, in this language, reads in place of the campaign's files; None for nothing.

        Raises
        ------
        BuildError
            Where the campaign's restrictions cannot be carried out, or a translation rests on something else.
        """
        public = self.parameters.get("audience", PUBLIC) == PUBLIC
        language = self.parameters.get("language", "")
        if not (public or language):
            return {}
        from incident_report.data.translation import translated

        files = plain_files(self.data)
        changes = translated(files, self.parameters["quarter"], language) if language else {}
        left = {n: c for n, c in {**files, **changes}.items() if c is not None}
        return {**changes, **(_withheld(tuple(sorted(left.items()))) if public else {})}

    def files(self, changes: Mapping[str, bytes | None]) -> dict[str, str]:
        """Hashes of the campaign's files with these changes.

        Of what is withheld not even a hash goes out: with the rest of a file known, it would confirm a guess.
        """
        found = {name: content_hash(path, self.data) for name, path in visible(self.data)}
        found |= {n: hashlib.sha256(c).hexdigest() for n, c in changes.items() if c is not None}
        return {name: found[name] for name in sorted(found) if changes.get(name, b"") is not None}


@lru_cache(maxsize=1)
def _withheld(files: tuple[tuple[str, bytes], ...]) -> Mapping[str, bytes | None]:
    """As `public_changes`, which a build asks of the campaign's files and again of its copy of them."""
    from incident_report.data.withhold import public_changes

    return public_changes(dict(files))


def plain_files(folder: Path) -> dict[str, bytes]:
    """The ordinary files of a campaign folder."""
    return {n: p.read_bytes() for n, p in visible(folder) if kind_of(p, folder) == "file"}


def digest(inputs: Mapping[str, Any]) -> str:
    """One hash of all inputs."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of what differs between two sets of inputs: ``data/incidents/2020Q3.csv``, ``code/src/…``."""
    found = []
    for kind in before:
        one, other = before[kind], after.get(kind)
        if not isinstance(one, Mapping) or not isinstance(other, Mapping):
            found += [kind] if one != other else []
            continue
        found += [f"{kind}/{k}" for k in sorted({*one, *other}) if one.get(k) != other.get(k)]
    return found


def code_file(name: str) -> Path:
    """A file of code or templates by its name among the inputs: ``src/nbtypst/ast.py``."""
    place, _, rest = name.partition("/")
    return (TEMPLATES if place == "templates" else CODE) / rest


def visible(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a folder that is not hidden, by its path from there; links to folders are not followed.

    Raises
    ------
    BuildError
        If there are more than any campaign has.
    """
    waiting, seen = [folder], 0
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.startswith((".", "~$")) or entry.name == "__pycache__":
                    continue
                seen += 1
                if seen > MOST_FILES:
                    raise BuildError(f"{folder}: holds more than {MOST_FILES:,} files; is it a campaign folder?")
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    yield Path(entry.path).relative_to(folder).as_posix(), Path(entry.path)


def kind_of(path: Path, base: Path | None = None) -> str:
    """``file``, ``link`` (out of `base`, broken or to a folder), ``large`` or ``odd`` (a device, a pipe)."""
    if path.is_symlink():
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return "link"
        if real.is_dir() or (base is not None and not real.is_relative_to(base.resolve())):
            return "link"
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        return "odd"
    return "large" if found.st_size > MOST_BYTES else "file"


def content_hash(path: Path, base: Path | None = None) -> str:
    """SHA-256 of a file; of what is none, or too large to be read, what can be said without reading it."""
    kind = kind_of(path, base)
    if kind == "file":
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return f"large: {path.stat().st_size}" if kind == "large" else kind


def code_files() -> list[Path]:
    """The project's own code and templates."""
    own = [p for name in ("incident_report", "nbtypst") for p in _tree(CODE / name, _CODE)]
    return sorted({*own, *_tree(TEMPLATES), FACE / "helpers.py"})


def _code_name(path: Path) -> str:
    """``src/incident_report/cli.py``: the same in a checkout and in an installed package."""
    if path.is_relative_to(TEMPLATES):
        return f"templates/{path.relative_to(TEMPLATES).as_posix()}"
    return f"src/{path.relative_to(CODE).as_posix()}"


def code_state() -> dict[str, tuple[int, ...]]:
    """Size, time and number of every code file: they show a change that was taken back, too."""
    return {
        str(p): (s.st_size, s.st_mtime_ns, s.st_ino) for p in [*code_files(), LOCK] if p.exists() for s in [p.stat()]
    }


def _tree(folder: Path, suffixes: Iterable[str] = ()) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in ("__pycache__", "notebooks")]  # chapters count as such
        for name in names:
            if not suffixes or Path(name).suffix in suffixes:
                yield Path(at, name)


def versions() -> dict[str, str]:
    """Versions of what computes and renders."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "absent"
    return found
