"""Tests marked `chaos` are the long form: `make chaos` runs them, `make test` only the quick ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Project


def down(folder: Path) -> Path:
    """Two folders down, so that `../..` still lies in the test's own, and little lies beside that is looked through."""
    root = folder / "two/down/project"
    root.mkdir(parents=True)
    return root


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of the test's own, not built yet."""
    return Project(down(tmp_path))


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
    return Project(down(tmp_path), like=first_build)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that several tests of a file look at; none of them may spoil it."""
    return Project(down(tmp_path_factory.mktemp("shared")))
