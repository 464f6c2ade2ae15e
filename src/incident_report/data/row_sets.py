"""Long lists of rows' ids as a bit for each row on file: in a record's output a hundred thousand ids are 12 kB."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # whether a build is due is asked without pandas
    import pandas as pd

    from incident_report.data.model import Dataset

LONG = 150  # ids; shorter lists stand as they are


def on_file(data: Dataset) -> pd.Index:
    """The ids of all incidents, sorted: what `packed` and `unpacked` count by."""
    import pandas as pd

    return pd.Index(sorted(data.incidents["incident_id"]), dtype=object)


def packed(ids: Collection[str], known: pd.Index) -> dict[str, Any]:
    """A set of ids as text that JSON holds.

    Parameters
    ----------
    ids : collection of str
        In any order; ids of anything but incidents are kept as they are.
    known : Index
        As from `on_file`.

    Examples
    --------
    >>> import pandas as pd
    >>> known = pd.Index(["a", "b", "c"], dtype=object)
    >>> unpacked(packed(["c", "t-1", "a"], known), known)
    ['a', 'c', 't-1']
    """
    import numpy as np
    import pandas as pd

    asked = np.array([*ids], object)
    at = known.get_indexer(pd.Index(asked))
    bits = np.zeros(len(known), bool)
    bits[at[at >= 0]] = True
    text = base64.b64encode(zlib.compress(np.packbits(bits).tobytes(), 1)).decode()
    return {"bits": text, "others": sorted(asked[at < 0])}


def unpacked(kept: dict[str, Any], known: pd.Index) -> list[str]:
    """The ids that `packed` was given, sorted."""
    import numpy as np

    bits = np.frombuffer(zlib.decompress(base64.b64decode(kept["bits"])), np.uint8)
    found = known[np.unpackbits(bits, count=len(known)).astype(bool)]
    return sorted([*found, *kept["others"]]) if kept["others"] else [*found]
