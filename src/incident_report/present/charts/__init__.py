"""Chart forms: each takes a table and draws on an Axes, which it returns; words come from elsewhere.

- ``canvas(rows, columns, height)``: empty Axes in the project's look, not shown until asked for;
- ``intervals``: counts as dots with their limits, over periods.
"""

from incident_report.present.charts.canvas import canvas
from incident_report.present.charts.intervals import intervals

__all__ = ["canvas", "intervals"]
