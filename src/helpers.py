"""The notebooks' face in a checkout: all of `incident_report.helpers`, which an installed package brings."""

from typing import Any

from incident_report import helpers as _face
from incident_report.helpers import CHAPTERS, __all__, __dir__

__all__ = [*__all__]
_ = (CHAPTERS, __dir__)


def __getattr__(name: str) -> Any:
    """Names are made when they are asked for."""
    return getattr(_face, name)
