"""Markup is read alike by a run of Pandoc of its own and among many in one run."""

from __future__ import annotations

import pytest

from nbtypst import pandoc

TEXTS = (
    "",
    "plain *text* with [@source], “quotes” and 'more' -- e.g. Mr. X's...",
    "\tcode\twith\ttabs",
    "a\tb\r\nc",
    "| a | b |\n|---|------|\n| " + "wide " * 16 + "| 2 |",  # as wide as decides how columns are told
    "| a | b |\n|---|------|\n| " + "wide " * 14 + "| 2 |",
    "- [ ] item\n\n    - below\n\nnote[^1]\n\n[^1]: The note.",
    "<b>bold</b> <script>x</script> <!-- no -->",
    "\\input{/etc/hostname} \\textbf{x} $a^2$",
    "---\ntitle: x\n---\n\n# Head {#sec-x .y}",
)


@pytest.mark.parametrize("fmt", [pandoc.RECORD_MARKDOWN, pandoc.MARKDOWN, pandoc.HTML, pandoc.LATEX])
def test_a_fragment_is_read_alone_as_among_many(fmt):
    items = [(fmt, text) for text in TEXTS]
    assert len(items) > pandoc.FEW
    assert [pandoc.read_fragments([item])[0] for item in items] == pandoc.read_fragments(items)
    assert pandoc.read_fragments(items)[1]


def test_few_fragments_are_read_without_the_reader_that_takes_long_to_start(monkeypatch):
    asked, run = [], pandoc.run
    monkeypatch.setattr(pandoc, "run", lambda *given: asked.append(given[0]) or run(*given))
    pandoc.read_fragments([(pandoc.MARKDOWN, "one"), (pandoc.MARKDOWN, "two")])
    assert len(asked) == 2 and not any("reader.lua" in word for words in asked for word in words)
