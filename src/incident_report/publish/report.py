"""Build one edition: seal, check, run, gather, write, publish."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.data.audience import check_public
from incident_report.data.folders import as_of_day, chosen_quarter, data_folder, named, shown
from incident_report.data.reviews import as_csv
from incident_report.errors import BuildError, UsageError, one_line
from incident_report.paths import CACHE, REPORTS
from incident_report.present.words import words_of
from incident_report.publish import provenance
from incident_report.publish.absent import drop_absent
from incident_report.publish.around import REVIEW
from incident_report.publish.attention import check_story, statements_to_look_at
from incident_report.publish.before import with_before
from incident_report.publish.bundle import bundle, write_zip
from incident_report.publish.changed import read_first, statements
from incident_report.publish.cite import FOLDER as CITATIONS
from incident_report.publish.cite import citation_files
from incident_report.publish.collect import Found, collect, held
from incident_report.publish.cover import cover, reviewed
from incident_report.publish.due import why_due
from incident_report.publish.early import Early
from incident_report.publish.editions import write_index
from incident_report.publish.environment import kernel_environment
from incident_report.publish.figures import write_figures, write_json
from incident_report.publish.forked import FEWEST, Server, warm
from incident_report.publish.gate import Draft, faults, laid_out
from incident_report.publish.index import record_index, row_index
from incident_report.publish.inputs import PUBLIC, digest
from incident_report.publish.jupyter import nbformat
from incident_report.publish.kept import keep, outdated
from incident_report.publish.notice import stamped
from incident_report.publish.page import address, linked_data
from incident_report.publish.places import Places, check_ours, check_out, edition_name, places
from incident_report.publish.request import Request
from incident_report.publish.reuse import Chapters, Kept, document_key, markup_key, packed, unpacked
from incident_report.publish.seal import Seal, sealed
from incident_report.publish.store import Store, open_store
from incident_report.publish.swap import Stage, holding, staged
from incident_report.publish.versions import Release, carry
from incident_report.publish.writers import KINDS, write
from nbtypst import ast

if TYPE_CHECKING:
    from incident_report.publish.gather import Document


@dataclass(frozen=True)
class Ran:
    """A chapter that has run elsewhere: of what inputs, and the executed notebook as JSON."""

    notebook: str
    inputs_sha256: str
    content: str


def run_chapter(request: Request, notebook: str, server: Server | None, stream: TextIO = sys.stderr) -> Ran:
    """Run one chapter of an edition by itself, for `build` to take up, in whatever process that is.

    Parameters
    ----------
    notebook : str
        Its file's name.
    server : Server or None
        What its kernel is forked from.

    Raises
    ------
    UsageError, DataError, BuildError, OSError
        As `build`.
    """
    folder = data_folder(request.data)
    quarter = chosen_quarter(request.quarter, folder)
    request = with_before(request, folder, quarter)
    sources = request.sources(folder, quarter)
    with sealed(sources) as seal:
        edition = _open(request, seal, quarter)
        chapter = [path for path in seal.copy.notebooks if path.name == notebook]
        shared, store = request.shared(folder, quarter), open_store(fresh=request.fresh, stream=stream)
        with ExitStack() as stack:
            chapters = _Chapters(request, seal, shared, stack, store, server)
            executed = chapters.executed(chapter, edition, stream, None)
        seal.check()
        return Ran(notebook, digest(seal.inputs), nbformat.writes(executed[chapter[0]]))


def build(
    request: Request, stream: TextIO = sys.stderr, place: Places | None = None, ready: Sequence[Ran] = ()
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
            chapters = _Chapters(request, seal, shared, stack, open_store(fresh=request.fresh, stream=stream))
            chapters.foresee(_left(seal, ready))
            edition = _open(request, seal, quarter)
            if request.audience == PUBLIC:
                check_public(edition.data)
            check_story(edition, request.data, stream)
            with staged(place, figures="figures" in request.only) as stage:
                early = Early(chapters.store, markup_key(seal.inputs, [shown(folder), quarter]))
                executed = _run(chapters, edition, early, stream, ready)
                for line in statements_to_look_at(edition):
                    print(line, file=stream, flush=True)
                _write(request, edition, executed, early, seal, chapters.store, stage, stream)
                seal.check(request.sources(folder, quarter))
                check_ours(place)  # nobody has put a file there meanwhile
                carry(place.report, stage.report)
                stage.commit()
        chapters.store.trim()
    if place.apart:  # among the editions of this project
        for line in write_index(REPORTS):
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
    known = provenance.read(place.report)
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


def _open(request: Request, seal: Seal, quarter: str) -> Edition:
    try:
        return open_edition(
            str(seal.copy.data),
            quarter=quarter,
            baseline=request.baseline,
            confidence_floor=request.confidence_floor,
            as_of=request.as_of,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _environment(seal: Seal, epoch: int = 0) -> dict[str, str]:
    return {**kernel_environment(CACHE, epoch), **seal.environment}


@dataclass
class _Chapters:
    """The chapters of a sealed run: where a store has them, as they were; else executed from the copy.

    Parameters
    ----------
    stack : ExitStack
        Ends the process that kernels are forked from.
    server : Server, optional
        What they are forked from; where there is none it is begun when it is known that some are needed.
    """

    request: Request
    seal: Seal
    shared: Mapping[str, str]
    stack: ExitStack
    store: Store
    server: Server | None = None

    @cached_property
    def known(self) -> Chapters:
        """What the store has of them."""
        asked = {**self.shared, **self.request.chosen()}
        return Chapters(self.store, self.seal.inputs, asked, _environment(self.seal))

    def foresee(self, paths: Sequence[Path]) -> None:
        """Begin to import libraries where many chapters have to run, whatever the campaign holds."""
        if sum(not self.known.lists(path) for path in paths) >= FEWEST:
            self._begin(len(paths))

    def _begin(self, count: int) -> None:
        if self.server is None:
            made = warm(_environment(self.seal), self.request.engine, count, self.shared)
            self.server = self.stack.enter_context(made)

    def executed(self, paths: Sequence[Path], edition: Edition, stream: TextIO, early: Early | None) -> dict[Path, Any]:
        """These chapters."""
        from incident_report.publish.client import READS
        from incident_report.publish.parameters import assign
        from incident_report.publish.run import run_notebooks

        values = assign(self.seal.copy.notebooks, self.shared, self.request.chosen())
        made = {path: node for path in paths if (node := self.known.find(path, edition.data)) is not None}
        if made:
            print(f"  as before: {', '.join(path.name for path in made)}", file=stream, flush=True)
        due = {path: values[path] for path in paths if path not in made}
        if not due:
            return made
        self._begin(len(due))

        def ended(path: Path, node: Any) -> None:
            self.known.keep(path, node, node.metadata.pop(READS, None), edition.data)
            self.known.took(path, node.metadata.get("papermill", {}).get("duration") or 0.0)
            if early is not None and len(due) > 1:  # no other chapter runs while the only one is read
                early.chapter(path, node)

        env, seconds = _environment(self.seal, _epoch(edition.quarter.end)), self.request.cell_seconds
        told: dict[str, Any] = {"server": self.server, "on_chapter": ended, "watched": self.known.keeps}
        told["seconds"] = {path: self.known.seconds(path) for path in due}
        return made | run_notebooks(due, env=env, stream=stream, cell_seconds=seconds, **told)


def _run(chapters: _Chapters, edition: Edition, early: Early, stream: TextIO, ready: Sequence[Ran]) -> dict[Path, Any]:
    """The chapters, executed from the copy; those that are ready are taken up."""
    there = {one.notebook: one.content for one in ready}
    seal, left = chapters.seal, _left(chapters.seal, ready)
    texts = set(chapters.request.only) - {"figures"}
    executed = chapters.executed(left, edition, stream, early if texts else None)
    for path in set(seal.copy.notebooks) - set(left):
        executed[path] = nbformat.reads(there[path.name], as_version=4)
    kept = {path: drop_absent(executed[path]) for path in seal.copy.notebooks}
    return {path: node for path, node in kept.items() if node.cells}


def _left(seal: Seal, ready: Sequence[Ran]) -> list[Path]:
    """The chapters that have still to run: all but those that ran of these very inputs."""
    there = {one.notebook for one in ready if one.inputs_sha256 == digest(seal.inputs)}
    return [path for path in seal.copy.notebooks if path.name not in there]


def _write(
    request: Request,
    edition: Edition,
    executed: Mapping[Path, Any],
    early: Early,
    seal: Seal,
    store: Store,
    stage: Stage,
    stream: TextIO,
) -> None:
    """Every file of the report, and last the provenance that vouches for them."""
    from incident_report.publish.gather import Document, gather

    records, inputs_sha256 = collect(executed), digest(seal.inputs)
    release = _compared(request.release, executed, records)
    labels: Mapping[str, str] = {}
    write_zip(stage.report / "data.zip", bundle(edition, records))
    content = provenance.sha256(stage.report / "data.zip")
    if (review := reviewed(edition)) is not None:
        (stage.report / REVIEW).write_bytes(as_csv(review))
    figures = keep(stage, request, inputs_sha256)
    about = {
        **cover(edition, release, content),
        "mark": _mark(request, edition),
        "place": _address(request, edition),
    }
    if "work" in about:
        _write_citations(about, stage)
    if kinds := _kinds(request, stage):
        key = document_key(seal.inputs, executed)
        document = Document(**unpacked(store.kept(key, lambda: packed(gather(executed, edition, early)))))
        document = replace(document, tree=ast.document(stamped(document.tree["blocks"], about["told"])))
        labels = document.labels
        _write_checked(request, kinds, about, edition, records, document, Kept(store, seal.inputs), stage, stream)
    if "figures" in request.only:
        stage.figures.mkdir(exist_ok=True)
        write_figures(records, stage.figures, str(edition.quarter), png=request.png)
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
        "rows": row_index(edition.data, set(chain.from_iterable(t["rows"] for t in held(records, "trace")))),
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
    request: Request,
    kinds: Sequence[str],
    about: Mapping[str, Any],
    edition: Edition,
    records: list[Found],
    document: Document,
    kept: Kept,
    stage: Stage,
    stream: TextIO,
) -> None:
    """The reports that were asked for, if they do not contradict themselves; else none, or each with a mark.

    Raises
    ------
    BuildError
        One line a contradiction, unless the request allows them.
    """
    draft = Draft(records, document.tree["blocks"], labels=document.labels, edition=edition)
    found = faults(draft)
    for _ in range(2):  # a fault that only the laid-out pages show asks for the mark, hence for other pages
        if found and not request.allow_incoherent:
            raise BuildError(*found)
        asked = request.name or named(data_folder(request.data))
        marks = (about["mark"], words_of(edition).phrase("incoherent") if found else "")
        meta = {**about, "data": asked, "mark": ". ".join(filter(None, marks))}
        write(kinds, document, stage.report, meta, records, edition, kept)
        path = stage.report / provenance.REPORTS["pdf"]
        late = list(laid_out(replace(draft, pdf=path.read_bytes()))) if "pdf" in request.only else []
        if found or not late:
            break
        found = late
    for line in found:
        print(f"  incoherent: {one_line(line, 300)}", file=stream, flush=True)


def _epoch(day: date) -> int:
    return max(0, int(datetime.combine(day, time(), UTC).timestamp()))
