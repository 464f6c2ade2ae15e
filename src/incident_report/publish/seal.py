"""The sealed run: a private copy of everything that is read, hashed once, compared again at the end."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.data.folders import INCOMING
from incident_report.errors import BuildError
from incident_report.paths import CACHE, MODULES, ROOT, SEAL
from incident_report.publish.inputs import Sources, changed, code_state, kind_of, visible
from incident_report.publish.lock import Held, locked

RUNS = CACHE / "runs"
_MOST_COPIED = 1024**3


@dataclass(frozen=True)
class Seal:
    """A private copy of what a report is made of.

    Parameters
    ----------
    root : Path
        Private to the run; gone after it.
    origin : Sources
        What was copied.
    copy : Sources
        Where the copies lie.
    inputs : mapping
        Hashes of the copies and of the code, as `Sources.inputs` gives them.
    before : mapping
        Those of the sources as they lay there, which are held against them at the end and go nowhere.
    """

    root: Path
    origin: Sources
    copy: Sources
    inputs: dict[str, Any]
    before: dict[str, Any]
    code: dict[str, tuple[int, ...]]

    @property
    def environment(self) -> dict[str, str]:
        """What the kernels must know: where the copies lie, which code is theirs, where to put rubbish."""
        return {SEAL: str(self.root), "PYTHONPATH": MODULES, "TMPDIR": str(self.root / "tmp")}

    def check(self, now: Sources | None = None) -> None:
        """Make sure that the sources are still what was copied.

        Parameters
        ----------
        now : Sources, optional
            What would be copied now, so that a chapter that was added is seen; by default what was.

        Raises
        ------
        BuildError
            If a file has changed, was added or went away since the run began; its name is in the line.
        """
        found = changed(self.before, (now or self.origin).inputs(whole=True))
        code = code_state()
        found += [
            f"code/{os.path.relpath(p, ROOT)}" for p in sorted({*self.code, *code}) if self.code.get(p) != code.get(p)
        ]
        names = list(dict.fromkeys(n.removeprefix("code/") for n in found))
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            raise BuildError(f"{names[0]}{more} changed while the report was built: nothing was published; build again")


@contextmanager
def sealed(origin: Sources) -> Iterator[Seal]:
    """Copy the sources to a private folder for the time of a run.

    Temporary files of this process go there too, so that one sweep removes all that a killed run left.
    """
    temporary = tempfile.tempdir
    with _private() as root:
        try:
            (root / "tmp").mkdir()
            tempfile.tempdir = str(root / "tmp")
            code = code_state()
            copy = _copied(origin, root)
            before = copy.inputs(whole=True)
            _withhold(copy.data, origin.parameters)
            yield Seal(root, origin, copy, {**before, "data": copy.files({})}, before, code)
        finally:
            tempfile.tempdir = temporary


@contextmanager
def _private() -> Iterator[Path]:
    """A folder that nobody else may read. It goes with the run, and with the next one if this is killed."""
    RUNS.mkdir(parents=True, exist_ok=True)
    sweep()
    root = RUNS / f"{os.getpid()}-{secrets.token_hex(4)}"
    with locked(RUNS / f"{root.name}.lock"):
        try:
            root.mkdir(mode=0o700)
            yield root
        finally:
            shutil.rmtree(root, ignore_errors=True)


def sweep() -> None:
    """Remove what killed runs have left."""
    if not RUNS.is_dir():
        return
    for path in RUNS.iterdir():
        lock = path if path.suffix == ".lock" else path.with_name(f"{path.name}.lock")
        try:
            with locked(lock):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
        except (Held, OSError):
            continue


def _copied(origin: Sources, root: Path) -> Sources:
    _copy_folder(origin.data, root / "data")
    for folder, paths in (("notebooks", origin.notebooks), ("previous", origin.previous)):
        (root / folder).mkdir()
        for path in paths:
            if kind_of(path) != "file":
                raise BuildError(f"{path}: is not a file of less than 64 MB")
            shutil.copyfile(path, root / folder / path.name)
    given = origin.parameters.get("previous", "")
    previous = f"previous/{Path(given).name}" if (ROOT / given).is_file() else "previous"
    places = {
        "data": {origin.parameters["data_folder"]: "data"},
        "previous": {given: previous} if given else {},
    }
    (root / "places.json").write_text(json.dumps(places), encoding="utf-8")
    return Sources(
        root / "data",
        tuple(root / "notebooks" / p.name for p in origin.notebooks),
        tuple(root / "previous" / p.name for p in origin.previous),
        origin.parameters,
    )


@contextmanager
def public_copy(folder: Path, quarter: str = "", language: str = "") -> Iterator[Path]:
    """A campaign folder as the public may have it, for the time of a command that builds no report.

    Parameters
    ----------
    folder : Path
    quarter, language : str
        With them, the story of that quarter in another language takes the place of the campaign's own.

    Raises
    ------
    BuildError
        Where its restrictions cannot be carried out.
    """
    with _private() as root:
        copy = root / folder.name
        _copy_folder(folder, copy)
        _withhold(copy, {"quarter": quarter, "language": language} if language else {})
        yield copy


def _withhold(copy: Path, parameters: Mapping[str, str]) -> None:
    """The door: behind it nothing knows what the public may not, nor the story in another language."""
    for name, content in Sources(copy, (), (), parameters).changes().items():
        (copy / name).unlink(missing_ok=True)
        if content is not None:
            (copy / name).write_bytes(content)


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a campaign folder so that the guarded reader finds in the copy the faults of the original.

    A link out of the folder stays one, what is too large stays too large (without its bytes), a device
    becomes a pipe, which is refused as well. Hidden files are not part of a campaign.
    """
    target.mkdir()
    if (source / INCOMING).exists():  # a write that was stopped: the reader refuses what is half new
        (target / INCOMING).mkdir()
    total = 0
    for name, path in visible(source):
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        kind = kind_of(path, source)
        if kind == "link":
            copy.symlink_to(os.path.realpath(path))
        elif kind == "odd":
            os.mkfifo(copy)
        elif kind == "large":
            copy.touch()
            os.truncate(copy, path.stat().st_size)
        else:
            total += path.stat().st_size
            if total > _MOST_COPIED:
                raise BuildError(f"{source}: holds more than a gigabyte; is it a campaign folder?")
            shutil.copyfile(path, copy)
