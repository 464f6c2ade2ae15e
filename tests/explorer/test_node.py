"""The explorer's pure parts, in node's own test runner."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no node on this machine: the explorer's logic is not tested")
def test_logic_in_node() -> None:
    ran = subprocess.run([str(NODE), "--test"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
