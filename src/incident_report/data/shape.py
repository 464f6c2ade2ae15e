"""Whether a YAML file has the shape that its JSON schema declares; its meaning is checked elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from incident_report.data.validator import Draft202012Validator

SCHEMAS = Path(__file__).with_name("schemas")


def shape_errors(doc: Any, schema: Path) -> list[Any]:
    """Jsonschema's errors for a parsed file, in order of place; empty when the shape holds."""
    validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
    return sorted(validator.iter_errors(doc), key=place)


def place(error: Any) -> str:
    """Where in the file: ``options[2].costs``."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path).lstrip(".")


def first_line(error: Any) -> str:
    """What is wrong, without the whole sub-document that jsonschema prints."""
    text = " ".join(error.message.split())
    return text if len(text) <= 160 else text[:157] + "..."
