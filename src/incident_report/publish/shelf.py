"""What points to an edition's versions: ``latest``, a page for where links do not travel, a page beside each old one.

A version is never written to, so what says that there is a newer one lies beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from incident_report.publish import provenance
from incident_report.publish.around import FILES
from incident_report.publish.swap import put_text
from incident_report.publish.versions import LATEST, LATEST_PAGE, MARK, apart, recorded_release, superseded, versions


def entries(edition: Path) -> list[dict[str, Any]]:
    """The versions of an edition that can be read, newest first.

    Returns
    -------
    list of dict
        name (``v1.1``), version, published, notice, title, period, lang, page (its first file), files (address and
        label, from the edition's folder).
    """
    found = []
    for folder in reversed(versions(edition)):
        known = provenance.read(folder)
        made = recorded_release(known) if known else None
        if known is None or made is None:
            continue
        about = known.get("about")
        said: Mapping[str, Any] = about if isinstance(about, Mapping) else {}
        outputs = known.get("outputs") or {}
        files = [(quote(f"{folder.name}/{file}"), label) for file, label in FILES.items() if file in outputs]
        page = next((a for a, label in files if label == FILES["report.html"]), files[0][0] if files else folder.name)
        texts = {k: str(said.get(k) or "") for k in ("published", "notice", "period", "lang")}
        found.append(
            {
                "name": folder.name,
                "version": made.version,
                "title": str(known.get("title") or folder.name),
                "page": page,
                "files": files,
                **texts,
            }
        )
    return found


def _pages(listed: list[dict[str, Any]]) -> dict[str, str]:
    """The pages that belong beside an edition's versions, by name; a function of the versions alone."""
    if not listed:
        return {}
    made = {LATEST_PAGE: _page(listed, None)}
    return made | {superseded(one["name"]): _page(listed, one) for one in listed[1:]}


def point(edition: Path) -> list[str]:
    """Make `latest` and the pages point to the newest version.

    Returns
    -------
    list of str
        What was left alone, one line each.
    """
    listed, told = entries(edition), []
    for name, text in _pages(listed).items():
        path = edition / name
        if path.exists() and path not in set(apart(edition)):
            told.append(f"{name}: was written by somebody else and is left alone; move it away")
            continue
        put_text(path, text)
    if listed and not _linked(edition / LATEST, listed[0]["name"]):
        told.append(f"{LATEST}: is not ours, or no link can be made here; {LATEST_PAGE} leads to {listed[0]['name']}")
    return told


def check_pages(edition: Path) -> list[str]:
    """What beside the versions does not point where it should, one line each."""
    listed, lines = entries(edition), []
    for name, text in _pages(listed).items():
        path = edition / name
        if not path.is_file() or path.read_bytes() != text.encode():
            lines.append(f"{name}: is missing, or not that of the versions that stand here")
    link = edition / LATEST
    if link.is_symlink() and listed and link.readlink() != Path(listed[0]["name"]):
        lines.append(f"{LATEST}: leads to another version than the newest, {listed[0]['name']}")
    return lines


def _page(listed: list[dict[str, Any]], old: dict[str, Any] | None) -> str:
    from incident_report.publish.page import page

    newest = listed[0]
    values = {
        "lang": newest["lang"] or "en-GB",
        "mark": MARK,
        "title": ", ".join(filter(None, (newest["title"], newest["period"]))),
        "newest": newest,
        "old": old,
        "listed": listed,
    }
    return page("version.html", values, "", small=True)


def _linked(path: Path, name: str) -> bool:
    """Whether `latest` leads to a version now; a link is put in place in one step."""
    if path.exists() and not path.is_symlink():
        return False
    draft = path.with_name(f".{path.name}.building")
    with suppress(OSError, NotImplementedError):
        draft.unlink(missing_ok=True)
        draft.symlink_to(name, target_is_directory=True)
        draft.replace(path)
        return True
    return False
