"""Where the project's own folders are, and what a sealed run reads instead."""

from __future__ import annotations

import json
import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_CHECKOUT = _HERE.parents[1]
# In a checkout everything lies where its readers look for it; an installed package carries templates, chapters
# and lock with it, and the project is the folder that one works in.
CHECKOUT = (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "src" / "incident_report") == _HERE
ROOT = _CHECKOUT if CHECKOUT else Path.cwd()
CODE = _HERE.parent  # incident_report/ and nbtypst/ lie in it
FACE = CODE if CHECKOUT else _HERE / "face"  # holds helpers.py, which chapters import
MODULES = os.pathsep.join(map(str, dict.fromkeys((CODE, FACE))))  # where kernels look for what they import
TEMPLATES = (ROOT if CHECKOUT else _HERE) / "templates"
NOTEBOOKS = ROOT / "notebooks" if CHECKOUT or (ROOT / "notebooks").is_dir() else _HERE / "notebooks"
LOCK = (ROOT if CHECKOUT else _HERE) / "requirements.lock"
FONTS = TEMPLATES / "fonts"
DATA = ROOT / "data"
FIGURES = ROOT / "figures"
REPORTS = ROOT / "reports"
CACHE = Path(os.environ.get("INCIDENT_REPORT_CACHE") or ROOT / ".cache")  # another where ROOT is read-only

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
