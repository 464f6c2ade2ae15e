"""data.zip as a campaign folder: what in it is the campaign's own, and how to get that back as it was.

At its top stand the campaign's own files, in which only cells that a spreadsheet would run have an
apostrophe in front (`data.spreadsheet`), and a datapackage.json that lists every file with its hash.
Everything else, such as the tables for readers, stands in the folder `edition`, which a campaign
folder may have and the loader never reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from incident_report.data.folders import EXTRAS, PACKAGE
from incident_report.data.spreadsheet import is_neutralised, restore_csv

SCHEMA = f"{EXTRAS}/campaign.json"  # the campaign's own datapackage.json as it was, where it has one


def originals(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The campaign's own files, byte for byte as they were before they went into data.zip.

    Parameters
    ----------
    files : mapping of path -> bytes
        An unpacked data.zip. Files of any other campaign folder are given back unchanged.
    """
    try:
        package = json.loads(files.get(PACKAGE, b""))
    except (ValueError, RecursionError):
        package = None
    if not is_neutralised(package):
        return dict(files)
    own = {n: _restored(c) if n.endswith(".csv") else c for n, c in files.items() if not n.startswith(f"{EXTRAS}/")}
    del own[PACKAGE]
    if SCHEMA in files:
        own[PACKAGE] = files[SCHEMA]
    return own


def _restored(content: bytes) -> bytes:
    # What is not UTF-8 comes through as it is.
    return restore_csv(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
