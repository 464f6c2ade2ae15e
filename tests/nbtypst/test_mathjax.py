"""Every command that MathJax documents as its own by default: set and said, or shown as its source and warned about."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typst

from nbtypst import formulas, typst_writer
from nbtypst.tex_speech import say
from nbtypst.tex_tree import parse

COMMANDS = tomllib.loads((Path(__file__).parent / "spec" / "mathjax.toml").read_text(encoding="utf-8"))
SPOKEN = [path.stem for path in (typst_writer.HERE / "speech").glob("*.toml")]
TEMPLATES = {
    "alone": "{{ x \\{} y }}",
    "with_one_argument": "\\{}{{a}}",
    "with_two_arguments": "\\{}{{a}}{{b}}",
    "with_a_bracket": "\\{}(",
    "environments": "\\begin{{{0}}} a & b \\\\ c & d \\end{{{0}}}",
}
GROUPS = {kind: [form.format(name) for name in COMMANDS[kind].split()] for kind, form in TEMPLATES.items()}
GROUPS["examples"] = COMMANDS["examples"]


def test_the_list_is_whole():
    assert sum(len(found) for found in GROUPS.values()) > 1_000


@pytest.mark.parametrize("kind", GROUPS)
def test_typst_sets_each_command(kind):
    warnings: list[str] = []
    body = "\n\n".join(formulas.shown(tex, True, warnings.append) for tex in GROUPS[kind])
    assert warnings == []
    base = (typst_writer.HERE / "base.typ").read_text(encoding="utf-8")
    look = (typst_writer.HERE / "default.typ").read_text(encoding="utf-8").replace("// nbtypst: base", base, 1)
    head = '#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))\n#set text(lang: "en")\n'
    made = typst.compile(f"{look}\n{head}{body}".encode(), pdf_standards=["ua-1", "a-2a"], ignore_system_fonts=True)
    assert made.startswith(b"%PDF")


@pytest.mark.parametrize("kind", GROUPS)
def test_what_is_heard_is_no_source(kind):
    for tex in GROUPS[kind]:
        parts = parse(tex)
        for lang in SPOKEN:
            assert not set("\\{}&$") & set(say(parts, lang)), (tex, lang)
        said = say(parts)
        assert not re.search(r"[^\x00-\x7fα-ωΑ-Ω]", said), (tex, said)


@pytest.mark.parametrize("tex", COMMANDS["shown"])
def test_what_is_not_set_is_shown_with_a_warning(tex):
    warnings: list[str] = []
    made = formulas.shown(tex, True, warnings.append)
    assert made.startswith("#nb-inline-code(")
    assert len(warnings) == 1
