"""pyproject.toml, environment.yml and requirements.lock say the same."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from incident_report.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def requirements(lines):
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


DIRECT = requirements(PROJECT["dependencies"])
DEVELOPMENT = requirements(PROJECT["optional-dependencies"]["dev"])


def locked():
    """Name -> versions in the lock (one for each Python where they differ)."""
    found = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]+\])?==(\S+)", LOCK, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def test_environment_yml_has_the_direct_dependencies_with_the_same_bounds():
    document = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    conda = [d for d in document["dependencies"] if isinstance(d, str)]
    pip = next(d["pip"] for d in document["dependencies"] if isinstance(d, dict))
    assert "--editable ." in pip
    lines = [d for d in [*conda, *pip] if not d.startswith("--")]
    found = requirements(lines)
    assert found.pop("python") == SpecifierSet(PROJECT["requires-python"])
    found.pop("pip")
    assert found == DIRECT


@pytest.mark.parametrize("name", sorted(DIRECT | DEVELOPMENT))
def test_lock_pins_every_direct_dependency_within_its_bounds(name):
    versions = locked()
    assert name in versions, f"{name} is not in requirements.lock; run make lock"
    for version in versions[name]:
        assert (DIRECT | DEVELOPMENT)[name].contains(version, prereleases=True), f"{name}=={version}; run make lock"


def test_every_pin_has_a_hash():
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK)[1:]
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"\S+==\S+", block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_lock_names_no_host_and_no_path():
    plain = [line for line in LOCK.splitlines() if not line.strip().startswith("--hash=sha256:")]
    for line in plain:
        assert not re.search(r"https?:|file:|index-url|find-links|trusted-host|@ |\.(com|org|io|net)\b", line), line


def test_what_runs_and_what_is_checked_allow_the_same_python():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    low = PROJECT["requires-python"].removeprefix(">=")
    assert tools["mypy"]["python_version"] == low
    assert tools["ruff"]["target-version"] == "py" + low.replace(".", "")


def test_the_changelog_knows_the_version():
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == PROJECT["version"]
