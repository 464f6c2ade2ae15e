"""Enumeration values as a reader should see them."""

from __future__ import annotations

_SPECIAL = {
    "ied_roadside": "Roadside bomb",
    "embassy_diplomatic": "Embassy or diplomatic site",
    "arson_mob": "Arson or mob",
    "": "Not stated",
}


def label(value: str) -> str:
    """``logistics_convoy`` as ``Logistics convoy``."""
    text = value.replace("_", " ")
    return _SPECIAL.get(value, text[:1].upper() + text[1:])
