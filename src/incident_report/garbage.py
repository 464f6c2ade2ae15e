"""How often Python looks for circles of garbage: each look goes over all that there is, and trees are a million lists.

With Python's own thresholds these looks are a quarter of what a build does beside its kernels; they find
hardly anything.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (200_000, 20, 50)  # as `gc.set_threshold` takes them


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Look seldom inside, and as usual after it."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
