"""Chapter 5, second half: what to expect next quarter, and how far to trust it."""

from incident_report.present.outlook.backtest import backtest_table, backtest_text, cases_table
from incident_report.present.outlook.fan import ranges_figure, tally_figure
from incident_report.present.outlook.ranges import caveat, likelihoods, table
from incident_report.present.outlook.scores import running_record, scoring

__all__ = [
    "backtest_table",
    "backtest_text",
    "cases_table",
    "caveat",
    "likelihoods",
    "ranges_figure",
    "running_record",
    "scoring",
    "table",
    "tally_figure",
]
