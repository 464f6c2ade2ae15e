"""How far the notebooks are: one moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
from typing import TextIO

_BAR = 28


class Progress:
    """Counts cells over all notebooks; safe to call from several threads.

    Parameters
    ----------
    cells : int
        Number of cells to run in all.
    stream : TextIO
        Usually standard error. A moving bar is drawn only where it is a terminal.
    """

    def __init__(self, cells: int, stream: TextIO) -> None:
        self._cells, self._done, self._stream = max(cells, 1), 0, stream
        self._lock = threading.Lock()
        self._live = stream.isatty()

    def cell(self) -> None:
        """One more cell is done."""
        with self._lock:
            self._done += 1
            if self._live:
                self._draw()

    def say(self, line: str) -> None:
        """A line that stays."""
        with self._lock:
            if self._live:
                self._stream.write("\r\x1b[K")
            self._stream.write(f"{line}\n")
            if self._live:
                self._draw()
            self._stream.flush()

    def close(self) -> None:
        """Take the bar away."""
        with self._lock:
            if self._live:
                self._stream.write("\r\x1b[K")
                self._stream.flush()

    def _draw(self) -> None:
        filled = _BAR * min(self._done, self._cells) // self._cells
        bar = "█" * filled + "·" * (_BAR - filled)
        self._stream.write(f"\r\x1b[K  {bar} {self._done} of {self._cells} cells")
        self._stream.flush()
