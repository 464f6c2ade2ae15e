"""Patterns of a campaign's own schema: the same answers as `re`, in bounded time."""

import re
import time

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_report.data.patterns import Pattern, PatternError

SIGNS = st.text(alphabet="ab1- .\n", max_size=12)
ATOMS = st.sampled_from(["a", "b", ".", r"\d", r"\S", r"\W", "[ab]", "[^a]", "[a-z1]", r"[^\s-]", r"\.", "", "^", "$"])


def grown(inner):
    group = inner.map(lambda p: f"({p})")
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda p: f"(?:{p[0]}|{p[1]})"),
        st.tuples(group, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "{0}"])).map("".join),
    )


@settings(max_examples=examples(500, 1500), deadline=None)
@given(st.recursive(ATOMS, grown, max_leaves=6), SIGNS)
def test_it_answers_as_re_does(pattern, text):
    # `$` in re also stands before a last line break, which a cell's pattern never means.
    expected = re.fullmatch(re.sub(r"(?<!\\)\$", r"\\Z", pattern), text) is not None
    assert Pattern(pattern).fullmatch(text) is expected


@pytest.mark.parametrize(
    "pattern", [r"(a+)+b", r"(a|a)*b", r"(a|ab|b)*c", r"(.*a){12}b", r"a*a*a*a*a*a*b", r"((a?){20}){20}b", r"(a*)*b"]
)
def test_what_makes_re_hang_ends(pattern):
    start = time.process_time()
    assert Pattern(pattern).fullmatch("a" * 2000) is False
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "a" * 301,
        "(" * 150 + ")" * 150 + "(",
        r"(a)\1",
        "(?=a)a",
        "(?<!a)b",
        "(?i)a",
        "(?i:a)",
        r"\bword",
        "(?>a*)b",
        "a++",
        "(?P<n>a)(?(n)b|c)",
        "(a{1,1000}){1,1000}",
        "((((a{9}){9}){9}){9}){9}",
        "((){1,999}){1,999}x{99999}",
    ],
)
def test_what_cannot_be_bounded_is_refused(pattern):
    with pytest.raises(PatternError):
        Pattern(pattern)


def test_one_pattern_over_very_many_cells_stops_in_the_end():
    pattern = Pattern("(.?.?.?.?.?.?.?.?){40}x")
    start = time.process_time()
    with pytest.raises(PatternError):
        for i in range(10**6):
            pattern.fullmatch(f"{i:06d}" + "".join(chr(0x4E00 + (i * 7 + j * j) % 20000) for j in range(300)))
    assert time.process_time() - start < 10
