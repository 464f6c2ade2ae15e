"""What stands on the cover: title, edition, coverage, and on what the report rests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.data import read_package
from incident_report.data.reviews import Review
from incident_report.data.signoff import sign_off
from incident_report.present.words import words_of
from incident_report.publish.around import Citing
from incident_report.publish.bundle import RowFiles
from incident_report.publish.cite import Work, cited_by
from incident_report.publish.notice import said
from incident_report.publish.versions import Release


def cover(edition: Edition, release: Release | None = None, content: str = "") -> dict[str, Any]:
    """Metadata that every writer takes.

    Parameters
    ----------
    edition : Edition
    release : Release, optional
        Of a version; None for a working copy, which is marked on every page.
    content : str
        SHA-256 of the version's data.zip.

    Returns
    -------
    dict
        ``title``, ``subtitle``, ``kicker``, ``lang``, ``authors``, ``description``, ``start`` and ``date`` (the
        edition's first and last day, so that two builds agree), ``published`` (date or None), ``facts`` (label and
        value), ``colophon`` (paragraphs), ``state`` (on every page of what is not released, else empty), ``told``
        (`Said`), ``work`` (`Work`, of a version), ``version``, ``doi``, ``content``, ``licence``, ``rows`` (incident ->
        its own row as CSV), ``cite`` (`Citing`), ``house`` (`House`), ``logo`` (bytes or None).
    """
    campaign, quarter, words = edition.campaign, edition.quarter, words_of(edition)
    house = campaign.house
    signed, told = sign_off(edition.data, str(quarter)), said(edition, release)
    authors = cited_by(signed.author, campaign.authors) if release else campaign.authors
    published = signed.published if release else None
    year = (published or quarter.end).year
    given = {"release": release, "signed": signed, "content": content, "authors": authors, "year": year}
    written = words.record("cover", _known(edition, year) | given)
    found = {
        "title": campaign.title,
        "subtitle": campaign.subtitle,
        "kicker": written["label-kicker"],
        "lang": str(words.locale).replace("_", "-"),
        "authors": list(authors),
        "description": written["label-description"],
        "edition": words.phrase("quarter_label", quarter),
        "start": quarter.start,
        "end": quarter.end,
        "date": max(quarter.end, edition.data.information_cutoff(quarter.end) or quarter.end),
        "published": published,
        "state": told.state,
        "told": told,
        "version": release.version if release else "",
        "doi": signed.doi if release else "",
        "content": content,
        "facts": [fact.split(": ", 1) for name, fact in written.items() if name.startswith("fact-")],
        "colophon": [t for name, t in written.items() if name.startswith("label-colophon")],
        "licence": campaign.licence,
        "rows": RowFiles(edition),
        "cite": Citing(words.phrase("cite_label"), partial(words.phrase, "item_cited", written["label-cite"])),
        "house": house,
        "logo": (edition.data.folder / house.logo).read_bytes() if house.logo else None,
    }
    if release and published:
        name = read_package(edition.data.folder).raw.get("name", "incident-report")
        found["work"] = Work(
            key=_key(f"{name} {quarter} v{release.version}"),
            title=", ".join(t for t in (campaign.title, written["label-kicker"]) if t),
            authors=authors,
            day=published,
            version=release.version,
            message=written["label-cite-message"],
            content=content,
            abstract=written["label-description"],
            reviewer=signed.reviewer,
            publisher=house.publisher,
            licence=campaign.licence,
            doi=signed.doi,
            lang=str(found["lang"]),
            keywords=tuple(filter(None, dict.fromkeys((campaign.country, campaign.actors, campaign.targets)))),
        )
    return found


def _key(text: str) -> str:
    """A text as reference managers take keys."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")


def _known(edition: Edition, year: int) -> dict[str, Any]:
    """What the words of the cover read, each true for any campaign and edition."""
    quarter, campaign = edition.quarter, edition.campaign
    listed = edition.data.incidents
    counted = len(edition.incidents(quarter))
    tallies = [edition.tally(quarter, s.id) for s in edition.series]
    tracker = campaign.headline_tracker or ""
    edition_said = words_of(edition).phrase("quarter_label", quarter)
    return {
        "campaign": campaign,
        "house": campaign.house,
        "cite_as": campaign.house.cite_as.replace("{edition}", edition_said).replace("{year}", str(year)),
        "quarter": quarter,
        "newest": edition.newest,
        "provisional": edition.facts["record"].provisional,
        "window": edition.coverage(quarter),
        "baseline": edition.baseline,
        "counted": counted,
        "left_out": int((listed["quarter"] == str(quarter)).sum()) - counted,
        "ends": sorted({t.window.end for t in tallies if t is not None}),
        "unstated": any(t is not None and t.unstated_end for t in tallies),
        "front": edition.facts["front"],
        "written": list(_written(edition)),
        "review": reviewed(edition),
        "cutoff": edition.data.information_cutoff(quarter.end),
        "tracker": campaign.trackers.get(tracker, tracker),
        "floor": edition.confidence_floor,
        "known_on": edition.data.as_of,
    }


def reviewed(edition: Edition) -> Review | None:
    """The review of the edition's quarter, once a sheet has come back."""
    found = edition.data.reviews.get(str(edition.quarter))
    return found if found and found.back else None


def _written(edition: Edition) -> Iterator[str]:
    """Kinds of texts that people wrote for this edition, by the names that the cover's words know."""
    data = edition.data
    found = {"story": str(edition.quarter) in data.stories, "options": data.options, "claims": data.claims}
    yield from (kind for kind, there in found.items() if there)
