"""What a report's last build typeset is typeset again while its chapters run, so that Typst knows most of the next.

Typst remembers within a process what it has laid out, by what that was laid out from, and lays out again what has
changed since. So a rehearsal changes nothing but the time: its pages are thrown away.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date
from threading import Event, Lock, Thread, get_native_id
from typing import Any

from incident_report.paths import FONTS
from incident_report.publish.ahead import settled
from incident_report.store import Store
from nbtypst.typst_compile import press

_PRIORITY = 10  # of Unix: behind the chapters, which a report cannot do without


class _EndedError(Exception):
    """The real thing begins."""


class Rehearsal:
    """Of one report.

    Parameters
    ----------
    store : Store
        Has what was typeset last.
    key : str
        What it has that under.
    """

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key, self._ended, self._busy = store, key, Event(), Lock()

    def begin(self) -> None:
        """Rehearse beside what else goes on, if there is something to rehearse."""
        if found := self._store.get(self._key):
            self._busy.acquire()
            Thread(target=self._rehearse, args=[found]).start()

    def end(self) -> None:
        """Wait for what is being laid out, and begin nothing more."""
        self._ended.set()
        with self._busy:
            pass

    def keep(self, source: str, homes: Sequence[Sequence[int]], pictures: Mapping[str, bytes], day: date) -> None:
        """Leave what was typeset for the next build.

        Parameters
        ----------
        source : str
            As Typst took it.
        homes : sequence of sequence of int
            Figures of each chapter, as for `ahead.settled`.
        pictures : mapping of path -> bytes
        day : date
            The document's.
        """
        drawn = {name: base64.b64encode(content).decode() for name, content in pictures.items()}
        self._store.put(self._key, json.dumps([source, homes, drawn, day.isoformat()]).encode())

    def _rehearse(self, kept: bytes) -> None:
        with suppress(AttributeError, OSError):  # Linux alone has priorities of threads
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _PRIORITY)
        # What is wrong with it, if anything still is, the real thing says.
        with suppress(Exception), ExitStack() as stack:
            try:
                source, homes, drawn, day = json.loads(kept)
                pictures = {name: base64.b64decode(text) for name, text in drawn.items()}
                laid_out = stack.enter_context(press(pictures, font_paths=[FONTS], day=date.fromisoformat(day)))

                def ask(text: str, expression: str) -> Any:
                    if self._ended.is_set():
                        raise _EndedError
                    return laid_out.ask(text, expression)

                last = settled(source, homes, ask)
                if not self._ended.is_set():
                    laid_out.pdf(last)
            finally:
                self._busy.release()  # what is put away now need not be waited for
