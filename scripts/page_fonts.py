"""Make templates/fonts/*.woff2: of each face of a page the letters of European languages, and the most common ones.

    python scripts/page_fonts.py

Needs brotli (`pip install brotli`), which nothing else does. Run it when a .ttf, `typefaces.LATIN` or `COMMON` has
changed; a page cuts what else it shows out of the .ttf.
"""

from __future__ import annotations

from fontTools import subset
from fontTools.ttLib import TTFont

from incident_report.paths import FONTS
from incident_report.present.typefaces import COMMON, FACES, LATIN, PAGE_FEATURES, SHORT

for _, name, _, _ in FACES:
    for letters, part in ((LATIN, ""), (COMMON, SHORT)):
        font = TTFont(FONTS / f"{name}.ttf", recalcTimestamp=False)
        options = subset.Options(hinting=False, notdef_outline=True, name_IDs=[], layout_features=list(PAGE_FEATURES))
        cut = subset.Subsetter(options)
        cut.populate(unicodes=sorted(letters))
        cut.subset(font)
        font.flavor = "woff2"
        font.save(FONTS / f"{name}{part}.woff2")
