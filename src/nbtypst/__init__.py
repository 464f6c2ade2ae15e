"""Any Jupyter notebook as Typst and PDF/UA, without LaTeX and without a browser."""

from __future__ import annotations

from typing import Any

__all__ = ["TypstExporter", "TypstPDFExporter"]
__version__ = "0.2.0"


def __getattr__(name: str) -> Any:
    """The exporters, imported when asked for: the tree and the writer do without nbconvert."""
    if name in __all__:
        from nbtypst import exporters

        return getattr(exporters, name)
    raise AttributeError(name)
