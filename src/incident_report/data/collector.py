"""The search for cycles, put off while very many rows are made: they hold none, and it looks at each many times."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """No search for cycles within; as it was before, afterwards.

    Examples
    --------
    >>> with put_off():
    ...     gc.isenabled()
    False
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
