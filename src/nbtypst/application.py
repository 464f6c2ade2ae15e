"""nbconvert's program around an exporter: what stops an export is one line there, and an exception to a library."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

import nbformat
from traitlets.config import Application

from nbtypst.cells import NotebookError
from nbtypst.numbering import NumberingError
from nbtypst.settings import SettingError
from nbtypst.typst_repair import TypstFailure


class ExportError(ValueError):
    """A notebook that cannot be exported as was asked; the message is one line."""


def running() -> Any:
    """The program, where it is what runs; else None."""
    found = Application.instance() if Application.initialized() else None
    return found if type(found).__name__ == "NbConvertApp" else None


def fail(message: str) -> NoReturn:
    """The end of the program with one line, under nbconvert's own; else an `ExportError`."""
    line = " ".join(message.split())
    if program := running():
        program.log.error(line)
        sys.exit(1)
    raise ExportError(line) from None


@contextmanager
def one_line() -> Iterator[None]:
    """What stops an export as `fail` says it."""
    try:
        yield
    except (SettingError, NumberingError, NotebookError, TypstFailure) as error:
        fail(str(error))
    except nbformat.ValidationError as error:
        fail(f"the notebook is not valid: {str(error).strip().splitlines()[0][:200]}")
    except re.error as error:
        fail(f"RegexRemovePreprocessor: a pattern cannot be read: {error}")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")


def notebook(file: TextIO) -> Any:
    """The notebook in a file, of any version that nbformat knows.

    Raises
    ------
    ExportError
        When it holds none.
    """
    try:
        return nbformat.read(file, as_version=4)
    except Exception as error:  # nbformat raises many kinds
        why = " ".join(str(error).split())[:200]
        fail(f"{getattr(file, 'name', 'the notebook')} is no notebook that can be read: {why}")


def refuse_stdout() -> None:
    """Stop where a PDF is to be printed: nbconvert prints text only."""
    if _writer("StdoutWriter"):
        fail("--stdout is for text, not for a PDF (--to typst has it)")


def reserve(resources: Mapping[str, Any], suffix: str) -> None:
    """See that nbconvert can write its result, before it tries.

    Raises
    ------
    OSError
        When it cannot.
    """
    writer = _writer("FilesWriter")
    if writer is None or not resources.get("unique_key"):
        return
    folder = Path(writer.build_directory or (resources.get("metadata") or {}).get("path") or "")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{resources['unique_key']}{suffix}").open("ab").close()


def _writer(kind: str) -> Any:
    """What the program writes with, if it is of that kind."""
    found = getattr(running(), "writer", None)
    return found if type(found).__name__ == kind else None
