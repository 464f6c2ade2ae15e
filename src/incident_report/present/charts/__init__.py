"""Chart forms: each takes a table and draws on an Axes, which it returns; words come from elsewhere.

- ``canvas(rows, columns, height)``: empty Axes in the project's look, not shown until asked for;
- ``ahead``: past counts as dots, the coming one as a bar;
- ``areas``: a small map, marks by governorate;
- ``bars``: sorted bars with their numbers, whole or in parts;
- ``bounds``: bars to a sure bound and on to a possible one, in groups; ``bounds_height`` makes room;
- ``heat``: counts of two fields, a cell each (by seaborn);
- ``look(ed)``: colours and names of an edition's series;
- ``intervals``: counts as dots with their limits, over periods;
- ``long_run``: counts with their limits over a long record, gaps in grey;
- ``people``: one mark a person, by period and event;
- ``places``: one map at the precision of the data;
- ``specification``, ``specifications``: one verdict, or several, under every declared variant;
- ``stack``: one square an attack on its day, with named events;
- ``swarm``: a dot a value, by period, with the median;
- ``trend``: a line of labelled points.
"""

from incident_report.present.charts.ahead import ahead
from incident_report.present.charts.areas import areas
from incident_report.present.charts.bars import bars
from incident_report.present.charts.bounds import bounds, bounds_height
from incident_report.present.charts.canvas import canvas
from incident_report.present.charts.heat import heat
from incident_report.present.charts.intervals import intervals
from incident_report.present.charts.long_run import long_run
from incident_report.present.charts.look import look
from incident_report.present.charts.people import people
from incident_report.present.charts.places import places
from incident_report.present.charts.specification import specification, specifications
from incident_report.present.charts.stack import stack
from incident_report.present.charts.swarm import swarm
from incident_report.present.charts.trend import trend

__all__ = [
    "ahead",
    "areas",
    "bars",
    "bounds",
    "bounds_height",
    "canvas",
    "heat",
    "intervals",
    "long_run",
    "look",
    "people",
    "places",
    "specification",
    "specifications",
    "stack",
    "swarm",
    "trend",
]
