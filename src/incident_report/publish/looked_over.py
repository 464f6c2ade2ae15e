"""What looking over a laid-out report has found, for builds that lay out the same: opening a PDF takes a while."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from incident_report.publish.reuse import machine
from incident_report.store import Store, key_of

_LOOKS = "src/incident_report/publish/laid_out.py"


def looked_over(store: Store, inputs: Mapping[str, Any]) -> Callable[[bytes, Sequence[str]], list[str]]:
    """`laid_out.astray`, which is a function of the PDF's bytes and of what is listed, and of nothing else."""

    def look(content: bytes, printed: Sequence[str]) -> list[str]:
        def made() -> bytes:
            from incident_report.publish.laid_out import astray

            return json.dumps(list(astray(content, printed))).encode()

        sha256 = hashlib.sha256(content).hexdigest()
        key = key_of("looked over", inputs["code"].get(_LOOKS), machine(inputs), sha256, list(printed))
        found: list[str] = json.loads(store.kept(key, made))
        return found

    return look
