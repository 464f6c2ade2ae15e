"""Make a version of an edition that people have signed: checked, built, verified, and never written to again."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from incident_report.analysis.catalogue import SLOW, facts
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.analysis.revisions import Revisions, since
from incident_report.data.audience import check_public
from incident_report.data.folders import chosen_quarter, data_folder, named, shown
from incident_report.data.model import Fault, as_written
from incident_report.data.predecessor import read_previous_corrections, read_previous_incidents
from incident_report.data.report import fault_line
from incident_report.data.signoff import RELEASED, sign_off
from incident_report.errors import BuildError, UsageError
from incident_report.paths import REPORTS
from incident_report.present.doubtful import bare_headlines
from incident_report.present.story import faults as story_faults
from incident_report.present.story import story_slips
from incident_report.publish import provenance
from incident_report.publish.before import with_before
from incident_report.publish.editions import write_index
from incident_report.publish.inputs import digest
from incident_report.publish.notice import compared_numbers
from incident_report.publish.places import Places, check_ours, places
from incident_report.publish.report import build
from incident_report.publish.request import FORMATS, Request
from incident_report.publish.seal import public_copy
from incident_report.publish.shelf import point
from incident_report.publish.swap import RELEASE, beside, holding
from incident_report.publish.verify import verify
from incident_report.publish.versions import Release, next_version, recorded_release, versions


def release(request: Request, stream: TextIO = sys.stderr, today: date | None = None) -> Path:
    """Build the next version of an edition, verify it, and put it beside the working copy.

    Parameters
    ----------
    request : Request
        Which campaign and quarter, and of a translation the language; every other setting must be the default.
    stream : text stream
        Is told of the progress.
    today : date, optional
        Against which embargo and day of publication are held.

    Returns
    -------
    Path
        The version's folder: ``reports/2020Q3/v1.0``.

    Raises
    ------
    DataError, BuildError
        One line for each reason why it cannot be released; nothing is written.
    UsageError
        For settings that a release has not.
    """
    if replace(request, language="").variant() or request.out:
        raise UsageError("a release is made with the default settings, in its own place")
    folder = data_folder(request.data)
    quarter = chosen_quarter(request.quarter, folder)
    place = places(folder, quarter, request)
    check_ours(place)

    def wait(holder: str) -> None:
        print(f"{shown(place.report)} is being built by {holder}; waiting for it", file=stream, flush=True)

    request = with_before(request, folder, quarter)
    with holding(place, wait):
        before = request.sources(folder, quarter).inputs()
        with public_copy(folder, quarter, request.language) as there:
            ed = open_edition(str(there), quarter=quarter)
            check_public(ed.data)
            made = _release(ed, place.report)
            told = (*_untranslated(ed, request.language), *refusals(ed, made, place.report, today or date.today()))
            found = list(dict.fromkeys(told))
        if made.before and digest(before) == _inputs_of(place.report, made.before):
            same = f"{shown(place.report)}/v{made.before}"
            raise BuildError(f"{same} is made of these very inputs: nothing is to be released")
        if found:
            raise BuildError(*(fault_line(f, request.data) for f in found))
        target = place.report / f"v{made.version}"
        stage = beside(place.report, RELEASE)
        try:
            whole = replace(request, quarter=quarter, only=FORMATS, release=made, name=request.name or named(folder))
            build(whole, stream, Places(stage, stage / "figures"))
            _check(stage, before)
            _keep(stage)
            place.report.mkdir(parents=True, exist_ok=True)
            stage.rename(target)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        left = point(place.report)
    for line in (*left, *write_index(REPORTS)):
        print(line, file=stream, flush=True)
    return target


def refusals(ed: Edition, made: Release, edition: Path, today: date) -> Iterator[Fault]:
    """Every reason why an edition cannot be released, each in its place.

    Parameters
    ----------
    made : Release
        The version to come.
    edition : Path
        Where the versions before it stand.
    today : date
    """
    yield from (f for f in (*story_slips(ed.data), *story_faults(ed)))
    signed = sign_off(ed.data, str(ed.quarter))
    if not signed.signed:
        message = f"is not released; when it is signed, write `status: {RELEASED}`"
        yield signed.fault("status", message, signed.status)
    for key, what in (("author", "nobody"), ("reviewer", "nobody"), ("published", "no day")):
        if not getattr(signed, key):
            yield signed.fault(key, f"{what} is named, and a release needs it")
    for key, day in (("embargo", signed.embargo), ("published", signed.published)):
        if day and day > today:
            why = "is under embargo until that day" if key == "embargo" else "is a day to come"
            yield signed.fault(key, f"{why}; today is {today}", str(day))
    yield from bare_headlines(ed)
    if made.before:
        yield from _about_time(ed, made, edition)


def _untranslated(ed: Edition, language: str) -> Iterator[Fault]:
    """What a release in another language than the campaign's lacks: a story in it, and who signs for its words."""
    if not language:
        return
    story = ed.data.stories.get(str(ed.quarter))
    if story is None:
        yield Fault(f"story/{ed.quarter}.{language}.md", "is not there, and a release in another language needs it")
    elif story.signed.language != language:
        yield story.signed.fault("language", f"must be {language} in this file", story.signed.language)
    if story is not None and not story.signed.translator:
        yield story.signed.fault("translator", "nobody is named, and a release of a translation needs who signs for it")


def _about_time(ed: Edition, made: Release, edition: Path) -> Iterator[Fault]:
    """What a correcting version lacks: a reason, and a day on which it can have been made."""
    signed = sign_off(ed.data, str(ed.quarter))
    earlier = {p.name: provenance.read(p) or {} for p in versions(edition)}
    if not made.corrections and not made.reason:
        message = f"says nothing of why version {made.before} is corrected; write it here, or a row in corrections.csv"
        yield signed.fault("reason", message)
    for name, known in earlier.items():
        found = recorded_release(known)
        if made.reason and found and found.reason == made.reason:
            message = f"is that of {name}; write that of version {made.version}, or nothing"
            yield signed.fault("reason", message, made.reason)
        day = str((known.get("about") or {}).get("published", ""))
        if signed.published and signed.published.isoformat() < day:
            yield signed.fault("published", f"is before {name}, which is of {day}", str(signed.published))
    late = max((str(c["date"]) for c in made.corrections), default="")
    if signed.published and signed.published.isoformat() < late:
        yield signed.fault("published", f"is before a correction of {late} that it carries", str(signed.published))


def _release(ed: Edition, edition: Path) -> Release:
    """The version to come, with what sets it apart from the one before."""
    version, before = next_version(edition)
    table = facts(ed, without=SLOW)
    rows = table[["name", "verdict", "value"]].astype(str).to_numpy().tolist()
    said = {name: f"{verdict} {value}".strip() for name, verdict, value in rows if verdict or value}
    made = Release(version, numbers=compared_numbers(ed), facts=said)
    known = provenance.read(edition / f"v{before}") if before else None
    if known is None:
        return replace(made, before=before)
    was = recorded_release(known)
    path = str(edition / f"v{before}")
    earlier = read_previous_incidents(path)
    assert earlier is not None
    found = since(earlier, ed)
    there = read_previous_corrections(path)
    told = [row for row in _corrections(ed) if row not in there]
    return replace(
        made,
        before=before,
        changed=tuple(_changed(was.numbers if was else {}, made.numbers)),
        corrections=tuple(told),
        added=len(found.added),
        removed=len(found.removed),
        altered=len({c.incident_id for c in found.changed}),
        rows=tuple(_rows(found, told)),
        day_before=str((known.get("about") or {}).get("published") or ""),
        earlier=known.get("records") or {},
        reason=sign_off(ed.data, str(ed.quarter)).reason,
    )


def _rows(found: Revisions, told: Sequence[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """What differs in incidents and stands in no new row of corrections.csv."""
    for old, new, listed in (("", "listed", found.added), ("listed", "", found.removed)):
        yield from ({"incident_id": id, "field": "", "old": old, "new": new} for id, _ in listed)
    said = {(row["incident_id"], row["field"]) for row in told}
    for one in (c for c in found.changed if (c.incident_id, c.field) not in said):
        yield {"incident_id": one.incident_id, "field": one.field, "old": one.old, "new": one.new}


def _corrections(ed: Edition) -> list[dict[str, str]]:
    """Corrections of incidents that the edition lists, every cell text."""
    rows = as_written(ed.data.corrections)
    rows = rows[rows["incident_id"].isin(ed.listed["incident_id"])]
    texts = rows[["incident_id", "field", "old", "new", "reason", "date"]].astype(str).to_dict("records")
    return [{str(k): str(v) for k, v in row.items()} for row in texts]


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key, figures in now.items():
        if key in before and dict(before[key]) != dict(figures):
            yield {"key": key, "before": dict(before[key]), "now": dict(figures)}


def _inputs_of(edition: Path, version: str) -> str:
    known = provenance.read(edition / f"v{version}") if version else None
    return str(known["inputs_sha256"]) if known else ""


def _check(stage: Path, before: Mapping[str, Any]) -> None:
    """Make sure that what was built is whole, and of the data that were looked at.

    Raises
    ------
    BuildError
        Else.
    """
    known = provenance.read(stage) or {}
    if known.get("data") != before["data"]:
        raise BuildError("the data changed while the report was released: nothing was released; do it again")
    if faults := verify(stage).faults:
        raise BuildError(*faults)


def _keep(folder: Path) -> None:
    """Take the right to write from every file: a version is read only."""
    for path in folder.rglob("*"):
        if path.is_file():
            with suppress(OSError):
                path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
