"""Reading a zip file that anybody may have made: bounded, and with no name that leads out of a folder."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

MOST_FILES = 5_000
MOST_BYTES = 64 * 1024 * 1024  # of one file, unpacked
MOST_IN_ALL = 256 * 1024 * 1024
_ODD = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")


class ArchiveError(ValueError):
    """What is wrong with a zip file, in one line."""


def read_archive(path: Path) -> dict[str, bytes]:
    """Every file of a zip file by its name.

    Sizes are bounded before anything is unpacked, and nothing is written.

    Raises
    ------
    ArchiveError
        If it is no zip file, is damaged, names a file twice (also where only capitals differ), names a
        path that leads out of a folder, holds a link or an encrypted file, or is too large.
    """
    try:
        if not path.is_file():
            raise ArchiveError("is not a file")
        if path.stat().st_size > MOST_IN_ALL:
            raise ArchiveError(f"is larger than {MOST_IN_ALL // 1024**2} MB")
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
            _refuse(entries)
            return {e.filename: _read(archive, e) for e in entries}
    except OSError as error:
        raise ArchiveError(f"cannot be read: {error.strerror or error}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"is not a sound zip file: {' '.join(str(error).split())[:120]}") from None


def unpack(files: dict[str, bytes], folder: Path) -> None:
    """Write files, as `read_archive` gives them, below a folder."""
    for name, content in files.items():
        target = folder / safe_name(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def safe_name(name: str) -> str:
    """The name of a file inside a folder, unchanged.

    Raises
    ------
    ArchiveError
        If it is absolute, climbs, is empty, or holds what some system cannot have in a name.
    """
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or name != "/".join(parts) or {".", ".."} & set(parts) or _ODD.search(name):
        raise ArchiveError(f"names {name[:80]!r}, which is not a path inside a folder")
    return name


def _refuse(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise ArchiveError(f"holds {len(entries)} files; a campaign has at most {MOST_FILES}")
    seen: dict[str, str] = {}
    for entry in entries:
        name = safe_name(entry.filename)
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            raise ArchiveError(
                f"names {name!r} twice" if seen[key] == name else f"names both {seen[key]!r} and {name!r}"
            )
        seen[key] = name
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ArchiveError(f"holds a link, {name!r}")
        if entry.flag_bits & 1:
            raise ArchiveError(f"holds an encrypted file, {name!r}")
        if entry.file_size > MOST_BYTES:
            raise ArchiveError(f"holds {name!r}, which would unpack to more than {MOST_BYTES // 1024**2} MB")
    if sum(e.file_size for e in entries) > MOST_IN_ALL:
        raise ArchiveError(f"would unpack to more than {MOST_IN_ALL // 1024**2} MB")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # The size that the directory promises is checked above; no more than that is ever unpacked.
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise ArchiveError(f"holds {entry.filename!r}, whose size is not what is declared")
    return content
