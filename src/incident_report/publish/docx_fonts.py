"""The report's fonts inside a Word file, so that it looks the same where they are not installed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import matplotlib

from incident_report.paths import FONTS

# As ECMA-376 part 4 has it: the first 32 bytes are mixed with a key, and the suffix says so.
_TYPE = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MONO = "DejaVu Sans Mono"
_FACES = {
    "Noto Serif": {f: FONTS / f"NotoSerif-{f}.ttf" for f in ("Regular", "Bold", "Italic", "BoldItalic")},
    "Noto Sans": {f: FONTS / f"NotoSans-{f}.ttf" for f in ("Regular", "Bold", "Italic")},
    _MONO: {"Regular": Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"},  # Typst has it, too
}


def with_fonts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts of a Word file, and among them the fonts that its styles name.

    Parameters
    ----------
    parts : dict of name in the archive -> content
        With a ``word/fontTable.xml`` that lists the families.
    """
    table, relations = parts["word/fontTable.xml"].decode(), []
    files: dict[str, bytes] = {}
    coded = b'"VerbatimChar"' in parts["word/document.xml"]
    for family, faces in _FACES.items():
        embedded = ""
        for face, path in faces.items() if coded or family != _MONO else ():
            data = path.read_bytes()
            key, number = _key(data), len(files) + 1
            files[f"word/fonts/font{number}.odttf"] = _mixed(data, key)
            embedded += f'<w:embed{face} r:id="rId{number}" w:fontKey="{key}"/>'
            target = f'Type="{_RELATION}/font" Target="fonts/font{number}.odttf"'
            relations.append(f'<Relationship Id="rId{number}" {target}/>')
        table = re.sub(rf'(<w:font w:name="{family}">.*?)(</w:font>)', rf"\1{embedded}\2", table, flags=re.DOTALL)
    table = table.replace("<w:fonts ", f'<w:fonts xmlns:r="{_RELATION}" ', 1)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = parts["[Content_Types].xml"].decode()
    types = types.replace("</Types>", f'<Default Extension="odttf" ContentType="{_TYPE}"/></Types>')
    settings = parts["word/settings.xml"].decode()
    settings = re.sub(r"<w:embedSystemFonts\s*/>", "<w:embedTrueTypeFonts/><w:saveSubsetFonts/>", settings)
    rels = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{package}">{"".join(relations)}</Relationships>'
    )
    return {
        **parts,
        **files,
        "word/fontTable.xml": table.encode(),
        "word/_rels/fontTable.xml.rels": rels.encode(),
        "[Content_Types].xml": types.encode(),
        "word/settings.xml": settings.encode(),
    }


def _key(data: bytes) -> str:
    """A key of the form that Word wants; of the font itself, so that two builds agree."""
    digits = hashlib.sha256(data).hexdigest()[:32].upper()
    return f"{{{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}}}"


def _mixed(data: bytes, key: str) -> bytes:
    """The font with its first 32 bytes mixed with the key, which is read backwards."""
    code = bytes.fromhex(re.sub(r"[{}-]", "", key))[::-1]
    return bytes(byte ^ code[at % 16] for at, byte in enumerate(data[:32])) + data[32:]
