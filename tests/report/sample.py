"""A small numbered tree with one of everything that the report has, for tests that need no build."""

from __future__ import annotations

import functools
import json
from typing import Any

import pandas as pd

from incident_report.present.theme import PALETTE, WIDTH, plt, show_figure, theme
from nbtypst import pandoc
from nbtypst.ast import code_block, div, figure, image, para, span, string, strong, table, words

MARKDOWN = """
# Key findings {#sec-key-findings number=1}

::: {#txt-findings .prose .finding}
- Documented attacks on convoys went from **one** to **29** (rate ratio 29, 95% interval 4.7 to 1,200). *Clear rise.*
- Rockets and drones: 26 documented attacks against nine. See [Figure 1](#fig-one).
:::

# Frequency {#sec-frequency number=2}

## How often {#sec-how-often number=2.1}

The tally names *27 attacks* over 87 days,[^1] as @knights counts them, so $\\hat\\lambda = 27/87$ a day.
Compare [Table 1](#tab-one), and the page of the [tracker](https://example.org/a?b=c&d=e).

[^1]: It stops on 25 September.

::: {#txt-o .prose .observation}
Thirty convoys were reported in the quarter.
:::

::: {#txt-i .prose .inference}
The rate per day is higher than in the quarter before.
:::

::: {#txt-j .prose .judgement}
It is likely that convoys stay the most frequent target.
:::

::: {#txt-c .prose .caveat}
Reporting differs between provinces.
:::

### Weekly {#sec-weekly}

> A quotation that somebody made, to see how it stands on the page between two paragraphs.

$$ P(X \\ge k) = \\sum_{i=k}^\\infty \\frac{\\lambda^i e^{-\\lambda}}{i!} $$

SLOT

# Appendix {#sec-appendix number=A}

One line in Arabic: السلام عليكم.

::: {#refs .references .csl-bib-body}
::: {#ref-knights .csl-entry}
Knights, M. 2020. "A title." *Iraq Business News*, 28 September. <https://example.org/x>. Reliability B.
:::
:::
"""
TITLE = "Convoy attacks rose from one to 29 <b>& more</b>"
ALT = 'Column chart of "documented" convoy attacks by quarter: two, one and 29; the highest is 2020Q3 <29>.'


@functools.cache
def pictures() -> dict[str, bytes]:
    with theme():
        chart, axes = plt.subplots(figsize=(WIDTH, 2.6))
        axes.bar(["2020Q1", "2020Q2", "2020Q3"], [2, 1, 29], color=PALETTE[0], hatch="///", edgecolor="white")
        axes.set_ylabel("Attacks")
        axes.annotate("29", (2, 29), ha="center", va="bottom")
        record = show_figure(chart, id="fig-one", title=TITLE, alt=ALT, data=pd.DataFrame({"n": [1]}))
    svg, narrow = record.content["svg"].encode(), record.content["svg_narrow"].encode()
    return {"figures/fig-one.svg": svg, "figures/fig-one.narrow.svg": narrow}


def caption(name: str, title: str, **lines: str) -> list[dict[str, Any]]:
    label = span([string(name.replace(" ", "\u00a0") + ".")], classes=["record-label"])
    first = para([span([strong([label, {"t": "Space"}, *words(title)])], classes=["record-title"])])
    return [first, *(para([span(words(text), classes=[f"record-{kind}"])]) for kind, text in lines.items())]


def document() -> dict[str, Any]:
    tree = json.loads(pandoc.run(["-f", "markdown", "-t", "json"], MARKDOWN))
    lines = {
        "caption": "How to read it: columns.",
        "n": "n = 32 documented attacks.",
        "source": "Source: data of the project.",
    }
    fig = figure(
        [{"t": "Plain", "c": [image(ALT, "figures/fig-one.svg", width="6.3in")]}],
        caption("Figure 1", TITLE, **lines),
        id="fig-one",
        classes=["record"],
    )
    rows = [["Convoys", "2", "1", "29", "1.5"], ["Rockets", "22", "9", "26", "12.25"], ["All", "24", "10", "55", "3"]]
    small = table(
        [words(h) for h in ("Series", "2020Q1", "2020Q2", "2020Q3", "Rate per day")],
        [[words(c) for c in row] for row in rows],
        ["left", "right", "right", "right", "decimal"],
        [None] * 5,
        caption("Table 1", "Counts by quarter", **lines),
        ["record"],
    )
    heads = [
        "Incident",
        "Day",
        "Place",
        "Weapon",
        "Target",
        "What happened",
        "Sources",
        "Confidence",
        "Outcome",
        "Harm",
    ]
    long = "An account of what happened that is long enough to be broken over several lines of a narrow column"
    wide = table(
        [words(h) for h in heads],
        [
            [words(c) for c in [f"IQ-20200{i}", "15 July", "Samarra", "IED", "Convoy", long, "A; B", "high", "x", "2"]]
            for i in range(40)
        ],
        ["left"] * 9 + ["right"],
        [None] * 10,
        caption("Table 2", "Incidents", **lines),
        ["record"],
    )
    slot = [
        div(
            [code_block('frequency.quarterly_figure(ed)  # a comment\nx = "text" + 1', ["python"])],
            classes=["code-fold"],
        ),
        fig,
        div(
            [small, div([para(words("Interim numbers."))], classes=["table-notes"])],
            "tab-one",
            ["record", "table-record"],
        ),
        div([wide], "tab-two", ["record", "table-record", "wide"]),
    ]
    at = next(i for i, b in enumerate(tree["blocks"]) if b["t"] == "Para" and b["c"] == [string("SLOT")])
    tree["blocks"][at : at + 1] = slot
    return tree


META = {
    "title": "Attacks by Iran-backed militias on US and coalition targets in Iraq",
    "subtitle": "Frequency, sophistication and policy options",
    "kicker": "2020 Q3",
    "authors": ["The project's contributors"],
    "facts": [["Covers", "1 July to 30 September 2020"], ["Compared with", "2020 Q2"], ["Data licence", "CC BY 4.0"]],
    "colophon": ["Built from data of revision 123 <script>alert(1)</script>."],
}
