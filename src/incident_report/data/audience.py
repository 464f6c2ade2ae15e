"""The second lock behind the door: a campaign that was read for the public holds nothing restricted."""

from __future__ import annotations

import dataclasses

import pandas as pd

from incident_report.data.model import Dataset
from incident_report.data.restrictions import COLUMN
from incident_report.errors import BuildError


def check_public(data: Dataset) -> None:
    """Refuse a campaign in which something restricted is left.

    The files were cleared before anything read them (`data.withhold`). Whatever the loader can read and
    that pass could not, such as a table in a shape that nobody foresaw, is found here.

    Raises
    ------
    BuildError
        One line for each table or story.
    """
    tables = {f.name: getattr(data, f.name) for f in dataclasses.fields(data)}
    lines = [
        f"{name}: a restricted row was not withheld; nothing is built for the public"
        for name, table in tables.items()
        if isinstance(table, pd.DataFrame) and COLUMN in table
    ]
    lines += [
        f"{story.file}:{p.line}: a restricted passage was not withheld; nothing is built for the public"
        for story in data.stories.values()
        for p in story.passages
        if p.restricted
    ]
    if lines:
        raise BuildError(*lines)
