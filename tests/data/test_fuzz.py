"""2,000 broken data folders: each is either loaded whole or refused with named faults."""

import csv
import io
import random
import shutil
import tempfile
from pathlib import Path

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import Q2, Q3, make

from incident_report.data import check, format_faults
from incident_report.paths import DATA

TABLES = [Q2, Q3, "sources.csv", "tallies.csv", "context.csv", "posture.csv", "corrections.csv", "coverage.csv"]
NAMES = [*TABLES, "geo/governorates.csv", "report.yml", "geo/region.geojson", "datapackage.json"]
NASTY = [
    "", " ", "0", "-1", "1.5", "two", "1e5", "9" * 40, "٣", "nan", "inf", "NULL", "NA", "2020-13-45", "2020-02-30",
    "2020-07-05T00:00", "05/07/2020", "0000-00-00", "9999-12-31", "1677-01-01", "44017", "=cmd|'/c calc'!A1", "high",
    "rocket", "Rocket", "rockets", "yes", "a;b", ";", ";;", "rt-nd;", "IQ-20200705-1", "\u202e", "\ufeff", "\u2028",
    "\x00", "\x1b[31m", '"', '""', '"x', 'x"y', ",", "\n", "a\nb", "\r", "\t", "\\", "[@x]", "<script>", "{{x}}",
    "💥", "e\u0301", "../../etc/passwd", "x" * 5000, "disputed", "2020Q3", "90.0", "-180.5", "carried_out",
]  # fmt: skip
YAML = [
    "\n- x",
    "\n&a [*a]",
    "\nx: *b",
    "\nx: !!python/name:os.system",
    "\ntitle: 1",
    "\ntitle: [",
    "\n\tx: 1",
    "\n? [a]\n: b",
    "\nseries: []",
    "\nseries: [1]",
    "\nwording:",
    "\nall_series: {id: all}",
    "\nx: 2020-13-45",
    "\n---\na: 1",
    "\n%YAML 9.9",
    "\narticle: 7",
    "\nheadline_tracker: [a]",
    "\nx: 0o9",
    "\n<<: {a: 1}",
    "\ntrackers: {1: 2}",
    "\nx: !!binary ===",
    "\x85",
    "\n" + "[" * 400,
    "\n" + "- " * 1500 + "x",
    "\nx: " + "{a: " * 300,
    "\nx: .nan",
    "\nx: 1_000:99:99",
    "\nx: !!float abc",
    "\nx: !!timestamp now",
]
SWAPS = [
    (",", ";"), (",", "\t"), ("\n", "\r"), ("\n", "\r\n"), ("\n", "\n\n"), ('"', ""), ('"', "'"), (":", ""), ("[", "{"),
    ("-", ","), ("2020", "0000"), ("1", "null"), (" ", "\u00a0"),
]  # fmt: skip
FILES = ["2020Q4", "2020q3", "2020Q3 (1)", "2020Q5", "0001Q1", "rows", "2020Q3.CSV", ".hidden", "２０２０Q3"]
ENCODINGS = ["utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "utf-8-sig", "utf-7"]


def cell(rng: random.Random, text: str) -> str:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    row = rng.choice(rows) if rows else []
    if row:
        row[rng.randrange(len(row))] = rng.choice(NASTY)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=rng.choice(["\n", "\r\n"])).writerows(rows)
    return out.getvalue()


def columns(rng: random.Random, text: str) -> str:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    i = rng.randrange(max(1, len(rows[0]) if rows else 1))
    act = rng.choice(["drop", "double", "rename", "swap"])
    for n, row in enumerate(rows):
        if i < len(row):
            if act == "drop":
                del row[i]
            elif act == "double":
                row.append(row[i])
            elif act == "swap":
                row[i], row[0] = row[0], row[i]
            elif n == 0:
                row[i] = rng.choice(NASTY)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def lines(rng: random.Random, text: str) -> str:
    parts = text.splitlines(keepends=True)
    i, j = (rng.randrange(max(1, len(parts))) for _ in "ab")
    act = rng.choice(["drop", "double", "swap", "cut", "header"])
    if not parts:
        return text
    if act == "drop":
        del parts[i]
    elif act == "double":
        parts.insert(j, parts[i])
    elif act == "swap":
        parts[i], parts[j] = parts[j], parts[i]
    elif act == "cut":
        parts = parts[:i]
    else:
        parts = parts[:1]
    return "".join(parts)


def characters(rng: random.Random, text: str) -> str:
    i = rng.randrange(len(text) + 1)
    j = min(len(text), i + rng.choice([0, 0, 1, 1, 2, 40]))
    return text[:i] + rng.choice([*NASTY, ""]) + text[j:]


def replace(rng: random.Random, text: str) -> str:
    old, new = rng.choice(SWAPS)
    return text.replace(old, new, rng.choice([1, 2, -1]))


def yaml_part(rng: random.Random, text: str) -> str:
    at = rng.choice([0, len(text)])
    return text[:at] + rng.choice(YAML) + text[at:]


MUTATIONS = [cell, cell, cell, columns, lines, characters, characters, replace, yaml_part]


def change(rng: random.Random, folder: Path) -> None:
    """Break one thing in the folder."""
    name = rng.choice(NAMES)
    path = folder / name
    if name == "datapackage.json" and not path.exists():
        shutil.copy(DATA / name, path)
    act = rng.random()
    if path.is_symlink() or not path.is_file():
        return
    if act < 0.8:
        mutate = rng.choice(MUTATIONS)
        try:
            text = path.read_text("utf-8-sig")
            changed = mutate(rng, text)
        except (UnicodeDecodeError, csv.Error, UnicodeError):
            return
        path.write_text(changed, encoding="utf-8", errors="replace", newline="")
    elif act < 0.86:
        data = bytearray(path.read_bytes())
        for _ in range(rng.choice([1, 1, 5])):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(bytes(data))
    elif act < 0.9:
        text = path.read_bytes().decode("utf-8", "replace") + rng.choice(["", "é’"])
        path.write_bytes(text.encode(rng.choice(ENCODINGS), "replace"))
    elif act < 0.92:
        path.write_bytes(b"")
    elif act < 0.94:
        path.unlink()
    elif act < 0.96:
        path.unlink()
        path.symlink_to(rng.choice(["/etc/passwd", path.name, "nowhere", "../report.yml", "/dev/zero"]))
    elif act < 0.97:
        path.unlink()
        path.mkdir()
    else:
        new = rng.choice(FILES)
        shutil.copy(path, folder / "incidents" / (new if "." in new else f"{new}.csv"))


def written_rows(path: Path) -> int:
    """Rows with at least one filled cell, counted by other means than the loader's."""
    text = path.read_bytes().decode("utf-8-sig")
    rows = [r for r in csv.reader(io.StringIO(text, newline="")) if any(c.strip() for c in r)]
    return len(rows) - 1


def judge(folder: Path) -> bool:
    """Check a folder; True if it was accepted."""
    data, faults = check(folder)
    for fault in faults:
        assert fault.file and fault.message and fault.severity in ("error", "warning")
        assert "\n" not in format_faults([fault]).splitlines()[1]
    assert len(format_faults(faults).splitlines()) <= len(faults) + 3
    format_faults(faults, as_json=True).encode("utf-8", "surrogatepass")
    if data is None:
        assert any(f.severity == "error" for f in faults)
        return False
    assert all(f.severity == "warning" for f in faults)
    quarter_files = [p for p in (folder / "incidents").iterdir() if not p.name.startswith(".")]
    assert len(data.incidents) == sum(map(written_rows, quarter_files))
    assert {p.stem for p in quarter_files} == set(data.quarters) == set(data.coverage)
    tables = {"tallies": data.tallies, "sources": data.sources, "context": data.context, "posture": data.posture}
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        assert len(table) == (written_rows(path) if path.exists() else 0)
    assert data.incidents["incident_id"].is_unique
    assert data.incidents["date"].notna().all() and set(data.incidents["quarter"]) <= set(data.quarters)
    assert {s for row in data.incidents["sources"] for s in row} <= set(data.sources["source_id"])
    return True


SAME = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def room():
    """A folder in memory where there is one: hundreds of examples write thousands of small files."""
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=base) as name:
        yield Path(name)


def test_the_small_folder_is_sound(room):
    assert judge(make(room / "sound"))


@settings(SAME, max_examples=examples(200, 2000))
@given(seed=st.integers(0, 2**48), changes=st.integers(1, 3))
def test_a_broken_folder_loads_whole_or_is_refused_by_name(room, seed, changes):
    rng = random.Random(seed)
    folder = make(room / "c")
    for _ in range(changes):
        change(rng, folder)
    judge(folder)


DOCUMENTS = ["sophistication.yml", "policy_options.yml", "claims.yml"]


@settings(SAME, max_examples=examples(30, 150))
@given(seed=st.integers(0, 2**48), name=st.sampled_from(DOCUMENTS))
def test_broken_documents_are_refused_by_name(room, seed, name):
    rng = random.Random(seed)
    folder = make(room / "d")
    path = folder / name
    shutil.copy(DATA / name, path)
    for _ in range(rng.choice([1, 2])):
        text = path.read_text("utf-8")
        mutate = rng.choice([characters, characters, replace, yaml_part, lines])
        path.write_text(mutate(rng, text), encoding="utf-8", errors="replace", newline="")
    judge(folder)


def test_some_mutations_are_harmless(room):
    """The test above would prove nothing if every folder were refused."""
    accepted = 0
    for seed in range(100):
        folder = make(room / "e")
        change(random.Random(seed), folder)
        accepted += judge(folder)
    assert 10 < accepted < 90
