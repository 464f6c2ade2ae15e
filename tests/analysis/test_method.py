"""How the record was made: agreement by published examples, breaks between quarters, what was searched."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import FOUNDING, Q2, Q3
from small import make

from incident_report.analysis.agreement import agreement, alpha, interval, nominal
from incident_report.analysis.method import breaks, method_fact
from incident_report.analysis.result import replay
from incident_report.data import check
from incident_report.periods import Period

# Krippendorff (2011), the example of four observers and twelve units with missing values; . is missing.
OBSERVERS = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."]
UNITS = [[int(v) for v in unit if v != "."] for unit in zip(*(o.split() for o in OBSERVERS), strict=True)]


def test_alpha_gives_the_published_values() -> None:
    assert alpha(UNITS, nominal) == pytest.approx(0.743, abs=5e-4)
    assert alpha(UNITS, interval) == pytest.approx(0.849, abs=5e-4)
    two = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
    binary = list(zip("0100000010", "1110010000", strict=True))
    assert alpha(binary, nominal) == pytest.approx(0.095, abs=5e-4)
    assert alpha(two, nominal) == pytest.approx(0.692, abs=5e-4)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abc"), min_size=0, max_size=4), max_size=8))
def test_agreement_does_not_hang_on_order_and_is_full_where_all_agree(units: list[list[str]]) -> None:
    found = alpha(units, nominal)
    assert found <= 1 or np.isnan(found)
    turned = alpha([u[::-1] for u in units[::-1]], nominal)
    assert turned == pytest.approx(found, nan_ok=True)
    same = [u[:1] * len(u) for u in units]
    assert np.isnan(alpha(same, nominal)) or alpha(same, nominal) == 1


def sample(*rows: tuple[str, str, str, str]):
    names = ["incident_id", "field", "coder", "value"]
    return replace(FOUNDING, data=replace(FOUNDING.data, double_coding=pd.DataFrame(rows, columns=names, dtype="str")))


def test_a_sample_coded_twice_is_told_field_by_field() -> None:
    ids = list(FOUNDING.counted["incident_id"][:4])
    killed = [(i, "killed", c, v) for c, vs in (("a", "0125"), ("b", "012")) for i, v in zip_longest(ids, vs) if v]
    tags = [(ids[0], "techniques", "a", "salvo;efp"), (ids[0], "techniques", "b", "efp;salvo")]
    tags += [(ids[1], "techniques", "a", ""), (ids[1], "techniques", "b", "efp")]
    ed = sample(*killed, *tags, ("not-on-file", "killed", "a", "9"))
    found = agreement(ed)
    table = found.table.set_index("field")
    assert table.loc["killed", ["coders", "attacks", "alike"]].tolist() == [2, 3, 3]
    assert table.loc["killed", "alpha"] == 1
    assert table.loc["techniques", ["attacks", "alike"]].tolist() == [2, 1]
    assert replay(found.trace(), ed).digest() == found.digest()
    assert method_fact(ed).twice == 3


def test_where_nothing_was_coded_twice_it_says_so() -> None:
    fact = method_fact(FOUNDING)
    assert len(fact.agreement) == 0 and fact.twice == 0
    assert fact.unsearched == tuple(Period.parse(q) for q in FOUNDING.data.quarters)


def test_a_change_of_coder_between_two_quarters_is_a_break_and_one_of_all_quarters_is_none() -> None:
    fact = method_fact(FOUNDING)
    assert [(b.period, b.kind) for b in fact.breaks] == [(Q2, "coder")]
    assert fact.within([Q3, Period(2020, 1)]) and not fact.within([Q2, Q3])
    log = FOUNDING.data.method_log
    one = replace(FOUNDING, data=replace(FOUNDING.data, method_log=log[log["quarters"].map(len) == 4]))
    assert not method_fact(one).breaks
    ended = log[log["quarters"].map(lambda q: q == ("2019Q4", "2020Q1"))]
    only = replace(FOUNDING, data=replace(FOUNDING.data, method_log=ended))
    assert breaks(only)["period"].tolist() == ["2020Q2"]


def test_a_sample_names_cells_on_file_and_values_that_their_column_takes(tmp_path) -> None:
    lines = [
        "incident_id,field,coder,value",
        "IQ-20200705-1,killed,first,two",
        "IQ-20200705-1,kiled,second,2",
        "IQ-1,killed,second,2",
        "IQ-20200705-1,attack_method,second,rocket",
    ]
    folder = make(tmp_path / "data", {"double_coding.csv": "\n".join(lines) + "\n"})
    _, faults = check(folder)
    found = {(f.line, f.column) for f in faults if f.file == "double_coding.csv"}
    assert found == {(2, "value"), (3, "field"), (4, "incident_id")}
