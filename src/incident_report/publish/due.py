"""Whether a build is due: by content, never by time. Light, since make asks it every time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_report.data.folders import chosen_quarter, data_folder
from incident_report.publish import provenance
from incident_report.publish.around import web_parts
from incident_report.publish.before import with_before
from incident_report.publish.inputs import Sources, changed, code_file, digest
from incident_report.publish.places import Places, places
from incident_report.publish.request import Request
from incident_report.publish.swap import unfinished
from incident_report.reads import not_of_kernels
from incident_report.store import Store, key_of, open_store


@dataclass(frozen=True)
class Due:
    """Whether a report has to be built.

    Attributes
    ----------
    reason : str
        Why; empty where it is there, whole, and of these very inputs.
    chapters : bool
        Whether chapters may have to run for it.
    words : bool
        Whether nothing but what people wrote has changed, so that hardly a test is made again.
    """

    reason: str
    chapters: bool = True
    words: bool = False


def place_of(request: Request) -> Places:
    """Where the report that is asked for stands or would stand.

    Raises
    ------
    UsageError
        If there is no such campaign or quarter.
    """
    folder = data_folder(request.data)
    return places(folder, chosen_quarter(request.quarter, folder), request)


def why_due(request: Request) -> str:
    """Why a report has to be built, or nothing: as `due`."""
    return due(request).reason


def due(request: Request) -> Due:
    """Whether a report has to be built, and why.

    Raises
    ------
    UsageError, BuildError
        If what is asked for makes no sense.
    """
    folder = data_folder(request.data)
    quarter = chosen_quarter(request.quarter, folder)
    place = places(folder, quarter, request)
    known = provenance.head(place.report)
    if known is None or unfinished(place):
        return Due("there is no report yet" if known is None else "the last build was not finished")
    inputs = _inputs(with_before(request, folder, quarter).sources(folder, quarter), open_store(fresh=request.fresh))
    if known["inputs_sha256"] != digest(inputs):
        found = changed(inputs, known)
        first = found[0].removeprefix("code/") if found else "something"
        told = f"{first}{f' and {len(found) - 1} more' if found[1:] else ''} changed"
        words = bool(found) and all(name.startswith("data/") and not name.endswith(".csv") for name in found)
        return Due(told, not found or any(map(_of_chapters, found)), words)
    missing = wanting(request, place, known)
    return Due(f"{missing[0]} is not there as it was built" if missing else "", chapters=False)


def _of_chapters(name: str) -> bool:
    """Whether chapters may read what has this name among the inputs."""
    kind, _, rest = name.partition("/")
    return kind != "code" or not not_of_kernels(str(code_file(rest)))


def _inputs(sources: Sources, store: Store) -> dict[str, Any]:
    """The inputs as a report has them: what the public may not see is taken out once for each state of the files."""
    found = store.kept(_key(sources.inputs(whole=True)), lambda: json.dumps(sources.inputs()).encode())
    made: dict[str, Any] = json.loads(found)
    return made


def remember(whole: Mapping[str, Any], inputs: Mapping[str, Any], store: Store) -> None:
    """Leave the inputs of a build for whoever asks next whether one is due.

    Parameters
    ----------
    whole, inputs : mapping
        As `Sources.inputs` gives them, of the files as they lie there and as the report has them.
    """
    store.put(_key(whole), json.dumps(inputs).encode())


def _key(whole: Mapping[str, Any]) -> str:
    return key_of("inputs", whole)


def wanting(request: Request, place: Places, known: Mapping[str, Any]) -> list[str]:
    """The files that are asked for and are not there with the hash that the provenance has."""
    wanted = ["data.zip", *(name for kind, name in provenance.REPORTS.items() if kind in request.only)]
    listed = _mapping(known, "outputs")
    missing = unlike(place.report, listed, [*wanted, *(web_parts(listed) if "html" in request.only else ())])
    if "figures" in request.only:
        listed = _mapping(known, "figures")
        if not listed or (request.png and not any(name.endswith(".png") for name in listed)):
            return [*missing, "figures"]
        missing += unlike(place.figures, listed, list(listed))
    return missing


def unlike(folder: Path, listed: Mapping[str, str], names: list[str]) -> list[str]:
    """Those of the files that are missing, not listed, or not what the list says."""
    found = []
    for name in names:
        path = folder / name
        if not path.is_file() or path.is_symlink() or provenance.sha256(path) != listed.get(name):
            found.append(name)
    return found


def _mapping(known: Mapping[str, Any], key: str) -> Mapping[str, str]:
    value = known.get(key)
    return value if isinstance(value, Mapping) else {}
