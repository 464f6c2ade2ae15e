"""Faces that an edition's last build cut out of the fonts, for its next: nothing else of a picture takes as long."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from incident_report.present import typefaces
from incident_report.publish.reuse import machine
from incident_report.store import Store, key_of

_MAKERS = ("src/incident_report/present/typefaces.py", "src/incident_report/scripts.py", "templates/fonts/")


@contextmanager
def faces_kept(store: Store, inputs: Mapping[str, Any], report: Sequence[str]) -> Iterator[None]:
    """Find the faces that a report was made with, and keep those that it is made with now.

    What a face holds depends on font, letters, features and what cuts it, and on nothing else.

    Parameters
    ----------
    inputs : mapping
        As from `Sources.inputs`.
    report : sequence of str
        What names the report.
    """
    makers = {name: sha256 for name, sha256 in inputs["code"].items() if name.startswith(_MAKERS)}
    key = key_of("faces", list(report), makers, machine(inputs))
    found = store.get(key)
    for name, letters, features, face in json.loads(found) if found else ():
        typefaces.parts[name, frozenset(letters), tuple(features)] = base64.b64decode(face)
    typefaces.worn.clear()
    yield
    worn = sorted((name, sorted(letters), features) for name, letters, features in list(typefaces.worn))
    now = [[*one, base64.b64encode(typefaces.parts[one[0], frozenset(one[1]), one[2]]).decode()] for one in worn]
    if (made := json.dumps(now).encode()) != found:
        store.put(key, made)
