"""One export a notebook, shared by all checks.

Nothing is imported from here: every folder's file of this name is the same module to Python.
"""

from __future__ import annotations

import functools

import pytest
from exports import export
from traits import TRAITS


@pytest.fixture(scope="session")
def exported():
    return functools.cache(lambda name: export(TRAITS[name][0]))
