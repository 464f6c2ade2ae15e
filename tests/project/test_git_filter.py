"""Outputs of notebooks stay out of git, and nothing else is touched."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from incident_report.paths import NOTEBOOKS, ROOT

SCRIPTS = ROOT / "scripts"


def clean(text: bytes, folder: Path = ROOT) -> bytes:
    done = subprocess.run(
        ["sh", "scripts/git_filter.sh", "clean"], input=text, capture_output=True, cwd=folder, check=True
    )
    return done.stdout


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_committed_notebook_passes_unchanged(path: Path) -> None:
    committed = path.read_bytes()
    assert clean(committed) == committed


def test_outputs_counts_and_times_go() -> None:
    cell = {"cell_type": "code", "id": "a", "metadata": {"execution": {"x": 1}, "tags": ["t"]}, "source": ["1\n"],
            "execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["é"]}]}  # fmt: skip
    node = {"cells": [cell], "metadata": {"papermill": {}}, "nbformat": 4, "nbformat_minor": 5}
    [left] = json.loads(clean(json.dumps(node).encode()))["cells"]
    assert left["outputs"] == [] and left["execution_count"] is None and left["metadata"] == {"tags": ["t"]}
    assert left["source"] == ["1\n"]


@pytest.mark.parametrize("text", [b"", b"no notebook", b"[1, 2]", b'{"cells": 3}', b"\xff\xfe broken"])
def test_what_is_no_notebook_goes_through_unchanged(text: bytes) -> None:
    assert clean(text) == text


def test_a_clone_strips_what_is_added(tmp_path: Path) -> None:
    """The whole way: told to git, an executed notebook is added without its outputs; no .venv is needed."""
    shutil.copytree(SCRIPTS, tmp_path / "scripts")
    shutil.copyfile(ROOT / ".gitattributes", tmp_path / ".gitattributes")

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(tmp_path), *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    git("init", "-q")
    subprocess.run(["sh", str(tmp_path / "scripts" / "git_filter.sh")], check=True)
    node = json.loads(next(iter(NOTEBOOKS.glob("*.ipynb"))).read_text("utf-8"))
    for cell in node["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["secret"]}]
    (tmp_path / "a.ipynb").write_text(json.dumps(node), "utf-8")
    git("add", "a.ipynb")
    assert "secret" not in git("show", ":a.ipynb") and "secret" in (tmp_path / "a.ipynb").read_text("utf-8")
