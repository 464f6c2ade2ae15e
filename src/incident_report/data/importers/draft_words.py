"""What names of columns and codes of foreign tables are likely to mean, for a drafted map."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from incident_report.data.importers.words import find_words

FORMATS = (
    "yyyy-mm-dd", "d/m/yyyy", "m/d/yyyy", "d.m.yyyy", "d-m-yyyy", "m-d-yyyy", "yyyy/m/d", "d/m/yy", "m/d/yy", "d.m.yy",
    "d-m-yy", "d month yyyy", "month d, yyyy", "d-month-yyyy", "d-month-yy", "month yyyy", "excel",
)  # fmt: skip
# What a name of a column must hold to be proposed, the likeliest first; and what it must not hold.
NAMES: dict[str, tuple[str, str]] = {
    "country": ("country", "code|iso|initiator|perpetrator"),
    "governorate": (
        "province|governorate|admin ?1|adm 1|provstate|district|state|region",
        "iso|code|country|statement",
    ),
    "place": ("city|town|village|location|place|where", "prec|lat|lon|country|type"),
    "target_name": (
        "target|victim|receiver name|organi[sz]ation affected|receiver",
        "type|category|country|number|code|total|killed",
    ),
    "attributed_to": (
        "perpetrator name|perpetrator|aggressor|attacker|initiator name|attributed|responsible|threat source",
        "type|category|country|date|number|basis|code",
    ),
    "claimed_by": ("claimed by|claimant", "date"),
    "attack_method": (
        "weapon|means of attack|attack type|type of attack|incident type|method|hostility|type",
        "target|victim|number|detail|location",
    ),
    "target_category": ("target type|target category|victim type|receiver category|sector|industry", "code|country"),
}
PEOPLE = {"killed": "kill|death|dead|fatal|died|^(?:best|low|high)$", "wounded": "injur|wound"}
PARTS = r"civil|child|women|national|side|us\b|[ab]$|american|terrorist|perp|militant|police|unknown"
LEAST, MOST = r"\b(?:min|minimum|low|lowest|least)\b", r"\b(?:max|maximum|high|highest|most)\b"
ACTORS = r"\b(?:actor|side|group|party|dyad)"
IDS = r"event id|incident id|strike id|eventid|id\b|reference|code\b|number|no\b"
# Words in codes of other datasets, those that say more before those that say less.
WORDS = {
    "ied_vehicle": ["vehicle-borne", "vbied", "svbied", "car bomb", "truck bomb"],
    "ied_roadside": ["roadside", "landmine", "mine"],
    "drone": ["drone", "drones", "uav", "uavs"],
    "rocket": ["rocket", "rockets", "katyusha"],
    "mortar": ["mortar", "mortars"],
    "missile": ["missile", "missiles"],
    "grenade": ["grenade", "grenades"],
    "ied_other": ["ied", "ieds", "improvised explosive device", "explosive device"],
    "small_arms": ["small arms", "firearm", "firearms", "gun", "guns", "shooting", "rifle"],
    "arson_mob": ["arson", "looting", "mob"],
    "embassy_diplomatic": ["embassy", "diplomatic", "consulate"],
    "airport": ["airport", "airports"],
    "local_forces": ["military", "police", "army", "security forces"],
    "government": ["government", "state institutions"],
    "civilians": ["civilians", "civilian", "private citizens"],
}


def of_ours(value: str, allowed: Mapping[str, str]) -> str:
    """Our value for a code, if its words name one; of several the likeliest, in the order of `WORDS`."""
    plain = value.casefold()
    likely = [ours for ours, words in WORDS.items() if ours in allowed and find_words(plain, words)]
    exact = [ours for ours, label in allowed.items() if plain in (ours, label.casefold()) and ours != "other"]
    return next(iter([*exact, *likely]), "")


def swapped(form: str) -> str:
    """The format that has day and month in each other's place, or nothing where there is none."""
    other = re.sub("^([dm])(.)([dm])(?!onth)", r"\3\2\1", form)
    return other if other != form and other in FORMATS else ""


def quoted(text: str) -> str:
    """A text as YAML holds it, whatever is in it."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_/()]*(?: [A-Za-z0-9_/()]+)*", text)
    word = text.casefold() not in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
    return text if plain and word else json.dumps(text, ensure_ascii=False)
