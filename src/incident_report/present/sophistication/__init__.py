"""The sophistication chapter: rubric, components, composite and its weights, techniques, harm."""

from incident_report.present.sophistication.components import (
    components_figure,
    components_table,
    components_text,
    coordination_text,
)
from incident_report.present.sophistication.composite import composite_figure, composite_text
from incident_report.present.sophistication.effect import harm_text, interception_text
from incident_report.present.sophistication.harm import harm_figure, harm_table
from incident_report.present.sophistication.munitions import munitions_figure, munitions_text
from incident_report.present.sophistication.rules import rubric_table, scope_text
from incident_report.present.sophistication.techniques import reported_table, techniques_figure, techniques_text
from incident_report.present.sophistication.verdict import verdict_text
from incident_report.present.sophistication.weights import weightings_figure, weightings_text

__all__ = [
    "components_figure",
    "components_table",
    "components_text",
    "composite_figure",
    "composite_text",
    "coordination_text",
    "harm_figure",
    "harm_table",
    "harm_text",
    "interception_text",
    "munitions_figure",
    "munitions_text",
    "reported_table",
    "rubric_table",
    "scope_text",
    "techniques_figure",
    "techniques_text",
    "verdict_text",
    "weightings_figure",
    "weightings_text",
]
