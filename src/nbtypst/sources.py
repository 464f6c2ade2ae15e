"""Files that settings name: templates, and sources that may be cited."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring as parse_xml  # type: ignore[import-untyped]

from nbtypst import pandoc, settings
from nbtypst.settings import SettingError

_BIBTEX = (".bib", ".bibtex", ".biblatex")
_LARGEST = 20_000_000  # bytes


def references(path: Path) -> list[dict[str, Any]]:
    """CSL JSON items of a file in CSL JSON or BibTeX.

    Raises
    ------
    SettingError
        When it cannot be read.
    """
    text = _text(path, "bibliography")
    try:
        found = json.loads(pandoc.run(["-f", "biblatex", "-t", "csljson"], text) if _is_bibtex(path) else text)
    except (ValueError, RecursionError, pandoc.PandocError) as error:
        kind = "BibTeX" if _is_bibtex(path) else "CSL JSON"
        raise SettingError(f"bibliography: {path} is not {kind}: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(found, list):
        raise SettingError(f"bibliography: {path} holds no list of sources")
    return [item for item in found if isinstance(item, dict) and "id" in item]


def style(path: Path) -> str:
    """A citation style (CSL).

    Raises
    ------
    SettingError
        When it is none.
    """
    text = _text(path, "csl")
    try:
        root = parse_xml(text.encode()).tag
    except Exception as error:  # malformed, or an entity bomb: defusedxml raises several kinds
        raise SettingError(f"csl: {path} is not XML: {error}") from error
    if root.rsplit("}", 1)[-1] != "style":
        raise SettingError(f"csl: {path} is no citation style (CSL)")
    return text


def picture(given: str, named: str, folder: Path | None, setting: str) -> bytes:
    """The picture that a setting gives, else the one that a notebook names, if that lies in its folder; else nothing.

    Raises
    ------
    SettingError
        When the setting gives one that is not there.
    """
    if given and not Path(given).is_file():
        raise SettingError(f"{setting}: there is no file {given}")
    path = Path(given) if given else settings.inside(named, folder)
    return path.read_bytes() if path else b""


def of_notebook(
    own: Mapping[str, Any], folder: Path | None, warn: Callable[[str], None]
) -> tuple[list[dict[str, Any]], str | None]:
    """Sources and citation style that a notebook's metadata name, from its own folder; what is wrong is warned of."""
    works: list[dict[str, Any]] = []
    styles: list[str] = []
    named = [("bibliography", name) for name in own.get("bibliography", ())]
    for kind, name in [*named, *([("csl", own["csl"])] if own.get("csl") else [])]:
        path = settings.inside(name, folder)
        if path is None:
            warn(f"metadata nbtypst: {kind}: {name[:60]} is no file in the notebook's folder")
            continue
        try:
            if kind == "csl":
                styles.append(style(path))
            else:
                works += references(path)
        except SettingError as error:
            warn(f"metadata nbtypst: {error}")
    return works, next(iter(styles), None)


def template(wanted: str) -> str:
    """A Typst template by its path, or by its name among nbconvert's (``<name>/index.typ`` in a template folder).

    Raises
    ------
    SettingError
        When there is none, or it has no place for what the writer calls.
    """
    path = Path(wanted)
    if not path.is_file():
        from jupyter_core.paths import jupyter_path

        folders = [Path(folder) for folder in jupyter_path("nbconvert", "templates")]
        places = [Path(f"{wanted}.typ"), *(folder / wanted / "index.typ" for folder in folders)]
        found = next((p for p in places if p.is_file()), None)
        if found is None:
            raise SettingError(f"template: there is no Typst template {wanted!r} (give the path of a .typ file)")
        path = found
    text = _text(path, "template")
    if "// nbtypst: base" not in text:
        raise SettingError(f"template: {path} has no line `// nbtypst: base`")
    return text


def _is_bibtex(path: Path) -> bool:
    return path.suffix.lower() in _BIBTEX


def _text(path: Path, setting: str) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise SettingError(f"{setting}: {path} is too large")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingError(f"{setting}: {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingError(f"{setting}: {path} is not in UTF-8") from error
