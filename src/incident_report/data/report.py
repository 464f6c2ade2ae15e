"""Telling faults: one line each for people, JSON for machines."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from incident_report.data.model import Fault

MOST_OF_A_KIND = 50  # errors
MOST_ALIKE = 10  # warnings
MOST_LINES = 1000
_EXAMPLES = 6
_LONGEST = 60
_LONGEST_IN_JSON = 2000
_LONGEST_MESSAGE = 1000
# What differs between two faults of one kind: the words quoted, numbers, places in files, and the suggestion.
_HINT = re.compile(r"; did you mean .*", re.DOTALL)
_DIFFERING = re.compile(r"'[^']*'|\"[^\"]*\"|\S+:[0-9]+|[0-9][0-9.,-]*")


def format_faults(faults: Iterable[Fault], as_json: bool = False, folder: str = "") -> str:
    """Faults as text, errors first, grouped by file.

    The same wrong value in the same column is told once, with its other places; of errors of a kind the first fifty
    stand, then how many more there are; more than ten warnings of a kind are one line with examples.

    Parameters
    ----------
    faults : iterable of Fault
    as_json : bool
        Give a JSON object with `errors`, `warnings` (counts) and `faults` (list) instead, which leaves out none that
        was kept: a fault that stands for others of its kind says how many in `more`.
    folder : str
        Put before each file's name, so that an editor can open it.

    Returns
    -------
    str
        Lines such as ``incidents/2020Q4.csv:17, attack_method, 'rockets': must be one of ...``, and a
        last line with the totals; no line break at the end.
    """
    ordered = sorted(faults, key=lambda f: (f.severity != "error", f.file, f.line or 0, f.column or "", f.message))
    first = sum(f.severity == "error" for f in ordered)  # of the warnings
    errors, warnings = _many(ordered[:first]), _many(ordered[first:])
    if as_json:
        rows = ",\n".join(map(_json, ordered))
        return f'{{"errors": {errors}, "warnings": {warnings}, "faults": [\n{rows}\n]}}'
    lines: list[str] = []
    for heading, part in (("Errors", ordered[:first]), ("Warnings", ordered[first:])):
        if part:
            lines += [heading, *("  " + line for line in _capped(part, folder))]
    lines.append(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}")
    return "\n".join(lines)


def format_errors(faults: Iterable[Fault], folder: str = "") -> list[str]:
    """The errors among faults, one line each, capped as by `format_faults`; for a command that cannot go on.

    Parameters
    ----------
    faults : iterable of Fault
        In the order in which they are to be told.
    folder : str
        Put before each file's name.
    """
    return _capped([f for f in faults if f.severity == "error"], folder)


def fault_line(fault: Fault, folder: str = "") -> str:
    """One fault in one line of printable characters, however long or odd the cell or the file's name is."""
    where = _where(fault, folder) + (f":{fault.line}" if fault.line else "")
    parts = [where] + ([_plain(fault.column)] if fault.column else [])
    if fault.value is not None:
        value = fault.value if len(fault.value) <= _LONGEST else fault.value[: _LONGEST - 1] + "…"
        parts.append(repr(value))
    return f"{', '.join(parts)}: {_plain(' '.join(fault.message.split()), _LONGEST_MESSAGE)}"


def _json(fault: Fault) -> str:
    value = None if fault.value is None else fault.value[:_LONGEST_IN_JSON]
    row = {
        "severity": fault.severity,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "value": value,
        "message": fault.message,
        **({"more": fault.more} if fault.more else {}),
    }
    # A name of a file may hold what no encoding can print; JSON writes it as \\udcXX.
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")


def _capped(faults: list[Fault], folder: str) -> list[str]:
    """Lines in order, each wrong value once; where a kind is many, what stands for those that are not told."""
    told = _once(faults)
    alike: dict[tuple[str | None, ...], list[Fault]] = {}
    for fault, _ in told:
        alike.setdefault(kind_of(fault), []).append(fault)
    many = {kind: _many(faults) for kind, faults in alike.items()}
    shown: Counter[tuple[str | None, ...]] = Counter()
    lines: list[str] = []
    for at, (fault, places) in enumerate(told):
        if len(lines) >= MOST_LINES:
            return [*lines, f"and {_many(f for f, _ in told[at:]):,} more{_HOW}"]
        kind = kind_of(fault)
        shown[kind] += 1
        examples = alike[kind][:_EXAMPLES]
        lines += _lines(fault, places, examples, many[kind], shown[kind], folder)
    return lines


def _lines(fault: Fault, places: list[Fault], examples: list[Fault], many: int, nth: int, folder: str) -> Iterator[str]:
    """What is told of the nth fault of a kind: of many warnings the first stands for all, of errors the first few."""
    if fault.severity != "error" and many > MOST_ALIKE:
        if nth == 1:
            yield _together(examples, many, folder)
    elif nth <= MOST_OF_A_KIND:
        yield fault_line(fault, folder) + _also(fault, places)
        if nth == MOST_OF_A_KIND < many:
            place = ", ".join(filter(None, (_where(fault, folder), _plain(fault.column or ""))))
            yield f"{place}: and {many - MOST_OF_A_KIND:,} more of this kind{_HOW}"


def _once(faults: list[Fault]) -> list[tuple[Fault, list[Fault]]]:
    """Each fault, one that stands for the same value in several places with all of them."""
    found: dict[object, tuple[Fault, list[Fault]]] = {}
    for fault in faults:
        # Without a value the message is about its place.
        key = (fault.column, fault.value, fault.message, fault.severity) if fault.value else id(fault)
        found.setdefault(key, (fault, []))[1].append(fault)
    return list(found.values())


def _also(fault: Fault, places: list[Fault]) -> str:
    """Where else the same value stands."""
    if len(places) == 1:
        return ""
    named = [f"line {f.line}" if f.file == fault.file else _plain(f"{f.file}:{f.line}") for f in places[1:4]]
    rest = len(places) - 1 - len(named)
    return f" (also in {', '.join(named)}{f' and {rest:,} more' if rest else ''})"


def _together(examples: list[Fault], many: int, folder: str) -> str:
    """Many warnings of a kind in one line: the first one whole, how many, the lines of a few more."""
    lines = [str(f.line) for f in examples[1:] if f.line]
    also = f"; also lines {', '.join(lines)}" if lines else ""
    return f"{fault_line(examples[0], folder)} ({many:,} of this kind{also}{_LISTED})"


def _many(faults: Iterable[Fault]) -> int:
    return sum(1 + f.more for f in faults)


_LISTED = "; check-data --format json lists more"
_HOW = " (check-data --format json lists more)"


def kind_of(fault: Fault) -> tuple[str | None, ...]:
    """What faults of one kind share: file, column, severity, and what stays of the message without its values."""
    return fault.file, fault.column, fault.severity, _shape(fault.message)


@lru_cache(maxsize=4096)
def _shape(message: str) -> str:
    """What messages of one kind have in common."""
    return _DIFFERING.sub("…", _HINT.sub("", message[:_LONGEST_MESSAGE]))


def _where(fault: Fault, folder: str) -> str:
    return _plain(f"{folder.rstrip('/')}/{fault.file}" if folder else fault.file)


def _plain(text: str, most: int = 200) -> str:
    """Text that a terminal shows as it is: nothing that turns, hides or breaks the line; cut where it is long."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:most])
    return shown + "…" * (len(text) > most)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
