"""Notebooks made at random, for `corpus.py run` to read back: tables with any spans, Markdown, formulas, outputs.

    scripts/random_notebooks.py FOLDER [--count 100] [--seed 1]

The same count and seed give the same notebooks.
"""

from __future__ import annotations

import argparse
import json
import random
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FORMULAS = (
    r"$x_{{{a}}}^2 \le \frac{{{b}}}{{n}}$",
    r"$$\begin{{pmatrix}} {a} & 2 \\ 3 & {b} \end{{pmatrix}} \cdot \sqrt[3]{{x+1}}$$",
    r"\begin{{align}} {a} &= b \\ {b} &= \sum_{{i=1}}^n c_i \end{{align}}",
    r"\begin{{numcases}}{{f=}} {a} & if $x>0$ \\ {b} & else \end{{numcases}}",
    r"$$\begin{{CD}} {a} @>f>> {b} \\ @VVgV @| \\ C @<<< D \end{{CD}}$$",
    r"$$\begin{{prooftree}} \AxiomC{{${a}$}} \UnaryInfC{{${b}$}} \end{{prooftree}}$$",
    r"\begin{{empheq}}[left=\empheqlbrace,box=\fbox]{{gather}} {a} \\ {b} \end{{empheq}}",
    "costs $5 and $10",
)
_TEXTS = (
    "# {a}\n\n### {b}", "- {a}\n  1. {b}\n\n     > {a}", "**{a}** _{b}_ ~~{a}~~ `{b}`", "> [!NOTE]\n> {a}\n\n{b}",
    "| {a} | {b} |\n|:-:|--:|\n| `{b}` | {a}<br>{b} |", "{a}[^1]\n\n[^1]: {b}",
    "<div><p>{a}</p><ul><li>{b}</ul></div>",
    "![{a}](nowhere.png) [{b}](https://example.org/{a})", "- [x] {a}\n- [ ] {b}", "```\n{a} = '{b}'\n```",
    "<table><tr><td rowspan=2>{a}<td>{b}</table>", ":::{{note}}\n{a}\n:::\n\n{b} <kbd>{a}</kbd>",
    "שלום {a}\n\n{b} &amp; &lt;i>",
)  # fmt: skip
_SPANS = ("", "", "", "", ' colspan="2"', ' rowspan="2"', ' colspan="0"', ' rowspan="0"', ' colspan="90"')
_CELLS = ("{a}", "{a}", "<b>{a}</b> {b}", "<ul><li>{a}<li>{b}</ul>", "<pre>{a}\n{b}</pre>", "-1,234.5", "")


class Maker:
    """Makes cells out of one source of chance."""

    def __init__(self, chance: random.Random):
        self._chance = chance

    def notebook(self) -> dict[str, Any]:
        """A notebook of 3 to 14 cells."""
        makers: list[Callable[[], dict[str, Any]]] = [self._markdown, self._code]
        cells = [self._chance.choice(makers)() | {"id": f"c{i}"} for i in range(self._chance.randint(3, 14))]
        return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    def _word(self) -> str:
        letters = self._chance.choices(string.ascii_lowercase, k=self._chance.choice([3, 5, 5, 8, 24]))
        return self._chance.choice(["", "", "Big", "a_b."]) + "".join(letters)

    def _filled(self, form: str) -> str:
        return form.format(a=self._word(), b=self._word())

    def _formula(self) -> str:
        return self._chance.choice(_FORMULAS).format(a=self._chance.choice("ABk"), b=self._chance.choice("xyz"))

    def _markdown(self) -> dict[str, Any]:
        forms = self._chance.choices([*_TEXTS, ""], k=self._chance.randint(1, 5))
        pieces = [self._filled(form) if form else self._formula() for form in forms]
        return {"cell_type": "markdown", "metadata": {}, "source": "\n\n".join(pieces)}

    def _table(self) -> str:
        rows = []
        for i in range(self._chance.randint(1, 9)):
            tag = "th" if i == 0 else self._chance.choice(["td", "td", "th"])
            cells = (
                f"<{tag}{self._chance.choice(_SPANS)}>{self._filled(self._chance.choice(_CELLS))}</{tag}>"
                for _ in range(self._chance.randint(1, self._chance.choice([4, 8, 25])))
            )
            rows.append(f"<tr>{''.join(cells)}</tr>")
        head = self._chance.randint(0, 2)
        return f"<table><thead>{''.join(rows[:head])}</thead><tbody>{''.join(rows[head:])}</tbody></table>"

    def _data(self) -> dict[str, Any]:
        word = self._word()
        drawing = f"<svg xmlns='http://www.w3.org/2000/svg' width='80' height='20'><text y='15'>{word}</text></svg>"
        rich: dict[str, Any] = self._chance.choice([
            {"text/html": self._table()}, {"text/html": self._table()}, {"text/latex": self._formula()},
            {"text/markdown": self._filled(self._chance.choice(_TEXTS))}, {"image/svg+xml": drawing},
            {"application/json": {word: [1, None]}}, {"application/vnd.plotly.v1+json": {"data": [{"type": word}]}},
            {"application/vnd.jupyter.widget-view+json": {"model_id": word}},
            {"text/html": f"<script>{word}()</script>"}, {},
        ])  # fmt: skip
        return rich | {"text/plain": self._filled("{a} {b}")}

    def _code(self) -> dict[str, Any]:
        outputs: list[dict[str, Any]] = []
        for _ in range(self._chance.randint(0, 3)):
            kind = self._chance.choice(["stream", "error", "display_data", "display_data", "display_data"])
            own: dict[str, Any] = {"data": self._data(), "metadata": {}}
            if kind == "stream":
                own = {
                    "name": self._chance.choice(["stdout", "stderr"]),
                    "text": self._filled("\x1b[31m{a}\x1b[0m\t{b}\n") * 3,
                }
            elif kind == "error":
                own = {"ename": "E", "evalue": self._word(), "traceback": [self._filled("\x1b[0;31m{a}\x1b[0m: {b}")]}
            outputs.append({"output_type": kind, **own})
        source = self._filled(self._chance.choice(["{a} = {b}", "def {a}():\n    return '{b}'", ""]))
        return {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": source, "outputs": outputs}


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    maker = Maker(random.Random(options.seed))  # noqa: S311 - no secret
    for i in range(options.count):
        path = options.folder / f"random-{options.seed}-{i:03}.ipynb"
        path.write_text(json.dumps(maker.notebook(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
