"""Telling faults: one line each for people, JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable

from incident_report.data.model import Fault

_LONGEST = 60


def format_faults(faults: Iterable[Fault], as_json: bool = False, folder: str = "") -> str:
    """Faults as text, errors first, grouped by file.

    Parameters
    ----------
    faults : iterable of Fault
    as_json : bool
        Give a JSON object with `errors`, `warnings` (counts) and `faults` (list) instead.

    folder : str
        Put before each file's name, so that an editor can open it.

    Returns
    -------
    str
        Lines such as ``incidents/2020Q4.csv:17, attack_method, 'rockets': must be one of ...``, and a
        last line with the totals; no line break at the end.
    """
    ordered = sorted(faults, key=lambda f: (f.severity != "error", f.file, f.line or 0, f.column or "", f.message))
    errors = sum(f.severity == "error" for f in ordered)
    warnings = len(ordered) - errors
    if as_json:
        rows = [
            {
                "severity": f.severity,
                "file": f.file,
                "line": f.line,
                "column": f.column,
                "value": f.value,
                "message": f.message,
            }
            for f in ordered
        ]
        return json.dumps({"errors": errors, "warnings": warnings, "faults": rows}, indent=1, ensure_ascii=False)
    lines: list[str] = []
    heading = ""
    for fault in ordered:
        if fault.severity != heading:
            heading = fault.severity
            lines.append(f"{heading.capitalize()}s")
        lines.append("  " + fault_line(fault, folder))
    lines.append(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}")
    return "\n".join(lines)


def fault_line(fault: Fault, folder: str = "") -> str:
    """One fault in one line, however long or odd the cell is."""
    where = f"{folder.rstrip('/')}/{fault.file}" if folder else fault.file
    where += f":{fault.line}" if fault.line else ""
    parts = [where] + ([fault.column] if fault.column else [])
    if fault.value is not None:
        value = fault.value if len(fault.value) <= _LONGEST else fault.value[: _LONGEST - 1] + "…"
        parts.append(repr(value))
    return " ".join(f"{', '.join(parts)}: {fault.message}".split())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
