"""Where the project's own folders are (the package is installed editable), and what a sealed run reads instead."""

from __future__ import annotations

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
TEMPLATES = ROOT / "templates"
FONTS = TEMPLATES / "fonts"
DATA = ROOT / "data"
FIGURES = ROOT / "figures"
REPORTS = ROOT / "reports"
CACHE = ROOT / ".cache"
LOCK = ROOT / "requirements.lock"

SEAL = "INCIDENT_REPORT_SEAL"  # names the folder of a sealed run; set for its kernels only


def sealed(kind: str, name: str) -> Path | None:
    """The copy that a sealed run holds of a folder, or None where nothing is sealed (as in Lab).

    A chapter names a folder as its reader knows it; in a build that name leads to the run's own copy,
    so that every chapter reads the same bytes.

    Parameters
    ----------
    kind : str
        ``data`` or ``previous``.
    name : str
        As in the notebook's parameter.

    Raises
    ------
    ValueError
        If the run holds no copy under that name.
    """
    root = os.environ.get(SEAL)
    if not root:
        return None
    copies = json.loads((Path(root) / "places.json").read_text("utf-8"))[kind]
    if name not in copies:
        raise ValueError(f"{kind}: {name!r} is not part of this build; it has {', '.join(copies) or 'none'}")
    return Path(root) / copies[name]
