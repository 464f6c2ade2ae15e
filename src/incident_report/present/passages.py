"""Passages of a text that stand only while a test holds: `expect` blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from incident_report.analysis.expressions import describe
from incident_report.present.entries import WordsError

_EXPECT = re.compile(r"\{%-?\s*(?:expect\s+(.*?)|endexpect)\s*-?%\}", re.DOTALL)
_TAGS = re.compile(r"\s*(?:\{%(?:(?!%\}).)*%\}\s*)+")


@dataclass(frozen=True)
class Broken:
    """A passage whose test no longer holds.

    Attributes
    ----------
    text, expected, now : str
        The passage, its test as written, and what the names in the test now are.
    """

    text: str
    expected: str
    now: str


def expects(source: str) -> str:
    """`expect` blocks as calls of Jinja's own, with the test's text beside its answer.

    A line of tags alone leaves no trace; one that holds text and ends with a tag keeps its line end.
    """
    lines = [f"{x} " if x.endswith("%}") and not _TAGS.fullmatch(x) else x for x in source.split("\n")]
    source = "\n".join(lines)
    return _EXPECT.sub(
        lambda m: "{% endcall %}" if m[1] is None else "{% call _expected(" + repr(m[1]) + ", (" + m[1] + ")) %}",
        source,
    )


def expecting(broken: list[Broken], context: Mapping[str, Any], markdown: bool) -> Callable[..., str]:
    """What a template calls for a passage: it as it stands, or struck through and told in `broken`."""

    def expected(test: str, held: Any, caller: Callable[[], str]) -> str:
        if not isinstance(held, bool):
            raise WordsError(f"expect {test}: gives {held!r}, not yes or no")
        passage = caller()
        if held:
            return passage
        broken.append(Broken(" ".join(str(passage).split()), test, describe(test, context)))
        return Markup(f"~~{str(passage).strip()}~~") if markdown else ""  # noqa: S704

    return expected
