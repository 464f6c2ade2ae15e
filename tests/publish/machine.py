"""Machines that would change a chart if they could, and what is drawn on them (run as a program)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HOSTILE_RC = """\
font.family: serif
font.size: 14
lines.linewidth: 9
lines.markersize: 12
axes.edgecolor: red
axes.facecolor: yellow
axes.prop_cycle: cycler('color', ['ff0000'])
axes.titlesize: 20
xtick.labelsize: 15
legend.fontsize: 15
hatch.color: green
date.epoch: 2000-01-01T00:00:00
timezone: Asia/Kolkata
svg.fonttype: none
svg.id: somebody
savefig.dpi: 31
savefig.bbox: tight
path.sketch: 5, 100, 2
text.language: tr
patch.linewidth: 7
"""


def false_fonts(folder: Path) -> Path:
    """A font folder where another face calls itself Noto Sans, and others by the names that charts ask for."""
    import matplotlib
    from fontTools.ttLib import TTFont

    folder.mkdir(parents=True)
    source = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for family in ("Noto Sans", "Noto Serif", "Noto Naskh Arabic", "Report Sans", "Report Arabic", "DejaVu Sans"):
        for style, file in (("Regular", "DejaVuSerif.ttf"), ("Bold", "DejaVuSerif-Bold.ttf")):
            font = TTFont(source / file, lazy=True)
            for record in list(font["name"].names):
                if record.nameID in (1, 4, 6, 16, 17):
                    font["name"].removeNames(record.nameID)
            for id, text in (
                (1, family),
                (2, style),
                (4, f"{family} {style}"),
                (6, f"{family.replace(' ', '')}-{style}"),
            ):
                font["name"].setName(text, id, 3, 1, 0x409)
                font["name"].setName(text, id, 1, 0, 0)
            font.save(folder / f"{family.replace(' ', '')}-{style}.ttf")
    return folder


def _arabic() -> Any:
    """Two scripts in one title, in the weight and the styles that charts use."""
    import pandas as pd
    from matplotlib import pyplot as plt

    from incident_report.present.theme import WIDTH, show_figure, theme

    with theme():
        figure = plt.figure(figsize=(WIDTH, 2), layout="none")  # the solver of layouts rounds by the processor
        axes = figure.add_axes((0.1, 0.25, 0.85, 0.55))
        days = pd.to_datetime(["2020-07-01", "2020-08-15", "2020-09-30"])
        axes.plot(days, [1, 3, 2], marker="o")
        axes.set_title("Najaf, النجف, İstanbul, Iaşi, 5 $ and 6 $")
        axes.set_xlabel("عصبة الثائرين", style="italic")
    return show_figure(figure, id="fig-arabic", title="t", alt="a", data=pd.DataFrame({"x": [1]}))


def draw() -> dict[str, Any]:
    """What this machine has, and the charts as it draws them: text of each SVG, digest of each PNG."""
    import matplotlib
    from matplotlib import font_manager

    found = {
        "font": font_manager.findfont("Noto Sans", fallback_to_default=True),
        "line": matplotlib.rcParamsOrig["lines.linewidth"],
    }
    from incident_report.analysis.casualties import killed
    from incident_report.analysis.how_dangerous import salvos
    from incident_report.analysis.open import open_edition
    from incident_report.analysis.what_happened import dates, days
    from incident_report.present import charts, frequency
    from incident_report.present.show import show
    from incident_report.publish.seal import public_copy

    with public_copy(Path("data").resolve()) as copy:  # a report is made of what the public may see
        edition = open_edition(str(copy), quarter="2020Q3")
    look, attacks, marked = charts.look(edition), days(edition), dates(edition)
    span = {"start": edition.quarter.start, "end": edition.quarter.end}
    timeline = charts.stack(attacks.table, colours=look.colours, labels=look.labels, events=marked.table, **span)
    fire, names, salvo = salvos(edition), look.periods(), edition.facts.salvos
    medians = {str(m.quarter): look.say("median", m) for m in salvo.told}
    colour = look.colours[salvo.attacks.series.id]
    swarm = charts.swarm(fire.table, value="munitions", labels=names, medians=medians, colour=colour)
    dead, told = killed(edition), edition.facts.deaths
    whom = {k: look.say("who", k) for k in ("american", "other", "uncoded", "possible")}
    notes = {t.period: look.say("toll_note", t) for t in dead.value}
    named = {e.incident_id: look.say("event_label", e) for e in told.worst()}
    people = charts.people(dead.table, periods=names, kinds=whom, notes=notes, named=named)
    records = [
        _arabic(),
        frequency.quarterly_figure(edition),
        show(timeline, attacks, "fig-days", marked=marked.records, undated=0),
        show(swarm, fire, "fig-munitions"),
        show(people, dead, "fig-deaths", barred=bool(people.patches)),
    ]
    for one in records:
        found[one.content["id"]] = {"svg": one.content["svg"], "data": one.content["data"]}
    return found


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(draw()), encoding="utf-8")
