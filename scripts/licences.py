"""Licences of everything that is installed beside the project, by family: `python scripts/licences.py`."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What a distribution says of itself, read in this order: the first family whose words are in it.
FAMILIES = {
    "GPL": r"\bA?GPL|GNU (Affero )?General Public",
    "LGPL": r"LGPL|Lesser General Public",
    "MPL": r"MPL|Mozilla Public",
    "Apache": r"Apache",
    "BSD": r"BSD|\b0BSD\b",
    "MIT": r"\bMIT\b|MIT-",
    "ISC": r"\bISC\b",
    "PSF": r"PSF|Python Software Foundation",
}
ALLOWED = ("MPL", "Apache", "BSD", "MIT", "ISC", "PSF")
# Looked into by hand; the reason stands in docs/security.md.
KNOWN = {"text-unidecode": "Artistic", "axe-playwright-python": "MIT"}
# Programs that a package carries and whose licence is not the package's own.
CARRIED = {"pypandoc_binary": "Pandoc, GPL-2.0-or-later", "axe-playwright-python": "axe-core, MPL-2.0"}


def said(package: metadata.Distribution) -> str:
    """What a distribution says of its licence: the expression, else its classifiers, else the field's first line."""
    about = package.metadata
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    field = (about.get("License") or "").strip().splitlines()
    return about.get("License-Expression") or "; ".join(classifiers) or (field[0][:80] if field else "")


def family(name: str, text: str) -> str:
    """The family of a licence; ``unknown`` where no word of it is known."""
    if name in KNOWN:
        return KNOWN[name]
    return next((f for f, words in FAMILIES.items() if re.search(words, text)), "unknown")


def installed() -> dict[str, str]:
    """Name of each installed distribution but ours -> what it says of its licence."""
    found = {d.metadata["Name"]: said(d) for d in metadata.distributions()}
    found.pop("incident-report", None)
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def summary() -> dict[str, list[str]]:
    """Family -> names, the largest family first."""
    found: dict[str, list[str]] = {}
    for name, text in installed().items():
        found.setdefault(family(name, text), []).append(name)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def outside() -> list[str]:
    """A line for each package whose licence is neither allowed nor looked into."""
    return [
        f"{name}: {text or 'it says nothing'}"
        for name, text in installed().items()
        if name not in KNOWN and family(name, text) not in ALLOWED
    ]


def main() -> int:
    """Print every family with its packages, and the programs that they carry."""
    for found, names in summary().items():
        print(f"{found} ({len(names)}): {', '.join(names)}")
    for name, program in CARRIED.items():
        print(f"carried by {name}: {program}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
