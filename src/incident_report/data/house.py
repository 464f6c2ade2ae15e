"""House style: what an institute puts on a report, from report.yml and a logo beside it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from incident_report.colours import contrast
from incident_report.data.documents import Document
from incident_report.data.files import Folder
from incident_report.data.model import COLOURS, Fault, House

LOGOS = ("logo.svg", "logo.png")  # the names that a campaign's folder may hold
PAPERS = ("A4", "Letter")
LEAST_CONTRAST = 4.5  # to white, WCAG 2.2 AA for text
_MOST_LOGO = 512 * 1024
_LIVE = {"script", "foreignobject", "style", "image", "a", "animate", "animatetransform", "animatemotion", "set"}
_LINE = {"type": "string", "minLength": 1, "maxLength": 300, "pattern": r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$"}
# Keys of report.yml, beside title and wording.
SCHEMA: dict[str, Any] = {
    "publisher": _LINE,
    "contact": _LINE,
    "cite_as": _LINE,
    "site_url": _LINE,
    "logo": {"enum": list(LOGOS)},
    "logo_alt": _LINE,
    "paper": {"enum": list(PAPERS)},
    "colours": {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"} for name in COLOURS},
    },
}


def house(raw: Mapping[str, Any]) -> House:
    """The house style of a report.yml that has been checked."""
    given = {k: raw[k] for k in SCHEMA if raw.get(k)}
    if "site_url" in given:
        given["site_url"] = given["site_url"].rstrip("/")
    return House(**given)


def house_faults(document: Document, folder: Folder) -> Iterator[Fault]:
    """What is wrong with the house style beyond its shape: colours too pale, addresses, a logo that is none."""
    raw = document.value

    for name, colour in raw.get("colours", {}).items():
        if (seen := contrast(colour, "#ffffff")) < LEAST_CONTRAST:
            message = f"is too pale to be read on white (contrast {seen:.1f}, at least {LEAST_CONTRAST})"
            yield document.fault(("colours", name), colour, f"{message}; take a darker one")
    if raw.get("site_url") and (message := _bad_address(raw["site_url"])):
        yield document.fault(("site_url",), raw["site_url"], message)
    if raw.get("logo"):
        yield from (document.fault(("logo",), raw["logo"], message) for message in _logo(raw, folder))


def _logo(raw: Mapping[str, Any], folder: Folder) -> Iterator[str]:
    name = raw["logo"]
    if not raw.get("logo_alt"):
        yield "needs logo_alt: what is seen on it, for those who do not see it"
    if not folder.exists(name):
        yield "is not in the campaign's folder"
    elif (data := folder.read_bytes(name, _MOST_LOGO)) is not None and not _is_picture(name, data):
        yield "is not a picture of its kind, or holds a script or an address outside it"


def _bad_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port  # noqa: F841 - a bad port is found when it is asked for
    except ValueError:
        return "is no address"
    if parts.scheme != "https" or not host or parts.username or not re.fullmatch(r"https://[\w.:/~%-]+", text):
        return "must be a plain address that begins with https:// and has neither query nor fragment"
    return ""


def _is_picture(name: str, data: bytes) -> bool:
    return _is_png(data) if name.endswith(".png") else _is_still_svg(data)


def _is_png(data: bytes) -> bool:
    from PIL import Image  # which matplotlib brings

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            picture.load()
    except Exception:  # Pillow raises many kinds on broken files
        return False
    return True


def _is_still_svg(data: bytes) -> bool:
    """Whether it is an SVG of which nothing moves, runs or points outside; judged by what a parser sees."""
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    try:
        root = fromstring(data, forbid_dtd=True)
    except Exception:  # malformed, or an entity bomb: defusedxml raises several kinds
        return False
    for node in root.iter():
        if node.tag.rpartition("}")[2].lower() in _LIVE:
            return False
        for key, value in node.attrib.items():
            local = key.rpartition("}")[2].lower()
            if local.startswith("on") or (local == "href" and not value.startswith("#")):
                return False
            if "url(" in value.lower().replace("url(#", ""):
                return False
    return root.tag == "{http://www.w3.org/2000/svg}svg" and b"<?xml-stylesheet" not in data
