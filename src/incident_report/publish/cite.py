"""How one version of a report is cited, for people, reference managers and repositories.

Every file is made of the same few values (`Work`), so that none can say another thing than the cover. The files
for a repository (`zenodo.json`, `datacite.json`, `codemeta.json`) are deposited by a person: nothing here sends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import yaml

from incident_report import __version__
from incident_report.data.export import csl_day, csl_name, tex, tex_names

FOLDER = "citation"  # in a version's folder
_CFF = "1.2.0"
_CODEMETA = "https://doi.org/10.5063/schema/codemeta-2.0"
_DATACITE = "http://datacite.org/schema/kernel-4"
_RESOLVER = "https://doi.org/"
_CFF_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")
_LICENCE = re.compile(r"CC[ -]?(0|BY(?:-(?:NC|ND|SA))*)[ -]([1-4]\.0)", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """A version of a report as a work that can be cited.

    Attributes
    ----------
    key : str
        Of small letters, digits and hyphens.
    title, abstract, publisher, licence, version, doi, url, lang : str
        `doi` without an address in front; `url` of the page; each may be empty but title and version.
    authors : tuple of str
        Persons as ``Family, Given``; whatever has no comma is cited as it is.
    reviewer : str
    day : date
        Of publication.
    message : str
        What asks to be cited so.
    content : str
        SHA-256 of the version's data.zip.
    keywords : tuple of str
    """

    key: str
    title: str
    authors: tuple[str, ...]
    day: date
    version: str
    message: str
    content: str
    abstract: str = ""
    reviewer: str = ""
    publisher: str = ""
    licence: str = ""
    doi: str = ""
    url: str = ""
    lang: str = "en-GB"
    keywords: tuple[str, ...] = ()

    @property
    def spdx(self) -> str:
        """The licence as SPDX names it; empty where it is no Creative Commons licence."""
        found = _LICENCE.fullmatch(self.licence.strip())
        return f"CC{'' if found[1] == '0' else '-'}{found[1].upper()}-{found[2]}" if found else ""

    @property
    def address(self) -> str:
        """Where it can be found: its DOI, else its page."""
        return f"{_RESOLVER}{self.doi}" if self.doi else self.url


def licence_address(licence: str) -> str:
    """Where a Creative Commons licence can be read; any other as it is written.

    Examples
    --------
    >>> licence_address("CC BY-NC 4.0"), licence_address("CC0 1.0"), licence_address("ours")
    ('https://creativecommons.org/licenses/by-nc/4.0/', 'https://creativecommons.org/publicdomain/zero/1.0/', 'ours')
    """
    if not (found := _LICENCE.fullmatch(licence.strip())):
        return licence
    kind = "publicdomain/zero" if found[1] == "0" else f"licenses/{found[1].lower()}"
    return f"https://creativecommons.org/{kind}/{found[2]}/"


def cited_by(signed: str, authors: tuple[str, ...]) -> tuple[str, ...]:
    """The authors to cite: whoever signed as author first, unless the campaign names that person already."""
    there = {_parts(a) for a in authors}
    return authors if not signed or _parts(signed) in there else (signed, *authors)


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))


def citation_files(work: Work, linked: Mapping[str, Any]) -> dict[str, bytes]:
    """Files by name, for the folder ``citation`` of a version.

    Parameters
    ----------
    work : Work
    linked : mapping
        JSON-LD of the version, as its page has it.
    """
    plain: dict[str, Any] = {
        "citation.csl.json": [_csl(work)],
        "citation.jsonld": linked,
        "codemeta.json": _codemeta(work),
        "zenodo.json": {"metadata": _zenodo(work)},
        "datacite.json": _datacite(work),
    }
    files = {name: json.dumps(value, indent=1, ensure_ascii=False) + "\n" for name, value in plain.items()}
    cff = yaml.safe_dump(_cff(work), sort_keys=False, allow_unicode=True, width=110)
    files |= {"CITATION.cff": cff, "citation.bib": _bibtex(work), "citation.ris": _ris(work)}
    return {name: text.encode() for name, text in sorted(files.items())}


def _cff(work: Work) -> dict[str, Any]:
    report = {
        "type": "report",
        "title": work.title,
        "authors": [_cff_name(a) for a in work.authors],
        "year": work.day.year,
        "month": work.day.month,
        "version": work.version,
        **_cff_address(work),
        "publisher": {"name": work.publisher} if work.publisher else None,
    }
    found = {
        "cff-version": _CFF,
        "message": work.message,
        "type": "dataset",
        "title": work.title,
        "abstract": work.abstract,
        "authors": [_cff_name(a) for a in work.authors],
        "version": work.version,
        "date-released": work.day.isoformat(),
        **_cff_address(work),
        "license": work.spdx,
        "keywords": list(work.keywords),
        "identifiers": [{"type": "other", "value": f"sha256:{work.content}"}],
        "preferred-citation": _filled(report),
    }
    return _filled(found)


def _cff_address(work: Work) -> dict[str, str]:
    """Its DOI where the format takes all its signs, and its page, or the DOI as an address."""
    doi = work.doi if _CFF_DOI.fullmatch(work.doi) else ""
    return {"doi": doi, "url": work.url if doi else work.url or work.address}


def _cff_name(name: str) -> dict[str, str]:
    found = csl_name(name)
    names = {"family-names": "family", "given-names": "given", "name": "literal"}
    return {key: found[part] for key, part in names.items() if found.get(part)}


def _csl(work: Work) -> dict[str, Any]:
    return _filled(
        {
            "id": work.key,
            "type": "report",
            "title": work.title,
            "author": [csl_name(a) for a in work.authors],
            "publisher": work.publisher,
            "issued": csl_day(work.day.isoformat()),
            "version": work.version,
            "DOI": work.doi,
            "URL": work.address,
            "language": work.lang,
            "abstract": work.abstract,
        }
    )


def _bibtex(work: Work) -> str:
    fields = {
        "title": f"{{{tex(work.title)}}}",
        "author": tex_names(work.authors),
        "institution": tex(work.publisher or ", ".join(work.authors)),
        "year": str(work.day.year),
        "month": str(work.day.month),
        "version": tex(work.version),
        "number": tex(f"Version {work.version}"),
        "doi": work.doi,  # an address, which nothing reads as TeX
        "url": work.address,
        "note": f"SHA-256 {work.content}",
    }
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@techreport{{{work.key}{body}\n}}\n"


def _ris(work: Work) -> str:
    fields = [
        ("TY", "RPRT"),
        ("ID", work.key),
        ("TI", work.title),
        *(("AU", name) for name in work.authors),
        ("PB", work.publisher),
        ("PY", str(work.day.year)),
        ("DA", f"{work.day:%Y/%m/%d}/"),
        ("ET", f"Version {work.version}"),
        ("DO", work.doi),
        ("UR", work.address),
        ("LA", work.lang),
        ("AB", work.abstract),
        ("N1", f"SHA-256 {work.content}"),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "".join(f"{line}\r\n" for line in [*lines, "ER  - ", ""])


def _codemeta(work: Work) -> dict[str, Any]:
    """The notebooks and the code that make the report, which is their reference publication."""
    return _filled(
        {
            "@context": _CODEMETA,
            "@type": "SoftwareSourceCode",
            "name": "incident-report",
            "version": __version__,
            "license": "https://spdx.org/licenses/MIT",
            "programmingLanguage": "Python",
            "author": [schema_name(a) for a in work.authors],
            "dateModified": work.day.isoformat(),
            "description": work.abstract,
            "keywords": list(work.keywords),
            "referencePublication": _filled(
                {
                    "@type": "ScholarlyArticle",
                    "name": work.title,
                    "version": work.version,
                    "identifier": f"{_RESOLVER}{work.doi}" if work.doi else "",
                    "url": work.url,
                    "datePublished": work.day.isoformat(),
                }
            ),
        }
    )


def schema_name(name: str) -> dict[str, str]:
    """An author in the words of schema.org: a person where the name is written family name first, with a comma."""
    found = csl_name(name)
    if "literal" in found:
        return {"@type": "Organization", "name": name}
    return {"@type": "Person", "name": name, "familyName": found["family"], "givenName": found["given"]}


def _zenodo(work: Work) -> dict[str, Any]:
    """What Zenodo's deposit takes as metadata."""
    return _filled(
        {
            "upload_type": "publication",
            "publication_type": "report",
            "title": work.title,
            "creators": [{"name": a} for a in work.authors],
            "contributors": [{"name": work.reviewer, "type": "Other"}] if work.reviewer else [],
            "description": escape(work.abstract or work.title),  # read as HTML
            "publication_date": work.day.isoformat(),
            "version": work.version,
            "access_right": "open" if work.spdx else "",
            "license": work.spdx.lower(),
            "keywords": list(work.keywords),
            "doi": work.doi,
            "imprint_publisher": work.publisher,
            "notes": f"SHA-256 {work.content}",
        }
    )


def _datacite(work: Work) -> dict[str, Any]:
    """Attributes of DataCite's schema 4."""
    return _filled(
        {
            "schemaVersion": _DATACITE,
            "doi": work.doi,
            "creators": [_datacite_name(a) for a in work.authors],
            "titles": [{"title": work.title}],
            "publisher": {"name": work.publisher or ", ".join(work.authors)},
            "publicationYear": str(work.day.year),
            "types": {"resourceTypeGeneral": "Report", "resourceType": "Report"},
            "contributors": [{"name": work.reviewer, "contributorType": "Other"}] if work.reviewer else [],
            "dates": [{"date": work.day.isoformat(), "dateType": "Issued"}],
            "version": work.version,
            "language": work.lang,
            "subjects": [{"subject": k} for k in work.keywords],
            "rightsList": [_rights(work)] if work.licence else [],
            "descriptions": [{"description": work.abstract, "descriptionType": "Abstract"}] if work.abstract else [],
            "alternateIdentifiers": [{"alternateIdentifier": work.content, "alternateIdentifierType": "SHA-256"}],
            "url": work.url,
        }
    )


def _rights(work: Work) -> dict[str, Any]:
    address = licence_address(work.licence) if work.spdx else ""
    return _filled({"rights": work.licence, "rightsIdentifier": work.spdx, "rightsUri": address})


def _datacite_name(name: str) -> dict[str, str]:
    found = csl_name(name)
    if "literal" in found:
        return {"name": name}
    return {"name": name, "nameType": "Personal", "familyName": found["family"], "givenName": found["given"]}


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in value.items() if v not in (None, "", [], {})}
