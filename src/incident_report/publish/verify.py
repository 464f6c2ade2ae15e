"""Whether a published folder, or a data.zip alone, is what a build put out. Light, and reads only.

Everything here is a comparison of SHA-256 hashes that travel with the files. They find what was changed
by accident, or by somebody who did not change the hashes too. They cannot say who wrote them: nothing
is signed. `publish.rebuild` goes further and builds the report again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from incident_report.data.archive import ArchiveError, read_archive
from incident_report.data.edition_zip import originals
from incident_report.data.folders import EXTRAS, PACKAGE
from incident_report.publish import provenance
from incident_report.publish.inputs import KINDS, digest
from incident_report.publish.shelf import check_pages
from incident_report.publish.versions import number, versions

BUNDLE = "data.zip"
UNSIGNED = "nothing is signed: who can write these files can write their hashes too"


@dataclass
class Findings:
    """What a check found.

    Attributes
    ----------
    faults : list of str
        What does not match, one line each, the file first.
    checked, unchecked : list of str
        What was compared and matched, and what could not be compared.
    """

    faults: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def add(self, faults: list[str], checked: str) -> None:
        """Faults of one comparison, or what it covered where there are none."""
        self.faults += faults
        if not faults:
            self.checked.append(checked)


def verify(path: Path) -> Findings:
    """Check a report's folder, or a data.zip.

    Parameters
    ----------
    path : Path
        A folder with a provenance.json, or a zip file.
    """
    found = Findings()
    if not path.is_dir():
        _zip(path, path.name, found)
        found.unchecked.append("the report that it belongs to is not here")
        return found
    known = provenance.read(path)
    if known is None:
        where = f"; there are versions: verify {path / versions(path)[-1].name}" if versions(path) else ""
        found.faults.append(f"{provenance.NAME}: is missing or unreadable; without it nothing can be checked{where}")
        return found
    listed = _hashes(known, "outputs")
    if not listed:
        found.faults.append(f"{provenance.NAME}: lists no outputs; build the report again")
        return found
    found.add(list(_unlike(listed, provenance.outputs(path))), _many(len(listed), "output"))
    _figures(path, known, found)
    _versions(path, known, found)
    inputs = {kind: known[kind] for kind in KINDS if kind in known}
    same = known["inputs_sha256"] == digest(inputs)
    wrong = f"{provenance.NAME}: its list of inputs is not the one that it gives the hash of"
    found.add([] if same else [wrong], "the list of inputs")
    if (path / BUNDLE).is_file():
        files = _zip(path / BUNDLE, BUNDLE, found)
        if files is not None:
            _fits(files, known, found)
    return found


def _versions(path: Path, known: Mapping[str, Any], found: Findings) -> None:
    """The hash that a version prints; beside a working copy, what points to its versions."""
    made, listed = known.get("release"), _hashes(known, "outputs")
    if isinstance(made, Mapping) and made.get("content_sha256") != listed.get(BUNDLE):
        found.faults.append(f"{provenance.NAME}: gives another hash of {BUNDLE} than the report prints")
    if there := versions(path) if number(path.name) is None else []:
        found.add(check_pages(path), f"what points to {there[-1].name}")
        found.unchecked.append(f"{', '.join(p.name for p in there)}, each of which is verified by itself")


def _unlike(listed: Mapping[str, str], there: Mapping[str, str], prefix: str = "") -> Iterator[str]:
    """What differs between the hashes that are listed and those of the files that are there."""
    for name in sorted({*listed, *there}):
        shown = _shown(prefix + name)
        if name not in there:
            yield f"{shown}: is missing"
        elif name not in listed:
            yield f"{shown}: was put here by no build"
        elif listed[name] != there[name]:
            yield f"{shown}: has other bytes than were built"


def _figures(report: Path, known: Mapping[str, Any], found: Findings) -> None:
    """Figures that have a folder of their own; those inside the report's folder are outputs."""
    listed = _hashes(known, "figures")
    if not listed:
        return
    # The place is recorded, but a path from a file is not followed: there are two places where figures can be.
    if known.get("figures_at") == "figures":
        places = [report / "figures"]
    else:
        real = report.resolve()
        places = [p.with_name("figures") / real.relative_to(p) for p in real.parents if p.name == "reports"]
    place = next((p for p in places if p.is_dir()), None)
    if place is None:
        found.unchecked.append(f"{_many(len(listed), 'file')} of figures, which are not beside the report")
        return
    faults = _unlike(listed, provenance.outputs(place), f"{place.parent.name}/{place.name}/")
    found.add(list(faults), f"{_many(len(listed), 'file')} of figures")


def _zip(path: Path, name: str, found: Findings) -> dict[str, bytes] | None:
    """Check a data.zip against its own list; its files, or None where it cannot be read."""
    try:
        files = read_archive(path)
    except ArchiveError as error:
        found.faults.append(f"{name}: {error}")
        return None
    try:
        listed = dict(_listed(json.loads(files[PACKAGE])))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        found.faults.append(f"{name}: holds no {PACKAGE} that lists its files with their hashes")
        return None
    there = {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n != PACKAGE}
    found.add(list(_unlike(listed, there, f"{name}: ")), f"{_many(len(there), 'file')} in {name}")
    return files


def _listed(package: Any) -> Iterator[tuple[str, str]]:
    """Path and hash of every file that a datapackage.json lists."""
    for resource in package["resources"]:
        for part in resource["parts"] if isinstance(resource["path"], list) else [resource]:
            yield str(part["path"]), str(part["hash"]).removeprefix("sha256:")


def _fits(files: Mapping[str, bytes], known: Mapping[str, Any], found: Findings) -> None:
    """Whether the campaign in data.zip is the one from which the report was built."""
    own = originals(files)
    listed, there = _hashes(known, "data"), {n: hashlib.sha256(c).hexdigest() for n, c in own.items()}
    shared = {n: h for n, h in there.items() if n in listed}
    faults = [f"{BUNDLE}: {_shown(n)}: is not what the report was built from" for n in sorted(there.keys() - shared)]
    if _parameter(known, "as_of"):
        faults = []
        found.unchecked.append("the data against the inputs, since rows that came after the day are left out")
    else:
        faults += list(_unlike({n: listed[n] for n in shared}, shared, f"{BUNDLE}: "))
        if missing := sorted(listed.keys() - there.keys()):
            rest = f" and {len(missing) - 1} more" if missing[1:] else ""
            found.unchecked.append(f"{_shown(missing[0])}{rest} of the campaign's folder, not in {BUNDLE}")
    faults += _rows(files, known)
    found.add(faults, f"the campaign in {BUNDLE}")


def _rows(files: Mapping[str, bytes], known: Mapping[str, Any]) -> list[str]:
    """Incidents behind the report's numbers that data.zip does not hold."""
    try:
        table = csv.DictReader(io.StringIO(files[f"{EXTRAS}/incidents.csv"].decode("utf-8-sig"), newline=""))
        there = {row["incident_id"] for row in table}
        rows = {i for i, row in known["rows"].items() if row["kind"] == "incident"}
    except (KeyError, TypeError, ValueError, AttributeError, csv.Error):
        return [f"{BUNDLE}: its table of incidents, or the list of rows in {provenance.NAME}, cannot be read"]
    return [f"{BUNDLE}: {_shown(i)}: is behind a number of the report and is not here" for i in sorted(rows - there)]


def _hashes(known: Mapping[str, Any], key: str) -> dict[str, str]:
    value = known.get(key)
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}


def _parameter(known: Mapping[str, Any], name: str) -> str:
    return str(_hashes(known, "parameters").get(name, ""))


def _shown(name: str) -> str:
    """A file's name in one line, however odd it is."""
    return name if name.isprintable() and len(name) < 200 else ascii(name)[:200]


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
