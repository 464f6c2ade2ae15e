"""A plan of many editions, read from a YAML file: campaigns × periods × settings, or one export split by country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from incident_report.data.documents import Document, read_document, with_hint
from incident_report.data.files import Folder
from incident_report.data.folders import available, chosen_quarter, data_folder, named, real_path
from incident_report.data.importers import FORMATS
from incident_report.data.model import DataError, Fault
from incident_report.data.shape import shape_errors
from incident_report.errors import UsageError
from incident_report.periods import QUARTER, UNITS
from incident_report.publish.places import campaign_name, check_out, edition_name
from incident_report.publish.request import DEFAULT, Request
from incident_report.publish.request import FORMATS as REPORT_FORMATS

ALL, NEWEST = "all", "newest"
SETTINGS = ("baseline", "confidence_floor", "as_of", "language")
_TEXT = {"type": "string", "pattern": r"\S"}
_VALUE = {"not": {"type": ["null", "boolean", "array", "object"]}}  # a year or a day may stand without quotes
_TEXTS = {"type": "array", "minItems": 1, "uniqueItems": True, "items": _VALUE}
_FLOOR = {"enum": ["low", "medium", "high"]}


def _one_or_more(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "array", "minItems": 1, "uniqueItems": True, "items": one}]}


_EDITIONS = {
    "data": _TEXT,
    "quarters": {"anyOf": [{"enum": [ALL, NEWEST]}, _TEXTS]},
    "chain": {"type": "boolean"},
    "only": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(REPORT_FORMATS)}},
    "settings": {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _one_or_more(_FLOOR if name == "confidence_floor" else _VALUE) for name in SETTINGS},
    },
}
_FILE = {
    "file": _TEXT,
    "format": {"enum": list(FORMATS)},
    "map": _TEXT,
    "countries": {"anyOf": [{"const": ALL}, _TEXTS]},
    "period": {"enum": list(UNITS)},
    "keep_state_operations": {"type": "boolean"},
    "provisional": {"type": "boolean"},
}
_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["out", "editions"],
    "properties": {
        "out": _TEXT,
        "editions": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "additionalProperties": False, "properties": {**_EDITIONS, **_FILE}},
        },
    },
}


@dataclass(frozen=True)
class Job:
    """One edition to build.

    Attributes
    ----------
    name : str
        Its folder below that of the batch.
    after : str
        The job whose report it takes for the edition before; empty for none.
    """

    name: str
    request: Request
    after: str = ""


@dataclass(frozen=True)
class Split:
    """An export of which every country becomes a campaign.

    Attributes
    ----------
    countries : tuple of str
        As the file spells them; empty for all that it has.
    period : str
        What the campaigns report by.
    editions : mapping
        What the plan says of the editions.
    """

    file: Path
    kind: str
    own_map: Path | None
    countries: tuple[str, ...]
    period: str
    keep_state_operations: bool
    provisional: bool
    editions: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """What a plan asks for: the folder of the batch, and items; those that are mappings name a campaign."""

    out: Path
    items: list[Mapping[str, Any] | Split]


def read_plan(path: Path) -> Plan:
    """Read a plan; paths in it are as typed on the command line, from the current folder.

    Raises
    ------
    DataError
        With every fault of the file, each with its line.
    UsageError
        If there is no such file, or a place that it names makes no sense.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    faults: list[Fault] = []
    document = read_document(Folder(path.resolve().parent, faults.append), path.name)
    if document is not None:
        faults += _faults(document)
    if document is None or faults:
        raise DataError(faults)
    raw = document.value
    return Plan(check_out(raw["out"], []), [_split(one) if "file" in one else one for one in raw["editions"]])


def _faults(document: Document) -> Iterator[Fault]:
    errors = shape_errors(document.value, _SCHEMA)
    for error in errors:
        yield document.fault(list(error.absolute_path), None, with_hint(error))
    for i, one in enumerate(document.value["editions"] if not errors else ()):
        at = ("editions", i)
        if ("data" in one) == ("file" in one):
            yield document.fault(at, None, "name either data (a campaign folder) or file (an export to split)")
        elif "data" in one and (odd := [key for key in _FILE if key in one]):
            yield document.fault((*at, odd[0]), None, f"{odd[0]}: goes with file, not with data")
        elif "file" in one and not {"format", "map"} & set(one):
            yield document.fault(at, None, f"file needs format ({', '.join(FORMATS)}) or map")


def _split(one: Mapping[str, Any]) -> Split:
    countries = one.get("countries", ALL)
    return Split(
        file=real_path(one["file"], "file"),
        kind=one.get("format", ""),
        own_map=real_path(one["map"], "map") if "map" in one else None,
        countries=() if countries == ALL else tuple(map(str, countries)),
        period=one.get("period", QUARTER),
        keep_state_operations=one.get("keep_state_operations", False),
        provisional=one.get("provisional", False),
        editions={key: one[key] for key in _EDITIONS if key in one},
    )


def jobs(out: Path, editions: Mapping[str, Any], data: str, name: str = "") -> list[Job]:
    """The jobs of one campaign, by setting and period.

    Parameters
    ----------
    out : Path
        The folder of the batch.
    editions : mapping
        What the plan says of them.
    data : str
        Campaign folder.
    name : str
        Of the campaign's folder below `out`; by default as below reports/.

    Raises
    ------
    UsageError
        If there is no such campaign or period.
    """
    folder = data_folder(data)
    settings = {key: _listed(value) for key, value in editions.get("settings", {}).items()}
    made: list[Job] = []
    for chosen in product(*settings.values()):
        given = dict(zip(settings, chosen, strict=True))
        before: Job | None = None
        for quarter in _quarters(folder, editions.get("quarters", NEWEST)):
            request = Request(
                quarter=quarter,
                data=str(folder),
                name=named(folder),
                only=tuple(editions.get("only", DEFAULT)),
                **given,
            )
            inner = "/".join(filter(None, (name or campaign_name(folder), edition_name(quarter, request.variant()))))
            request = replace(request, alone=True, before=before.request.out if before else None, out=out / inner)
            made.append(Job(inner, request, before.name if before else ""))
            before = made[-1] if editions.get("chain") else None
    return made


def _quarters(folder: Path, asked: str | Sequence[Any]) -> list[str]:
    if asked == ALL:
        return available(folder)
    return [chosen_quarter(str(q), folder) for q in ([""] if asked == NEWEST else asked)]


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
