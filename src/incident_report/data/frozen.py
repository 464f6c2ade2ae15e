"""Tables that nobody changes for others: what leaves is a lazy copy, and the values beneath are read-only."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import pandas as pd

_EVER = weakref.ref(object)  # something that is always there
_BENEATH = ("_ndarray", "_data", "_mask")  # what pandas' own arrays hold; Arrow's cannot be written to


class CopiesOut:
    """Tables leave the object as lazy copies: no caller can change what the next reads."""

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        return frozen(value).copy(deep=False) if isinstance(value, pd.DataFrame) else value


def frozen(table: pd.DataFrame) -> pd.DataFrame:
    """The table itself, with the arrays beneath it read-only, so that ``.values`` and ``.array`` cannot be written to.

    A lazy copy can be written to as ever, since pandas copies a block first that another table shares. Each block
    is marked as shared for good: the copy may outlive the table.
    """
    for block in object.__getattribute__(table, "_mgr").blocks:
        if not _locked(block.values):
            block.refs.referenced_blocks.append(_EVER)
    return table


def _locked(values: Any) -> bool:
    """Make an array read-only; whether it was."""
    if isinstance(values, np.ndarray):
        before = not values.flags.writeable
        values.setflags(write=False)
        return before
    before, values._readonly = values._readonly, True
    for name in _BENEATH:
        if isinstance(part := getattr(values, name, None), np.ndarray):
            part.setflags(write=False)
    return bool(before)
