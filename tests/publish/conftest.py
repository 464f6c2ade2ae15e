"""Small builds fork their kernels from one warm process: importing the libraries is most of what two cells cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from incident_report.paths import MODULES
from incident_report.publish import chapters
from incident_report.publish.environment import kernel_environment
from incident_report.publish.forked import Server, can_fork, warm

MANY = 4  # chapters: a build of as many starts a process of its own, as ever


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server | None]:
    """What kernels are forked from; None where none can be."""
    if not can_fork():
        yield None
        return
    env = kernel_environment(tmp_path_factory.mktemp("cache"), 0)
    with Server({**env, "PYTHONPATH": MODULES}) as one:
        yield one


@pytest.fixture(autouse=True, scope="session")
def warm_kernels(request: pytest.FixtureRequest) -> Iterator[None]:
    """Builds of a few chapters that leave the choice open; what others start is looked at in test_forked_kernels."""

    @contextmanager
    def one(env: Mapping[str, str], engine: str, kernels: int, shared: Mapping[str, str]) -> Iterator[Server | None]:
        if engine or kernels >= MANY:
            with warm(env, engine, kernels, shared) as own:
                yield own
        else:
            yield request.getfixturevalue("server")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chapters, "warm", one)
        yield
