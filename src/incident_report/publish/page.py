"""What every page has: the template filled and escaped, fonts and styles in it, the house's look, the share card."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from incident_report.data.model import COLOURS, House
from incident_report.errors import BuildError
from incident_report.paths import TEMPLATES
from incident_report.present import lean
from incident_report.present.typefaces import faces
from incident_report.publish.around import CARD, Around
from incident_report.publish.charts import Drawings, inverted
from incident_report.publish.cite import licence_address, schema_name
from nbtypst.ast import printable
from nbtypst.images import safe_svg

_ADDRESS = re.compile(r'\b(?:href|src|content)="[^"]*"')  # nobody sees one as it stands in a page
_MEDIA = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}  # in JSON that stands within an element


def page(template: str, values: Mapping[str, Any], styles: str, more: str = "", *, small: bool = False) -> str:
    """A template filled: whatever is not HTML of our own making is escaped, in text and attribute alike.

    Parameters
    ----------
    template : str
        Name of a file in templates/.
    styles : str
        Rules beside those of report.css.
    more : str
        Text that is put on the page later; fonts must show it too.
    small : bool
        Without the serif faces: for a page with little text.
    """
    rules = lean.rules((TEMPLATES / "report.css").read_text(encoding="utf-8") + styles)
    shown = _ADDRESS.sub("", "".join(map(str, values.values())) + more) + rules
    shown += shown.upper()  # as some headings are set
    fonts = "\n".join(faces(shown, ("Report Sans",)) if small else faces(shown))
    return filled(template, {**values, "styles": Markup(rules), "fonts": Markup(fonts)})  # noqa: S704 - our own files


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template with its values; a name that is not among them is an error."""
    environment = SandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else printable(str(value)),
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string((TEMPLATES / template).read_text(encoding="utf-8")).render(**values)


def house_of(meta: Mapping[str, Any]) -> House:
    """The house style among the metadata."""
    found = meta.get("house")
    return found if isinstance(found, House) else House()


def styles_of(meta: Mapping[str, Any], drawings: Drawings | None = None) -> str:
    """Rules for the house's colours and paper, and for the colours of charts, each legible in the dark too."""
    house = house_of(meta)
    own = {name: house.colour(name) for name in COLOURS if name in house.colours}
    light = "".join(f"--{name}:{colour};" for name, colour in own.items())
    dark = "".join(f"--{name}:{inverted(colour)};" for name, colour in own.items())
    rules = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}" if own else ""
    paper = f"@page{{size:{house.paper}}}" if house.paper != "A4" else ""
    return rules + paper + (drawings.styles() if drawings else "")


def logo_of(meta: Mapping[str, Any]) -> bytes:
    """The house's logo, made inert; empty where it has none.

    Raises
    ------
    BuildError
        If it cannot be read as a picture of its kind.
    """
    name, data = house_of(meta).logo, meta.get("logo") or b""
    if name.endswith(".svg"):
        data = safe_svg(data) or b""
    if name and not data:
        raise BuildError(f"{name}: cannot be read as a picture")
    return bytes(data)


def logo(meta: Mapping[str, Any]) -> tuple[str, str]:
    """Address (as data) and description of the house's logo; empty where it has none."""
    house, data = house_of(meta), logo_of(meta)
    if not data:
        return "", ""
    return f"data:{_MEDIA[house.logo]};base64,{base64.b64encode(data).decode()}", house.logo_alt


def address(meta: Mapping[str, Any], name: str = "") -> str:
    """Absolute address of the page, or of a file beside it; empty where the campaign has no site."""
    site, at = house_of(meta).site_url, str(meta.get("place") or "")
    return f"{site}/{quote('/'.join(p for p in (at, name) if p))}" if site else ""


def share(meta: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """The share card: Open Graph, and JSON-LD that says what the report and its data are.

    Absolute addresses, and so the picture, only where report.yml gives ``site_url``.
    """
    url = address(meta, "report.html")
    picture = address(meta, CARD) if around.card else ""
    title = _title(meta)
    card = {
        "og:type": "article",
        "og:title": title,
        "og:description": str(meta.get("description") or ""),
        "og:locale": str(meta.get("lang", "en-GB")).replace("-", "_"),
        "og:site_name": house_of(meta).publisher,
        "og:url": url,
        "og:image": picture,
        "og:image:alt": title if picture else "",
        "twitter:card": "summary_large_image" if picture else "summary",
    }
    return {"card": [(k, v) for k, v in card.items() if v], "url": url, "linked": _linked(meta, around)}


def _linked(meta: Mapping[str, Any], around: Around) -> Markup:
    """JSON-LD; no sign of it can end the element in which it stands."""
    text = json.dumps(linked_data(meta, around.files), ensure_ascii=False, sort_keys=True)
    return Markup(text.translate(_ESCAPED))  # noqa: S704 - every sign that could end it is escaped


def linked_data(meta: Mapping[str, Any], files: Collection[str]) -> dict[str, Any]:
    """What the report and its data are, in the words of schema.org.

    Parameters
    ----------
    files : collection of str
        Names in the report's folder.
    """
    house, title = house_of(meta), _title(meta)
    start, end, published = (meta[k].isoformat() if meta.get(k) else "" for k in ("start", "end", "published"))
    authors = [schema_name(str(a)) for a in meta.get("authors", ())]
    publisher = {"@type": "Organization", "name": house.publisher} if house.publisher else None
    licence, described = (str(meta.get(k) or "") for k in ("licence", "description"))
    common = {
        "author": authors,
        "publisher": publisher,
        "license": licence_address(licence),
        "inLanguage": meta.get("lang", "en-GB"),
    }
    dataset = {
        "@type": "Dataset",
        "name": f"Data of {title}",
        "description": described or title,
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "application/zip",
            "contentUrl": address(meta, "data.zip") or "data.zip",
            "sha256": meta.get("content"),
        },
        "version": meta.get("version"),
        "datePublished": published,
        "identifier": f"sha256:{meta['content']}" if meta.get("content") else "",
        **common,
    }
    report = {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": title,
        "description": described,
        "temporalCoverage": "/".join(filter(None, (start, end))),
        "datePublished": published,
        "version": meta.get("version"),
        "creativeWorkStatus": meta.get("state"),
        "identifier": f"https://doi.org/{meta['doi']}" if meta.get("doi") else "",
        "url": address(meta, "report.html"),
        **common,
        "isBasedOn": dataset if "data.zip" in files else None,
    }
    filled: dict[str, Any] = _filled(report)
    return filled


def _title(meta: Mapping[str, Any]) -> str:
    return ", ".join(str(meta[k]) for k in ("title", "kicker") if meta.get(k))


def _filled(value: Any) -> Any:
    """A value without the parts that are empty, and without signs that nobody sees."""
    if isinstance(value, dict):
        return {k: _filled(v) for k, v in value.items() if v not in (None, "", [], {})}
    if isinstance(value, str):
        return printable(value)
    return [_filled(v) for v in value] if isinstance(value, list) else value
