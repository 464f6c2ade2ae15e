"""The one door to jsonschema.

Where JupyterLab is installed, `import jsonschema` finds `rfc3987_syntax`, which compiles a grammar for 0.8 to
2 seconds in every process, for a format (IRI) that no schema here uses. It is out of sight during this one
import, and there again afterwards: whoever imports it themselves gets it.
"""

from __future__ import annotations

import sys

_GRAMMAR = "rfc3987_syntax"
_hidden = _GRAMMAR not in sys.modules
if _hidden:
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
from jsonschema import Draft202012Validator  # noqa: E402

if _hidden:
    del sys.modules[_GRAMMAR]

__all__ = ["Draft202012Validator"]
