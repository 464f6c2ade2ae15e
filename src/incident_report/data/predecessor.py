"""What the previous edition published: its provenance.json and its incidents."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.paths import ROOT

NAME = "provenance.json"
BUNDLE = "data.zip"
INCIDENTS = "incidents.csv"
_MOST_BYTES = 50_000_000


def read_previous(path: str, root: Path = ROOT) -> Mapping[str, Any]:
    """The previous edition's provenance, or an empty mapping where none is named.

    Parameters
    ----------
    path : str
        Folder of the previous edition, its provenance.json, or its data.zip (whose provenance.json
        may lie inside it or beside it). A relative path starts at the project's root and stays in it.
        Empty: no previous edition.

    Raises
    ------
    ValueError
        In one line: nothing there, outside the project, too large, or not a provenance.json.
    """
    if not path.strip():
        return {}
    target = _inside(path, root)
    if not target.exists():
        raise ValueError(
            f"previous: there is no {path!r}; name the folder of the previous edition, like reports/2020Q2"
        )
    try:
        text = _text(target, path)
        found = json.loads(text)
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ValueError(f"previous: {path!r} cannot be read: {' '.join(str(error).split())[:120]}") from None
    except (json.JSONDecodeError, RecursionError):
        raise ValueError(f"previous: the {NAME} of {path!r} is not valid JSON; build that edition again") from None
    if not isinstance(found, dict) or not isinstance(found.get("edition"), str):
        raise ValueError(f"previous: the {NAME} of {path!r} names no edition; was it written by this project?")
    return found


def read_previous_incidents(path: str, root: Path = ROOT) -> pd.DataFrame | None:
    """All incidents of the previous edition as published, every field text; None where none is named.

    Parameters
    ----------
    path : str
        As for `read_previous`; the incidents are read from the edition's data.zip.

    Raises
    ------
    ValueError
        In one line, if there is no data.zip or no table of incidents in it.
    """
    if not path.strip():
        return None
    target = _inside(path, root)
    bundle = target / BUNDLE if target.is_dir() else target if target.suffix == ".zip" else target.with_name(BUNDLE)
    try:
        with zipfile.ZipFile(bundle) as archive:
            if archive.getinfo(INCIDENTS).file_size > _MOST_BYTES:
                raise ValueError(f"previous: the {INCIDENTS} in {path!r} is too large to be one")
            content = archive.read(INCIDENTS).decode("utf-8")
        table = pd.read_csv(io.StringIO(content), dtype=str, keep_default_na=False)
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError, pd.errors.ParserError):
        raise ValueError(f"previous: {path!r} holds no {BUNDLE} with {INCIDENTS}; build that edition again") from None
    if not {"incident_id", "quarter", "counted"} <= set(table.columns):
        raise ValueError(f"previous: the {INCIDENTS} in {path!r} lacks its columns; build that edition again")
    return table


def _inside(path: str, root: Path) -> Path:
    if "\0" in path:
        raise ValueError("previous: a path cannot hold a null character")
    given = Path(path)
    target = (given if given.is_absolute() else root / given).resolve()
    # Whoever names an absolute path means it; a relative one must not climb out of the project.
    if not given.is_absolute() and not target.is_relative_to(root.resolve()):
        raise ValueError(f"previous: {path!r} lies outside the project")
    return target


def _text(target: Path, path: str) -> str:
    if target.is_dir():
        target = target / NAME
    if target.suffix == ".zip":
        with zipfile.ZipFile(target) as archive:
            names = [i for i in archive.infolist() if Path(i.filename).name == NAME]
            if names:
                if names[0].file_size > _MOST_BYTES:
                    raise ValueError(f"previous: the {NAME} in {path!r} is too large to be one")
                return archive.read(names[0]).decode("utf-8")
        target = target.with_name(NAME)
    if not target.is_file():
        raise ValueError(f"previous: {path!r} holds no {NAME}; build that edition again")
    if target.stat().st_size > _MOST_BYTES:
        raise ValueError(f"previous: the {NAME} of {path!r} is too large to be one")
    return target.read_text("utf-8")
