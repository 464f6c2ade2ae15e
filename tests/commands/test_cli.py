"""How the command ends: with its code, its last words and what was registered for its end."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGUN = "import atexit, sys, threading, time; from incident_report.cli import command; atexit.register(print, 'ended')"
BESIDE = "threading.Thread(target=lambda: (time.sleep(0.5), print('done'))).start()"


@pytest.mark.parametrize(("beside", "said"), [("", ["ended"]), (BESIDE, ["done", "ended"])])
def test_the_command_ends_with_its_code_when_all_is_said_and_done(beside: str, said: list[str]) -> None:
    asked = "sys.argv[1:] = ['check-data', '--data=/no/such/folder']; command()"
    code = "\n".join([BEGUN, beside, asked])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()) == (2, said), done.stderr
    assert "/no/such/folder" in done.stderr
