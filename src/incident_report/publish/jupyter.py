"""The one door to papermill and nbformat.

Where JupyterLab is installed, `import nbformat` reaches `rfc3987_syntax` (by jsonschema's optional
format checks), which compiles a grammar for 1.6 to 2 seconds at every start. No check here needs it,
so it is marked as absent before the first import, in this process only.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import nbformat  # noqa: E402
import papermill  # noqa: E402
from jupyter_client.kernelspec import KernelSpecManager  # noqa: E402
from jupyter_client.manager import AsyncKernelManager  # noqa: E402
from papermill.clientwrap import PapermillNotebookClient  # noqa: E402
from papermill.engines import NBClientEngine, papermill_engines  # noqa: E402
from traitlets import default  # noqa: E402


class OwnKernel(AsyncKernelManager):
    """The kernel of this very Python: one of the same name in a home folder or on JUPYTER_PATH is not asked."""

    @default("kernel_spec_manager")
    def _own(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


__all__ = ["NBClientEngine", "OwnKernel", "PapermillNotebookClient", "nbformat", "papermill", "papermill_engines"]
