"""What the evidence by cell must hold, and what rows may not say without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from incident_report.data.cells import CellError, parse, suggest
from incident_report.data.package import Table
from incident_report.data.rows import ById, Report, Row, column, having

ABOUT = ("row", "scope")  # what evidence may bear on besides the columns of a row
DECISIVE = (
    "attack_method", "date", "place", "governorate", "killed", "wounded", "us_killed", "us_wounded",
    "munition_count", "techniques", "intercepted", "attributed_to", "claimed_by", "outcome", "target_name",
)  # fmt: skip
GIVEN = ("stated", "inferred", "contradicts")  # statuses under which a source gives a value
MOST_NAMED = 50  # rows
_TOTAL = {"us_killed": "killed", "us_wounded": "wounded"}
Cells = dict[tuple[str, str], list[Row]]


def by_cell(evidence: Iterable[Row]) -> Cells:
    """Rows of evidence by incident and field."""
    cells: Cells = {}
    for row in evidence:
        cells.setdefault((row.values.get("incident_id") or "", row.values.get("field") or ""), []).append(row)
    return cells


def same_author(article: str | None, authors: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The article and every source that shares a named person with it: none can confirm it.

    Parameters
    ----------
    article : str or None
        Source id; without one the set is empty.
    authors : mapping of source id to authors
        A person is written family name, comma, given name; an organisation is nobody's witness.
    """
    if not article:
        return frozenset()
    people = {s: {a for a in by if "," in a} for s, by in authors.items()}
    own = people.get(article, set())
    return frozenset({article, *(s for s, by in people.items() if by & own)})


def check_cells(evidence: Sequence[Row], incidents: Sequence[Row], table: Table, report: Report) -> None:
    """Every row of evidence is on a cell that exists, and says a thing once."""
    check_on_file(evidence, incidents, report)
    seen: dict[tuple[str, ...], Row] = {}
    for row in evidence:
        ident, field = row.values.get("incident_id"), row.values.get("field")
        if not ident or not field:
            continue  # reported with the row
        if field not in table.by_name and field not in ABOUT:
            names = [*table.by_name, *ABOUT]
            report(row.fault("field", f"is not a column of the incident files{suggest(field, names)}"))
        key = tuple(str(row.values.get(c)) for c in ("incident_id", "field", "source_id", "status", "value"))
        if key in seen:
            report(row.fault("source_id", f"says the same of this cell in line {seen[key].line}"))
        seen[key] = row


def check_claims(
    incidents: Sequence[Row], evidence: Sequence[Row], own: Set[str], report: Report, severity: str = "error"
) -> None:
    """Refuse values that nothing on file bears out.

    - US casualties of zero beside an unknown total, unless evidence says that a source states it;
    - a number of munitions of which every source that was read is silent;
    - a technique that only the article under test, or its author elsewhere, names.

    Parameters
    ----------
    own : set of source ids
        Sources that cannot confirm the article, itself among them.
    severity : str
        ``warning`` for what was known on an earlier day: corrections made since cannot mend it.
    """
    cells = by_cell(evidence)
    unchecked = []
    for row in _bound(incidents, {ident for ident, _ in cells}):
        ident = row.values.get("incident_id", "")
        said = _said_of_munitions(row, cells)
        if said == {"not_checked"}:
            unchecked.append(row)
        elif said.isdisjoint(GIVEN) and said:
            message = "is given by no source: those in evidence.csv are silent on it; leave it empty"
            report(row.fault("munition_count", message, severity=severity))
        for name, message in (
            *_unstated(row, ident, cells), *_alone(row, cells.get((ident, "techniques"), []), own),
        ):  # fmt: skip
            report(row.fault(name, message, severity=severity))
    if unchecked:
        listed = ", ".join(r.values["incident_id"] for r in unchecked[:MOST_NAMED])
        listed += f" and {len(unchecked) - MOST_NAMED:,} more" if len(unchecked) > MOST_NAMED else ""
        message = f"rests on sources that were not checked for it in {len(unchecked)} row(s): {listed}"
        report(unchecked[0].fault("munition_count", message, severity="warning"))


def _said_of_munitions(row: Row, cells: Cells) -> set[str]:
    """The statuses of what evidence has on a number of munitions, where the row gives one."""
    said = cells.get((row.values.get("incident_id", ""), "munition_count"), ())
    return {r.values.get("status", "") for r in said} if row.values.get("munition_count") is not None else set()


def _bound(incidents: Sequence[Row], known: Set[str]) -> Iterator[Row]:
    """Rows that evidence speaks of, or that need it: of the others nothing can be said."""
    names = ("incident_id", *_TOTAL, *_TOTAL.values())
    cells = zip(*(column(incidents, name) for name in names), strict=True)
    for at, (ident, one, other, whole, others) in enumerate(cells):
        if (one == 0 and whole is None) or (other == 0 and others is None) or (ident or "") in known:
            yield incidents[at]


def _unstated(row: Row, ident: str, cells: Cells) -> Iterator[tuple[str, str]]:
    """Columns of US casualties that are 0 beside an unknown total and that no source states, with what to do."""
    for part, whole in _TOTAL.items():
        unknown = row.values.get(part) == 0 and row.values.get(whole) is None
        stated = [r.values.get("value") for r in cells.get((ident, part), ()) if r.values.get("status") == "stated"]
        if unknown and "0" not in stated:
            yield (
                part,
                (
                    f"is 0 while {whole} is unknown, and no source in evidence.csv states it; 0 means that a source"
                    f" reports none: leave it empty, fill in {whole}, or add the stated row of evidence"
                ),
            )


def _alone(row: Row, said: list[Row], own: Set[str]) -> Iterator[tuple[str, str]]:
    """Techniques of a row that evidence traces to the article's author and to nobody else, with what to do."""
    given = [r.values for r in said if r.values.get("status") in GIVEN]
    for technique in row.items("techniques"):
        by = {v.get("source_id") for v in given if technique in (v.get("value") or "").split(";")}
        if by and by <= own:
            message = f"{technique!r} is named by the article under test alone (evidence.csv); it cannot confirm itself"
            yield "techniques", f"{message}: leave it out, or add others' evidence"


def check_doubles(incidents: Sequence[Row], report: Report) -> None:
    """Every possible double names another row that is on file."""
    ids = ById(incidents)
    for row in having(incidents, bool, "possible_double_of"):
        other = row.values["possible_double_of"]
        if other == row.values.get("incident_id"):
            report(row.fault("possible_double_of", "is the row itself"))
        elif other not in ids:
            report(row.fault("possible_double_of", f"is not in any quarter file{suggest(other, ids)}"))


def check_sample(sample: Sequence[Row], incidents: Sequence[Row], table: Table, report: Report) -> None:
    """What was coded twice is a cell of a row on file, and a value that its column takes."""
    check_on_file(sample, incidents, report)
    for row in sample:
        name, value = row.values.get("field") or "", row.values.get("value") or ""
        field = table.by_name.get(name)
        if name and field is None:
            report(row.fault("field", f"is not a column of the incident files{suggest(name, table.by_name)}"))
        elif field and value:
            try:
                parse(field, value)
            except CellError as error:
                report(row.fault("value", f"{error} (column {name})"))


def check_on_file(rows: Sequence[Row], incidents: Sequence[Row], report: Report) -> None:
    """Report incidents that no quarter file holds, each once however many rows name it."""
    ids = ById(incidents)
    lost: dict[str, list[Row]] = {}
    for row in rows:
        ident = row.values.get("incident_id") or ""
        if ident and ident not in ids:
            lost.setdefault(ident, []).append(row)
    for ident, named in lost.items():
        more = f" (named in {len(named)} rows)" if len(named) > 1 else ""
        report(named[0].fault("incident_id", f"is not in any quarter file{more}{suggest(ident, ids)}"))
