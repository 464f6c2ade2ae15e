"""What a worker of a batch does: build an edition, or run a chapter of one. One thing at a time in a process."""

from __future__ import annotations

import io
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from incident_report.errors import BuildError, UsageError, one_line
from incident_report.publish.chapters import Ran, run_chapter
from incident_report.publish.due import why_due
from incident_report.publish.environment import warm_environment
from incident_report.publish.forked import Server, can_fork
from incident_report.publish.places import places
from incident_report.publish.plan import Job, Split
from incident_report.publish.report import build
from nbtypst.typst_compile import forget

T = TypeVar("T")
_ONE = threading.Lock()  # a sealed run has the process's folder of temporary files for itself


@dataclass(frozen=True)
class Failed:
    """Why a task gave nothing, a line each; the same inputs fail again, so it is not tried twice."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Built:
    """An edition that stands where it was wanted; seconds that its task took, 0 if it stood there."""

    name: str
    seconds: float


def chapter(job: Job, notebook: str, before: Built | Failed | None) -> Ran | Failed | None:
    """Run a chapter; None where the edition needs none, since it stands as it would be built."""
    if isinstance(before, Failed):
        return before

    def run() -> Ran | None:
        return run_chapter(job.request, notebook, _server(), io.StringIO()) if why_due(job.request) else None

    return _told(run)


def edition(job: Job, before: Sequence[Ran | Built | Failed | None]) -> Built | Failed:
    """Build an edition in its place, with those of its chapters that have run before it; none if one of them failed."""
    failed = [one for one in before if isinstance(one, Failed)]
    if failed:
        return Failed(tuple(dict.fromkeys(line for one in failed for line in one.lines)))

    def run() -> Built:
        if not why_due(job.request):
            return Built(job.name, 0.0)
        start, ready = monotonic(), [one for one in before if isinstance(one, Ran)]
        request = job.request
        place = places(Path(request.data), request.quarter, request)
        place.report.parent.mkdir(parents=True, exist_ok=True)
        try:
            build(request, io.StringIO(), place, ready, None if ready else _server(), rehearse=False)
        finally:
            forget()  # the next edition's pages are others
        return Built(job.name, monotonic() - start)

    return _told(run)


def imported(split: Split, country: str, table: Path, out: Path) -> Path | Failed:
    """Import one country's rows into a campaign folder."""
    from incident_report.data.importers import Selection
    from incident_report.data.importers.split import import_part

    def run() -> Path:
        chosen = Selection(country, None, None, split.keep_state_operations, split.provisional, split.period)
        import_part(table, split.kind, split.own_map, out, chosen)
        return out

    return _told(run)


def _told(run: Callable[[], T]) -> T | Failed:
    """What a task gives, or its faults. Errors of the machine are raised: another try may go better."""
    from incident_report.data.report import format_errors

    try:
        with _ONE:
            return run()
    except BuildError as error:
        return Failed(error.lines)
    except (UsageError, ValueError) as error:
        return Failed(tuple(str(error).splitlines()))
    except OSError:
        raise
    except Exception as error:
        faults: Any = getattr(error, "faults", None)
        if faults is not None:
            return Failed(tuple(format_errors(faults)))
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Failed((one_line(f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"),))


@cache
def _server() -> Server | None:
    """The warm process of this worker, which ends with it."""
    return Server(warm_environment()) if can_fork() else None
