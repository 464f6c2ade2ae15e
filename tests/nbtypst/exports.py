"""How the checks export a notebook."""

from __future__ import annotations

import functools
import io
import logging
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pytest

from nbtypst import TypstPDFExporter

FONTS = Path(__file__).parents[2] / "templates" / "fonts"


@dataclass
class Exported:
    content: bytes
    warnings: list[str] = field(default_factory=list)

    @functools.cached_property
    def text(self) -> str:
        return pdf_text(self.content)

    def open(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.content))


class _Keep(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def export(nb: object, **settings: object) -> Exported:
    exporter = TypstPDFExporter(font_paths=[str(FONTS)] if FONTS.is_dir() else [], **settings)
    exporter.log = logging.Logger("nbtypst-test")
    keep = _Keep()
    exporter.log.addHandler(keep)
    content, _ = exporter.from_notebook_node(nb)
    return Exported(content, keep.messages)


def pdf_text(content: bytes) -> str:
    """Text in reading order of content, spaces and line ends as one space."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(["pdftotext", "-raw", file.name, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\u200b", "").split())
