"""Known weaknesses and licences of what requirements.lock pins: `make audit`.

Exit code 1 if there is a finding: a weakness that the service of pip-audit knows of, or a licence that
docs/security.md does not allow. Where the service cannot be asked, one line says so, and that is no finding.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
TOOL = "pip-audit>=2.9,<3"
SECONDS = 300
# The lock has every package with its hash, so that nothing needs to be resolved or installed.
ASK = ["--requirement", str(LOCK), "--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off"]


def command() -> list[str]:
    """How to start pip-audit: as installed here, else from an environment of its own that uv makes for it."""
    if importlib.util.find_spec("pip_audit"):
        return [sys.executable, "-m", "pip_audit"]
    return [sys.executable, "-m", "uv", "tool", "run", "--quiet", "--from", TOOL, "pip-audit"]


def asked() -> list[dict[str, Any]] | str:
    """What the service says of each package, or in a line why it could not be asked."""
    try:
        done = subprocess.run([*command(), *ASK], capture_output=True, text=True, timeout=SECONDS, check=False)
        answer = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return f"no answer within {SECONDS} seconds"
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines()
        return said[-1] if said else f"pip-audit ended with exit code {done.returncode} and no word"
    if all("skip_reason" in one for one in answer):
        # pip-audit calls this "no known vulnerabilities"; in truth nobody was asked.
        return "its service knows none of the packages"
    return list(answer)


def weaknesses(answer: list[dict[str, Any]]) -> list[str]:
    """A line for each weakness, with the versions that mend it."""
    return [
        f"{one['name']} {one['version']}: {found['id']}; mended in {', '.join(found['fix_versions']) or 'no version'}"
        for one in answer
        for found in one.get("vulns", ())
    ]


def main() -> int:
    """Print what was found; 1 if anything was."""
    from licences import outside, summary

    answer = asked()
    found = [] if isinstance(answer, str) else weaknesses(answer)
    if isinstance(answer, str):
        print(f"weaknesses: could not be asked ({answer}); nothing is known either way")
    else:
        unknown = sum("skip_reason" in one for one in answer)
        print(f"weaknesses: {len(found)} in {len(answer) - unknown} packages; {unknown} are not known to the service")
    for line in found:
        print(f"  {line}")
    strange = outside()
    print(f"licences: {', '.join(f'{family} {len(names)}' for family, names in summary().items())}")
    for line in strange:
        print(f"  not allowed by docs/security.md: {line}")
    return 1 if found or strange else 0


if __name__ == "__main__":
    sys.exit(main())
