"""What became of every row, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from incident_report.data.cells import suggest
from incident_report.data.importers.imported import Imported, Selection

_MOST_REASONS = 12
_MOST_RULES = 20


def account(result: Imported, selection: Selection) -> list[str]:
    """The lines of the account: counts, reasons, what was found in the file, what words decided."""
    lines = [f"{result.rows} rows read: {len(result.incidents)} imported, {len(result.left_out)} left out."]
    lines += [f"  file: {one}" for one in result.found]
    reasons = Counter(one.reason for one in result.left_out)
    lines += _ranked("left out", reasons, _MOST_REASONS)
    lines += list(_country(result, selection))
    lines += _ranked("kept", result.notes, len(result.notes))
    for column, codes in sorted(result.unmapped.items()):
        total = sum(codes.values())
        if not total:
            continue
        share = 100 * total / max(len(result.incidents), 1)
        lines.append(f"  {column}: {total} of {len(result.incidents)} ({share:.0f}%) went to 'other', most often:")
        lines += [f"    {n} × {code or '(empty)'}" for code, n in codes.most_common(3)]
    if result.ranges:
        lines.append(
            f"  ranges: {len(result.ranges)} numbers of people with a lowest and a highest besides the one taken"
        )
    lines += _reviewed(result)
    return lines


def _ranked(what: str, counts: Counter[str], most: int) -> list[str]:
    ranked = sorted(counts.items(), key=lambda r: (-r[1], r[0]))
    more = sum(n for _, n in ranked[most:])
    lines = [f"  {what}, {n}: {text}" for text, n in ranked[:most]]
    return lines + ([f"  {what}, {more}: for {len(ranked) - most} other reasons"] if more else [])


def _country(result: Imported, selection: Selection) -> Iterable[str]:
    """A country that no row has, and what may be meant."""
    wanted = selection.country
    there = result.countries
    if not wanted or not there or any(wanted.casefold() == c.casefold() for c in there):
        return
    near = suggest(wanted, there)
    near = next((f"; did you mean {c!r}?" for c in there if f"{c.lower()!r}" in near), near)
    listed = ", ".join(f"{c} ({n})" for c, n in there.most_common(8))
    yield f"  no row is of {wanted!r}{near}; the file has {listed}{' …' if len(there) > 8 else ''}"


def _reviewed(result: Imported) -> list[str]:
    """How many rows each rule of words decided, or would have decided alone."""
    if not result.review:
        return []
    given = Counter((r.rule, r.value) for r in result.review if r.standing == "given")
    proposed = Counter((r.rule, r.value) for r in result.review if r.standing == "proposed")
    lines = [f"  words: {len(result.review)} entries to look at in import/review.csv"]
    for what, counts in (("decided with another column", given), ("proposed by words alone, left open", proposed)):
        lines += [f"    {n} × {rule}, {value}: {what}" for (rule, value), n in counts.most_common(_MOST_RULES)]
    return lines
