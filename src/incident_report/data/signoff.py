"""Who answers for an edition, and how far it is: draft, in review, released.

Stands in the front matter of the quarter's story; where nobody wrote one, in report.yml under ``release`` and
the quarter. Signing is what people do; `publish.release` makes a version of what is signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from incident_report.data.cells import suggest
from incident_report.data.documents import Document
from incident_report.data.lookalikes import skeleton
from incident_report.data.model import Fault
from incident_report.data.shape import shape_errors
from incident_report.periods import Period

if TYPE_CHECKING:
    from incident_report.data.model import Dataset

STATUSES = DRAFT, IN_REVIEW, RELEASED = ("draft", "in review", "released")
REPORT = "report.yml"
KEY = "release"  # of report.yml
_EMPTY = [None, "", False, 0]
_NAME = {"anyOf": [{"enum": [None, ""]}, {"type": "string", "maxLength": 200, "pattern": r"[^\W\d_]"}]}
_DOI = r"(https://doi\.org/|doi:)?10\.[0-9]{4,9}/[^\s<>\"{}|\\^`\x00-\x20\x7f-\U0010ffff]{1,200}"
_SHAPE = {
    "properties": {
        "status": {"enum": [*STATUSES, *_EMPTY]},
        "author": _NAME,
        "reviewer": _NAME,
        "language": {"anyOf": [{"enum": _EMPTY}, {"type": "string", "pattern": "^[a-z]{2}$"}]},
        "translator": _NAME,
        "doi": {"anyOf": [{"enum": _EMPTY}, {"type": "string", "pattern": rf"^{_DOI}$"}]},
        "reason": {"anyOf": [{"enum": _EMPTY}, {"type": "string", "maxLength": 300}]},
    },
}
_DAYS = ("published", "embargo")
TOLD = {
    "status": f"must be {', '.join(STATUSES[:-1])} or {STATUSES[-1]}",
    "author": "must be a name as text",
    "reviewer": "must be a name as text",
    "language": "must be two letters, such as de, in a translation",
    "translator": "must be a name as text: who translated it and signs for it",
    "published": "must be the day of publication, such as 2020-10-05",
    "embargo": "must be the first day on which it may be published, such as 2020-10-05",
    "doi": "must be a DOI, such as 10.5281/zenodo.1234567",
    "reason": "must be text of at most 300 signs: why a further version is made",
}


@dataclass(frozen=True)
class SignOff:
    """The state of one edition, as people have declared it.

    Attributes
    ----------
    file : str
        Where it stands: ``story/2020Q3.md``, or ``report.yml``.
    status : str
        One of `STATUSES`.
    author, reviewer : str
        Empty where nobody is named.
    language, translator : str
        Of a translation.
    published : date or None
        Day on which it is given to the public.
    embargo : date or None
        First day on which it may be.
    doi : str
        Without an address in front; empty where it has none.
    reason : str
        Why a further version is made, where corrections.csv does not say it.
    lines : mapping of key -> line
        Where each stands.
    """

    file: str = ""
    status: str = DRAFT
    author: str = ""
    reviewer: str = ""
    language: str = ""
    translator: str = ""
    published: date | None = None
    embargo: date | None = None
    doi: str = ""
    reason: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def signed(self) -> bool:
        """Whether people have declared it released."""
        return self.status == RELEASED

    def fault(self, key: str, message: str, value: str | None = None) -> Fault:
        """A fault in one of its keys."""
        return Fault(self.file, message, self.lines.get(key), key, value)


def read_signoff(document: Document, values: Mapping[Any, Any], path: tuple[str, ...] = ()) -> SignOff:
    """The state that a mapping declares, its shape having been checked by `signoff_faults`.

    Parameters
    ----------
    document : Document
        For lines.
    values : mapping
        What stands in it at `path`.
    """
    named = ("author", "reviewer", "language", "translator", "reason")
    texts = {k: " ".join(str(values.get(k) or "").split()) for k in named}
    return SignOff(
        document.file,
        status=str(values.get("status") or DRAFT),
        published=_day(values.get("published")),
        embargo=_day(values.get("embargo")),
        doi=re.sub(r"^(https://doi\.org/|doi:)", "", str(values.get("doi") or "")),
        lines={k: document.line((*path, k)) for k in TOLD},
        **texts,
    )


def signoff_faults(document: Document, values: Mapping[Any, Any], path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """What is wrong with a declared state: its shape, a release that nobody signs, days in the wrong order."""
    wrong = dict.fromkeys(str(e.absolute_path[0]) for e in shape_errors(values, _SHAPE))
    wrong |= dict.fromkeys(k for k in _DAYS if not _is_day(values.get(k)))
    for key in wrong:
        yield document.fault((*path, key), values[key], TOLD[key])
    if wrong:
        return
    found = read_signoff(document, values, path)
    if found.signed and len({_person(p) for p in (found.author, found.reviewer)} - {""}) < 2:
        message = "is released, which takes an author and another person as reviewer; name both"
        yield document.fault((*path, "status"), values["status"], message)
    if found.published and found.embargo and found.published < found.embargo:
        yield document.fault((*path, "published"), values["published"], f"is before the embargo ends ({found.embargo})")


def release_faults(document: Document) -> Iterator[Fault]:
    """The same for report.yml, which may sign editions that no story tells, by quarter."""
    for key, values in (document.value.get(KEY) or {}).items():
        path = (KEY, str(key))
        if not _is_period(str(key)):
            yield document.fault(path, str(key), "is not a period, such as 2020Q3")
        elif not isinstance(values, Mapping):
            yield document.fault(path, str(values), f"must be a mapping with {', '.join(TOLD)}")
        else:
            for name in values:
                if name not in TOLD:
                    message = f"is not known here; there are {', '.join(TOLD)}{suggest(str(name), TOLD)}"
                    yield document.fault((*path, str(name)), values[name], message)
            yield from signoff_faults(document, values, path)


def read_releases(document: Document) -> dict[str, SignOff]:
    """What report.yml signs, by quarter; `release_faults` has found nothing."""
    listed = document.value.get(KEY) or {}
    return {str(q): read_signoff(document, values, (KEY, str(q))) for q, values in listed.items()}


def sign_off(data: Dataset, quarter: str) -> SignOff:
    """The state of an edition: what its story says, else what report.yml says, else a draft of nobody."""
    if story := data.story(quarter, "signed"):
        return story.signed
    return data.campaign.releases.get(quarter, SignOff(REPORT))


def _person(name: str) -> str:
    """A name whatever the order of its parts, its capitals, accents, and signs that nobody sees or tells apart."""
    return "".join(sorted(re.findall(r"\w+", skeleton(name))))


def _day(value: Any) -> date | None:
    """A day as YAML reads it, or as text."""
    if isinstance(value, str) and value.strip():
        return datetime.strptime(value.strip(), "%Y-%m-%d").date()
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _is_day(value: Any) -> bool:
    """Whether it is a day, or nothing was given."""
    try:
        return value in (None, "") or _day(value) is not None
    except ValueError:
        return False


def _is_period(text: str) -> bool:
    try:
        return str(Period.parse(text)) == text
    except ValueError:
        return False
