"""How many examples a property is tried on: few in `make test`, many in `make chaos`, which sets LONG."""

from __future__ import annotations

import os


def examples(quick: int, long: int) -> int:
    """The number for this run."""
    return long if os.environ.get("LONG") else quick
