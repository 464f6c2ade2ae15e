"""Build one edition: seal, check, run, gather, write, publish."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from incident_report.analysis.edition import Edition
from incident_report.data.audience import check_public
from incident_report.data.folders import as_of_day, chosen_quarter, data_folder, named, shown
from incident_report.data.reviews import as_csv
from incident_report.errors import BuildError, one_line
from incident_report.garbage import seldom_looked_for
from incident_report.paths import REPORTS
from incident_report.present.words import words_of
from incident_report.publish import provenance
from incident_report.publish.absent import drop_absent
from incident_report.publish.around import REVIEW
from incident_report.publish.before import with_before
from incident_report.publish.bundle import WithoutRecords, bundle, write_zip
from incident_report.publish.changed import read_first, statements
from incident_report.publish.chapters import Execution, Ran, opened, to_run
from incident_report.publish.cite import FOLDER as CITATIONS
from incident_report.publish.cite import citation_files
from incident_report.publish.collect import Found, collect, held, rows_of
from incident_report.publish.cover import cover, reviewed
from incident_report.publish.due import remember, why_due
from incident_report.publish.early import Early
from incident_report.publish.editions import write_index
from incident_report.publish.faces import faces_kept
from incident_report.publish.figures import write_figures, write_json
from incident_report.publish.forked import Server
from incident_report.publish.gate import Draft, faults, laid_out
from incident_report.publish.index import record_index, row_index
from incident_report.publish.inputs import PUBLIC, digest
from incident_report.publish.kept import keep, outdated
from incident_report.publish.looked_over import looked_over
from incident_report.publish.meanwhile import Meanwhile
from incident_report.publish.notebooks import nbformat
from incident_report.publish.notice import stamped
from incident_report.publish.page import address, linked_data
from incident_report.publish.places import Places, check_ours, check_out, edition_name, places
from incident_report.publish.rehearsal import Rehearsal
from incident_report.publish.request import Request
from incident_report.publish.reuse import Kept, document_key, markup_key, packed, pandoc_kept, rehearsal_key, unpacked
from incident_report.publish.seal import Seal, sealed
from incident_report.publish.swap import Stage, holding, staged
from incident_report.publish.versions import Release, carry
from incident_report.publish.writers import KINDS, write
from incident_report.store import open_store
from nbtypst import ast
from nbtypst.pandoc import kept_by

if TYPE_CHECKING:
    from incident_report.publish.gather import Document


@seldom_looked_for()
def build(
    request: Request,
    stream: TextIO = sys.stderr,
    place: Places | None = None,
    ready: Sequence[Ran] = (),
    server: Server | None = None,
    rehearse: bool = True,
) -> Path:
    """Build an edition and return the folder it is in.

    Everything is read from a private copy of data and notebooks; if the originals, templates or code
    are no longer the same at the end, nothing is published. Where another build is at work on the same
    place, this one waits for it, and builds only if that was not enough. Versions that stand in the place stay.

    Parameters
    ----------
    request : Request
    stream : text stream
        Is told of the progress.
    place : Places, optional
        Where it goes; by default where `places` says.
    ready : sequence of Ran
        Chapters that have run; one that ran of other inputs than these runs again.
    server : Server, optional
        What kernels are forked from, if it is there already.
    rehearse : bool
        Whether this machine has a processor to spare while that process begins.

    Raises
    ------
    UsageError, DataError
        Before any notebook runs; nothing is written.
    BuildError, OSError
        While running or rendering; what stood in the folder before stands there still.
    """
    folder = data_folder(request.data)
    quarter = chosen_quarter(request.quarter, folder)
    if request.out is not None and place is None:
        check_out(str(request.out), filter(None, (folder, request.notebooks, request.previous)))
    place = place or places(folder, quarter, request)
    as_of_day(request.as_of)
    request = with_before(request, folder, quarter)
    _check_previous(request.chosen().get("previous", ""), request.audience)
    check_ours(place)

    def wait(holder: str) -> None:
        print(f"{shown(place.report)} is being built by {holder}; waiting for it", file=stream, flush=True)

    with _standing(place), holding(place, wait) as waited:
        if waited and not why_due(request):
            return place.report
        shared = request.shared(folder, quarter)
        with sealed(request.sources(folder, quarter)) as seal, ExitStack() as stack:
            store = open_store(fresh=request.fresh, stream=stream)
            chapters = Execution(request, seal, shared, stack, store, server)
            stack.enter_context(kept_by(pandoc_kept(store, seal.inputs)))
            report = [shown(folder), quarter]
            stack.enter_context(faces_kept(store, seal.inputs, report))
            rehearsal = Rehearsal(store, rehearsal_key(seal.inputs, report))
            kept = Kept(store, seal.inputs, rehearsal)
            if rehearse and server is not None and "pdf" in request.only:
                rehearsal.begin()
                stack.callback(rehearsal.end)
            chapters.foresee(to_run(seal, ready))
            edition = opened(request, seal, quarter)
            if request.audience == PUBLIC:
                check_public(edition.data)
            chapters.expect(to_run(seal, ready), edition)
            with staged(place, figures="figures" in request.only) as stage:
                early = Early(words_of(edition), store, markup_key(seal.inputs, report))
                meanwhile = Meanwhile(edition, request.data, stream)
                executed = _run(chapters, edition, early, meanwhile, stream, ready)
                print(*meanwhile.lines, sep="\n", end="\n" * bool(meanwhile.lines), file=stream, flush=True)
                _write(_Run(request, edition, seal, kept, stage, stream), executed, early, meanwhile.files)
                seal.check(request.sources(folder, quarter))
                check_ours(place)  # nobody has put a file there meanwhile
                carry(place.report, stage.report)
                stage.commit()
            remember(seal.before, seal.inputs, store)
        store.trim()
    if place.apart:  # among the editions of this project
        for line in write_index(REPORTS, place.report):
            print(line, file=stream, flush=True)
    return place.report


@contextmanager
def _standing(place: Places) -> Iterator[None]:
    """Say of an error whether the last good report stands as it was, where that can be said: by hash."""
    before = _whole(place)
    try:
        yield
    except (KeyboardInterrupt, OSError) as error:
        if isinstance(error, OSError) and error.filename is None:
            error.filename = shown(place.report)  # a full disk names no file
        if before and _whole(place) == before:
            error.add_note("the last good report is as it was")
        raise


def _whole(place: Places) -> dict[str, str]:
    """Hashes of a report that is what its provenance says, or nothing."""
    known = provenance.head(place.report)
    there = provenance.outputs(place.report)
    return there if known is not None and there == known.get("outputs") else {}


def _check_previous(path: str, audience: str) -> None:
    """Read the previous edition before any notebook does, so that its absence is one line."""
    from incident_report.data.predecessor import read_previous, read_previous_incidents

    try:
        about = read_previous(path).get("about")
        read_previous_incidents(path)
    except ValueError as error:
        raise BuildError(f"{error}, or say --previous=none") from None
    if audience == PUBLIC and isinstance(about, Mapping) and about.get("audience", PUBLIC) != PUBLIC:
        raise BuildError(f"previous: {path!r} is an internal edition; a public one tells changes since a public one")


def _run(
    chapters: Execution,
    edition: Edition,
    early: Early,
    meanwhile: Meanwhile,
    stream: TextIO,
    ready: Sequence[Ran],
) -> dict[Path, Any]:
    """The chapters, executed from the copy; those that are ready are taken up."""
    there = {one.notebook: one.content for one in ready}
    seal, left = chapters.seal, to_run(chapters.seal, ready)
    texts = set(chapters.request.only) - {"figures"}
    executed = chapters.executed(left, edition, stream, early if texts else None, meanwhile)
    for path in set(seal.copy.notebooks) - set(left):
        executed[path] = nbformat.reads(there[path.name], as_version=4)
    kept = {path: drop_absent(executed[path]) for path in seal.copy.notebooks}
    return {path: node for path, node in kept.items() if node.cells}


@dataclass(frozen=True)
class _Run:
    """A build whose chapters have run: what was asked for, of what, into what, and who is told."""

    request: Request
    edition: Edition
    seal: Seal
    kept: Kept
    stage: Stage
    stream: TextIO


def _write(run: _Run, executed: Mapping[Path, Any], early: Early, files: WithoutRecords) -> None:
    """Every file of the report, and last the provenance that vouches for them."""
    from incident_report.publish.gather import Document, gather

    request, edition, seal, stage = run.request, run.edition, run.seal, run.stage
    records, inputs_sha256 = collect(executed, edition.data), digest(seal.inputs)
    release = _compared(request.release, executed, records)
    labels: Mapping[str, str] = {}
    write_zip(stage.report / "data.zip", bundle(edition, records, files))
    content = provenance.sha256(stage.report / "data.zip")
    if (review := reviewed(edition)) is not None:
        (stage.report / REVIEW).write_bytes(as_csv(review))
    figures = keep(stage, request, inputs_sha256)
    drawn = partial(write_figures, records, stage.figures, str(edition.quarter), png=request.png)
    beside = [drawn] if "figures" in request.only else []
    about = {
        **cover(edition, release, content),
        "mark": _mark(request, edition),
        "place": _address(request, edition),
    }
    if "work" in about:
        _write_citations(about, stage)
    if kinds := _kinds(request, stage):
        key = document_key(seal.inputs, executed)
        document = Document(**unpacked(run.kept.store.kept(key, lambda: packed(gather(executed, edition, early)))))
        document = replace(document, tree=ast.document(stamped(document.tree["blocks"], about["told"])))
        labels = document.labels
        _write_checked(run, kinds, about, records, document, beside)
    elif beside:
        drawn()
    if beside:
        figures = provenance.outputs(stage.figures)
    found = {
        "format": provenance.FORMAT,
        "edition": str(edition.quarter),
        "title": edition.campaign.title,
        "about": provenance.about(about, request.audience),
        **({"release": {**release.recorded(), "content_sha256": content}} if release else {}),
        "inputs_sha256": inputs_sha256,
        **seal.inputs,
        "git": provenance.revision(),
        "outputs": provenance.outputs(stage.report),
        "figures": figures,
        "figures_at": os.path.relpath(stage.place.figures, stage.place.report),
        "predictions": held(records, "predictions"),
        "records": record_index(records, labels),
        "rows": row_index(edition.data, rows_of(records)),
    }
    write_json(stage.report / provenance.NAME, provenance.folded(found))


def _compared(release: Release | None, executed: Mapping[Path, Any], records: list[Found]) -> Release | None:
    """A correcting version with what it says differently where it is read first."""
    if release is None or not release.earlier:
        return release
    told = statements(release.earlier, record_index(records, {}), read_first(executed, records))
    return replace(release, statements=tuple(told))


def _kinds(request: Request, stage: Stage) -> list[str]:
    """What is written: what was asked for, and a page that would be out of date."""
    return [k for k in KINDS if k in request.only or (k == "html" and outdated(stage, request))]


def _mark(request: Request, edition: Edition) -> str:
    """What stands on every page of a report that is not for everybody, or that nobody has signed in its language."""
    words, story = words_of(edition), edition.data.stories.get(str(edition.quarter))
    unsigned = request.language and not (story and story.signed.translator)
    marks = ("internal" if request.audience != PUBLIC else "", "unsigned_translation" if unsigned else "")
    return ". ".join(words.phrase(name) for name in marks if name)


def _address(request: Request, edition: Edition) -> str:
    """Where the report will stand below reports/, for absolute addresses."""
    name = edition_name(str(edition.quarter), request.variant())
    return f"{name}/v{request.release.version}" if request.release else name


def _write_citations(about: dict[str, Any], stage: Stage) -> None:
    """How the version is cited, a file a format; its address is known only now."""
    work = about["work"] = replace(about["work"], url=address(about, provenance.REPORTS["html"]))
    folder = stage.report / CITATIONS
    folder.mkdir()
    for name, content in citation_files(work, linked_data(about, ["data.zip"])).items():
        (folder / name).write_bytes(content)


def _write_checked(
    run: _Run,
    kinds: Sequence[str],
    about: Mapping[str, Any],
    records: list[Found],
    document: Document,
    beside: Sequence[Callable[[], None]],
) -> None:
    """The reports that were asked for, if they do not contradict themselves; else none, or each with a mark.

    Raises
    ------
    BuildError
        One line a contradiction, unless the request allows them.
    """
    request, edition, kept = run.request, run.edition, run.kept
    look = looked_over(kept.store, kept.inputs)
    draft = Draft(records, document.tree["blocks"], labels=document.labels, edition=edition, astray=look)
    found: list[str] = []
    beside = [lambda: found.extend(faults(draft)), *beside]
    for marked in (False, True):  # with a fault the pages are others: each has a mark
        asked = request.name or named(data_folder(request.data))
        marks = (about["mark"], words_of(edition).phrase("incoherent") if marked else "")
        meta = {**about, "data": asked, "mark": ". ".join(filter(None, marks))}
        write(kinds, document, run.stage.report, meta, records, edition, kept, beside)
        beside = ()
        if marked:
            break
        path = run.stage.report / provenance.REPORTS["pdf"]
        found += laid_out(replace(draft, pdf=path.read_bytes())) if "pdf" in request.only else []
        if not found:
            break
        if not request.allow_incoherent:
            raise BuildError(*found)
    for line in found:
        print(f"  incoherent: {one_line(line, 300)}", file=run.stream, flush=True)
