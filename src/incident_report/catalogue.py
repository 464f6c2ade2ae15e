"""What text and conditions can read and ask: names only, so that data can be checked without computing anything."""

from __future__ import annotations

from functools import cache
from inspect import Parameter, Signature
from typing import Any

# Name -> where the fact is made: "module:function", taking an edition. Imported when asked for.
CATALOGUE: dict[str, str] = {
    "edition": "incident_report.analysis.series_facts:edition_facts",
    "record": "incident_report.analysis.series_facts:record_facts",
    "carried": "incident_report.analysis.carried:carried_fact",
    "months": "incident_report.analysis.months:months_fact",
    "places": "incident_report.analysis.places_fact:places_fact",
    "groups": "incident_report.analysis.what_happened:groups_fact",
    "targets": "incident_report.analysis.what_happened:targets_fact",
    "outlook": "incident_report.analysis.what_next:outlook_facts",
    "sourcing": "incident_report.analysis.how_we_know:sourcing_facts",
    "coverage": "incident_report.analysis.how_we_know:coverage_facts",
    "method": "incident_report.analysis.method:method_fact",
    "events": "incident_report.analysis.what_happened:events_fact",
    "deaths": "incident_report.analysis.casualties:deaths_fact",
    "wounded": "incident_report.analysis.casualties:wounded_fact",
    "us_deaths": "incident_report.analysis.casualties:us_deaths_fact",
    "us_wounded": "incident_report.analysis.casualties:us_wounded_fact",
    "harm": "incident_report.analysis.how_dangerous:harm_fact",
    "salvos": "incident_report.analysis.how_dangerous:salvos_fact",
    "silences": "incident_report.analysis.how_dangerous:silences_fact",
    "techniques": "incident_report.analysis.techniques:techniques_fact",
    "options": "incident_report.analysis.options_fact:options_fact",
    "on_file": "incident_report.analysis.on_file:on_file",
    "claims": "incident_report.analysis.claims_fact:claims_fact",
    "findings": "incident_report.analysis.surprise:findings_fact",
    "front": "incident_report.analysis.front:front_fact",
}

# What a claim may ask of `on_file`, with the parameters of each question: `name=` may be left out, `*names` are many.
QUESTIONS = {
    "after": "series column day",
    "cell": "incident_id column value=",
    "counted": "series quarter figure",
    "event": "day *words within=",
    "independent": "sources",
    "kinds": "column quarter baseline",
    "last": "series column day",
    "level": "column value",
    "more": "series quarter baseline",
    "more_often": "techniques series quarter baseline",
    "none": "series quarter *columns",
    "quiet": "series day days",
    "seen": "technique series quarter",
    "share": "quarter test least series=",
    "stated": "by against=",
}


@cache
def question(name: str) -> Signature:
    """The parameters of a question, to hold arguments against.

    Raises
    ------
    KeyError
        If there is no such question.
    """
    made: list[Parameter] = []
    kind: Any = Parameter.POSITIONAL_OR_KEYWORD
    for text in QUESTIONS[name].split():
        many = text.startswith("*")
        default = None if text.endswith("=") else Parameter.empty
        made.append(Parameter(text.strip("*="), Parameter.VAR_POSITIONAL if many else kind, default=default))
        kind = Parameter.KEYWORD_ONLY if many else kind
    return Signature(made)
