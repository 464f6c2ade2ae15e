"""Tests marked `chaos` are the long form: `make chaos` runs them, `make test` only the quick ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of the test's own, not built yet; two folders down, so that `../..` still lies in the test's own."""
    root = tmp_path / "two/down/project"
    root.mkdir(parents=True)
    return Project(root)


@pytest.fixture(scope="session")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with its web page, to be copied."""
    made = Project(tmp_path_factory.mktemp("first"))
    done = made.build()
    assert done.code == 0, done.said
    return made


@pytest.fixture
def ready(first_build: Project, tmp_path: Path) -> Project:
    """A project of the test's own with its web page."""
    root = tmp_path / "two/down/project"
    root.mkdir(parents=True)
    return Project(root, like=first_build)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that several tests of a file look at; none of them may spoil it."""
    return Project(tmp_path_factory.mktemp("shared"))
