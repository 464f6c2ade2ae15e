"""The one door to nbformat, without what runs notebooks: a build that runs none does not import that.

Where JupyterLab is installed, `import nbformat` reaches `rfc3987_syntax` (by jsonschema's optional
format checks), which compiles a grammar for 1.6 to 2 seconds at every start. No check here needs it,
so it is marked as absent before the first import, in this process only.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import nbformat  # noqa: E402

__all__ = ["nbformat"]
