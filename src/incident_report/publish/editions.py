"""The index of editions: reports/index.html for readers, reports/feed.json for feed readers and programs.

It lists what stands in the folder and is as it was built. It is made anew after every build, from the
editions' own provenance, so nothing in it can outlive them unnoticed: `verify` compares it with them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from incident_report.publish import provenance
from incident_report.publish.around import FILES
from incident_report.publish.inputs import PUBLIC
from incident_report.publish.lock import locked
from incident_report.publish.swap import put_text
from incident_report.publish.verify import verify
from incident_report.publish.versions import number, recorded_release, versions

PAGE, FEED = "index.html", "feed.json"
MARK = "incident-report editions"  # says in both files that they are ours
VERSION = "https://jsonfeed.org/version/1.1"
OWN = "_incident_report"  # JSON Feed lets whoever needs more add a key that begins so
_DEEPEST = 2  # reports/NAME/EDITION


def write_index(root: Path, built: Path | None = None) -> list[str]:
    """Write the index of a folder of reports; nothing where it holds none.

    Both files are written beside their places, flushed, and put there under a lock. A kill between the
    two leaves each whole; the next build or `incident-report editions` does the rest.

    Parameters
    ----------
    root : Path
        As reports/. Files there that are not ours are left alone.
    built : Path, optional
        A report that was put there this moment: it need not be compared with what it was built as.

    Returns
    -------
    list of str
        What was left out or left alone, one line each.
    """
    if not root.is_dir():
        return []
    with locked(root / ".index.lock", lambda _: None):
        found, told = _look_through(root, built)
        if not found and not (root / FEED).exists():
            return told
        page = _page(found)
        files = {FEED: _feed(found, page), PAGE: page}
        if strange := [name for name in files if not _ours(root / name)]:
            return [*told, f"{strange[0]}: was written by somebody else and is left alone; move it away"]
        for name, text in files.items():
            put_text(root / name, text)
        return told


def _look_through(root: Path, built: Path | None) -> tuple[list[dict[str, Any]], list[str]]:
    """An entry for every edition that is as it was built, newest first, and a line for every other."""
    found, told = [], []
    for folder in _folders(root):
        name = folder.relative_to(root).as_posix()
        if folder != built and (faults := verify(folder).faults):
            told.append(f"{name}: is not in the index: {faults[0]}")
        elif (known := provenance.read(folder)) and not _internal(known):
            found.append(_entry(name, folder, known))
    return sorted(found, key=_order, reverse=True), told


def check_index(root: Path) -> list[str]:
    """What an index says that is not so, one line each; empty where there is none."""
    try:
        feed = json.loads((root / FEED).read_text("utf-8"))
        listed = {str(i[OWN]["place"]): str(i[OWN]["provenance_sha256"]) for i in feed["items"]}
        page = feed[OWN]["page_sha256"]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return [f"{FEED}: cannot be read as an index of editions"]
    there = {f.relative_to(root).as_posix(): provenance.sha256(f / provenance.NAME) for f in _folders(root)}
    lines = [f"{FEED}: lists {name!a}, which is not here" for name in sorted(listed.keys() - there.keys())]
    lines += [
        f"{FEED}: lists another build of {name!a} than stands here"
        for name in sorted(listed.keys() & there.keys())
        if listed[name] != there[name]
    ]
    whole = (root / PAGE).is_file() and provenance.sha256(root / PAGE) == page
    return lines if whole else [*lines, f"{PAGE}: has other bytes than were written"]


def _folders(root: Path) -> Iterator[Path]:
    """Reports below a folder and their versions, in order; links and hidden folders are not followed."""
    for at, folders, names in os.walk(root):
        depth = len(Path(at).relative_to(root).parts)
        found = [Path(at)] if depth and provenance.NAME in names else []
        found += versions(Path(at)) if depth else []
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not Path(at, f).is_symlink())
        if found or depth >= _DEEPEST:
            folders[:] = []
        yield from found


def _internal(known: Mapping[str, Any]) -> bool:
    """Whether an edition is for the project alone: no index or feed that may go out names it."""
    about = known.get("about")
    return isinstance(about, Mapping) and about.get("audience", PUBLIC) != PUBLIC


def _entry(name: str, folder: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    about: Any = known["about"] if isinstance(known.get("about"), Mapping) else {}
    keys = ("period", "subtitle", "lang", "site_url", "publisher", "published", "state", "notice")
    said = {k: str(about.get(k) or "") for k in keys}
    outputs = known.get("outputs") or {}
    version = made.version if (made := recorded_release(known)) else ""
    return {
        "place": name,
        "address": quote(name),
        "title": str(known.get("title") or name),
        "edition": str(known.get("edition") or ""),
        "sha256": provenance.sha256(folder / provenance.NAME),
        "version": version,
        "said": f"version {version}" if version else said["state"],
        **_front(known, name),
        "superseded": bool(version) and versions(folder.parent)[-1] != folder,
        "files": [(quote(f"{name}/{file}"), label) for file, label in FILES.items() if file in outputs],
        **said,
    }


def _front(known: Mapping[str, Any], place: str) -> dict[str, str]:
    """The headline of an edition's front, and its first chart where the figures lie within the report."""
    records, outputs = known.get("records"), known.get("outputs")
    if not isinstance(records, Mapping) or not isinstance(outputs, Mapping):
        return {"headline": "", "chart": "", "chart_title": ""}
    told = {key: one for key, one in records.items() if isinstance(one, Mapping)}
    charts = {f"figures/{key}.svg": one for key, one in told.items() if one.get("kind") == "figure"}
    chart = next((file for file in charts if file in outputs), "")
    return {
        "headline": str(told.get("headline", {}).get("text") or ""),
        "chart": quote(f"{place}/{chart}") if chart else "",
        "chart_title": str(charts[chart].get("title") or "") if chart else "",
    }


def _feed(entries: list[dict[str, Any]], page: str) -> str:
    """JSON Feed 1.1; addresses are absolute where the campaign has a site, else relative to the feed."""
    items = []
    for one in entries:
        first = one["files"][0][0] if one["files"] else one["address"]
        at = next((a for a, label in one["files"] if label == FILES["report.html"]), first)
        site, above = one["site_url"], one["address"].split("/")[: -2 if one["version"] else -1]
        url = f"{site}/{at.removeprefix('/'.join(above)).lstrip('/')}" if site else at
        title = ", ".join(filter(None, (one["title"], one["period"], one["said"])))
        items.append(
            {
                "id": url,
                "url": url,
                "title": title,
                "summary": one["notice"] or one["headline"] or one["subtitle"],
                "content_text": ". ".join(filter(None, (title, one["headline"] or one["subtitle"], one["notice"]))),
                "language": one["lang"],
                **({"date_published": f"{one['published']}T00:00:00Z"} if one["published"] else {}),
                OWN: {
                    "place": one["place"],
                    "edition": one["edition"],
                    "version": one["version"],
                    "state": "released" if one["version"] else one["state"],
                    "provenance_sha256": one["sha256"],
                },
            }
        )
    own = {"about": MARK, "page_sha256": hashlib.sha256(page.encode()).hexdigest()}
    feed = {"version": VERSION, "title": _title(entries), "items": items, OWN: own}
    return json.dumps(feed, indent=1, ensure_ascii=False) + "\n"


def _order(entry: dict[str, Any]) -> tuple[Any, ...]:
    """By quarter and place; of one place the working copy last, behind its versions."""
    place, _, name = entry["place"].rpartition("/") if entry["version"] else (entry["place"], "", "")
    return entry["edition"], place, number(name) or (-1, -1)


def _title(entries: list[dict[str, Any]]) -> str:
    titles = list(dict.fromkeys(e["title"] for e in entries))
    return titles[0] if len(titles) == 1 else "Reports"


def _page(entries: list[dict[str, Any]]) -> str:
    from incident_report.publish.page import page

    values = {"title": _title(entries), "entries": entries, "mark": MARK, "feed": FEED}
    return page("editions.html", values, "", small=True)


def _ours(path: Path) -> bool:
    """Whether there is no such file, or one that we have written."""
    try:
        return not path.is_symlink() and MARK in path.read_text("utf-8")
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
