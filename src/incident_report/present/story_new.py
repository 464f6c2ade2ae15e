"""A story to begin with: every part, noted and empty, in the words of the campaign's language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.data.model import Campaign
from incident_report.data.story import PARTS
from incident_report.errors import one_line
from incident_report.periods import Period
from incident_report.present.entries import WordsError
from incident_report.present.prose import prose
from incident_report.present.story import parts
from incident_report.present.words import LANGUAGE, phrasebook

_SHAPE = "story.txt"


def scaffold(
    quarter: Period, campaign: Campaign | None, options: Any = (), told: Mapping[str, str] | None = None
) -> str:
    """The text of a new story file; without a campaign it names no series.

    Parameters
    ----------
    quarter : Period
    campaign : Campaign, optional
    options : sequence of mapping
        The campaign's policy options, as in policy_options.yml.
    told : mapping of part -> text, optional
        The computed text, as `computed` gives it: a draft to edit, in the note of its part.
    """
    language = str(campaign.raw.get("language", LANGUAGE)) if campaign else LANGUAGE
    words = phrasebook(language, quarter.unit)
    own = words.folder / _SHAPE
    source = (own if own.is_file() else words.folder.parent / LANGUAGE / _SHAPE).read_text("utf-8")
    context = {
        "quarter": str(quarter), "series": campaign.series if campaign else (), "options": options,
        "tracker": campaign.trackers.get(campaign.headline_tracker or "", "") if campaign else "",
        "leads": [p for p in PARTS if p.startswith("lead-")], "start": quarter.start.isoformat(),
        "day": words.phrase("day", quarter.start),
        "told": dict.fromkeys(PARTS, "") | {p: t.replace("-->", "\u2192") for p, t in (told or {}).items()},
    }  # fmt: skip
    return words.text(source, context, name=_SHAPE, markdown=False) + "\n"


def computed(ed: Edition, notebooks: Path) -> Iterator[tuple[str, str]]:
    """The computed text of each part that the story does not write: what the cells of the notebooks say.

    Parameters
    ----------
    ed : Edition
    notebooks : Path
        Folder of the chapters.
    """
    for path in sorted(notebooks.glob("[0-9][0-9]_*.ipynb")):
        for cell in json.loads(path.read_text("utf-8")).get("cells", ()):
            head, _, body = "".join(cell.get("source", ())).partition("\n")
            part = next((w for w in head.split()[1:] if w in PARTS), "") if head.startswith("%%prose") else ""
            if part and part not in parts(ed):
                try:
                    yield part, "\n\n".join(prose(ed, body).content["paragraphs"])
                except WordsError as error:  # it reads a name of its notebook
                    yield part, f"({path.name}: {one_line(str(error), 160)})"
