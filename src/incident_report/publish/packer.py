"""How a kernel writes its messages: as Jupyter does, but no text is lost for a character that UTF-8 lacks.

An error whose message holds half of a surrogate pair cannot be sent by Jupyter's own packer; the reader
is then told of that, and not of the error. Here the character stands as its escape.
"""

from __future__ import annotations

import re
from typing import Any

from jupyter_client.session import json_packer

_HALF = re.compile("[\ud800-\udfff]")


def pack(message: Any) -> bytes:
    """A message as JSON in UTF-8."""
    try:
        return bytes(json_packer(message))
    except UnicodeEncodeError:
        return bytes(json_packer(_mended(message)))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF.sub(lambda m: f"\\u{ord(m[0]):04x}", value)
    if isinstance(value, dict):
        return {_mended(k): _mended(v) for k, v in value.items()}
    return [_mended(v) for v in value] if isinstance(value, list | tuple) else value
