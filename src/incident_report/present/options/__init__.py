"""Policy options: what each could touch, its card, the trade-offs, and how a ranking depends on weights."""

from incident_report.present.options.cards import cards, ratings_text
from incident_report.present.options.criteria import criteria_figure, criteria_table, criteria_text, scale_table
from incident_report.present.options.ranking import (
    acceptability_figure,
    central_table,
    dominance_text,
    ranking_table,
    ranking_text,
)
from incident_report.present.options.reach import (
    filters_table,
    options_text,
    reach_caveat,
    reach_table,
    reach_text,
)
from incident_report.present.options.reach_chart import reach_figure

__all__ = [
    "acceptability_figure",
    "cards",
    "central_table",
    "criteria_figure",
    "criteria_table",
    "criteria_text",
    "dominance_text",
    "filters_table",
    "options_text",
    "ranking_table",
    "ranking_text",
    "ratings_text",
    "reach_caveat",
    "reach_figure",
    "reach_table",
    "reach_text",
    "scale_table",
]
