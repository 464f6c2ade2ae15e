"""The opening cell: papermill's parameters are held against those that the notebook declares."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from functools import partial
from typing import Any

import pytest
from editions import founding

import helpers
from incident_report.analysis.what_happened import targets
from incident_report.present.opener import injected, open_edition

DECLARED = '"""Parameters."""\nquarter: str = "2020Q3"  # the quarter\nbaseline = ""\n'


def test_declared_parameters_pass() -> None:
    assert injected(["", DECLARED, '# Parameters\nquarter = "2020Q2"\nbaseline = "2020Q1"\n']) == {}


def test_an_unknown_parameter_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"parameter is 'quartr'.*did you mean 'quarter'"):
        injected([DECLARED, '# Parameters\nquartr = "2020Q2"\n'])


@pytest.mark.parametrize(
    ("declared", "given", "fits"),
    [("n: int = 8", "n = -2", True), ("n: int = 8", 'n = "lots"', False), ("n: float = 0.5", "n = 1", True),
     ("n: int = 8", "n = 0.5", False), ("on = True", "on = 1", False), ('day = ""', "day = 2020", True),
     ("n = len([1])", 'n = "a"', True), ("n: int", 'n = "a"', True), ("n = 1", "n = None", False)],
)  # fmt: skip
def test_a_number_or_a_truth_value_takes_no_other_kind_of_value(declared: str, given: str, fits: bool) -> None:
    with nullcontext() if fits else pytest.raises(ValueError, match=r"^parameter (n|on) is .* must be"):
        assert injected([declared, f"# Parameters\n{given}\n"]) == {}


@pytest.mark.parametrize("old", ["edition", "quarter"])
def test_the_quarters_other_name_is_accepted_with_a_notice(old: str) -> None:
    new = {"edition": "quarter", "quarter": "edition"}[old]
    with pytest.warns(FutureWarning, match=f"{old} is called {new}"):
        assert injected([f'{new}: str = ""', f'# Parameters\n{old} = "2020Q2"\n']) == {"quarter": "2020Q2"}


def test_cells_of_ones_own_are_left_alone() -> None:
    assert injected(["# Parameters\nmy_own = 1", "%matplotlib inline\n!ls", "x = 2"]) == {}


def test_the_old_name_of_the_quarter_opens_with_a_notice() -> None:
    with pytest.warns(DeprecationWarning, match="quarter"):
        assert str(helpers.open_edition(edition="2020Q2").quarter) == "2020Q2"


@pytest.mark.parametrize(("call", "given"), [(open_edition, "quarterr"), (partial(targets, founding()), "perid")])
def test_a_parameter_that_there_is_not_is_named_with_those_that_there_are(call: Any, given: str) -> None:
    with pytest.raises(ValueError, match=rf"^parameter is '{given}', which does not exist; did you mean .* are .+"):
        call(**{given: "2020Q3"})


@pytest.mark.parametrize("given", [{"quarter": "2020Q5"}, {"quarter": "2031Q1"}, {"baseline": "summer"}])
def test_a_period_that_there_is_not_is_told_with_those_that_there_are(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=rf"^{next(iter(given))}.*here are 2019Q4, 2020Q1, 2020Q2, 2020Q3$"):
        open_edition(**given)


def test_the_face_offers_what_it_lists_and_nothing_else() -> None:
    for name in helpers.__all__:
        assert getattr(helpers, name) is not None
    assert set(helpers.__all__) <= set(dir(helpers))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = helpers.no_such_name


def test_importing_the_package_changes_nothing_in_the_kernel() -> None:
    code = (
        "import sys, helpers; helpers.open_edition();"
        "assert 'rfc3987_syntax' not in sys.modules, 'hidden'; import rfc3987_syntax;"
        "assert 'matplotlib' not in sys.modules, 'matplotlib'; exec('from helpers import *');"
        "from incident_report.analysis.catalogue import SLOW, facts; facts(helpers.open_edition(), without=SLOW);"
        "late = {'scipy.stats', 'seaborn'} & set(sys.modules); assert not late, late"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_only_a_kernel_leaves_what_is_imported_out_of_searches_for_cycles_and_once() -> None:
    code = (
        "import gc; from IPython.core.interactiveshell import InteractiveShell as S; import helpers; {kernel};"
        "helpers.open_edition(); before = gc.get_freeze_count(); helpers.open_edition();"
        "print(before > 10_000, gc.get_freeze_count() <= before)"
    )
    for kernel, frozen in (("S.instance()", "True True"), ("pass", "False True")):
        done = subprocess.run([sys.executable, "-c", code.format(kernel=kernel)], capture_output=True, text=True)
        assert done.stdout.strip() == frozen, done.stderr
