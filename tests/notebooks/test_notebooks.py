"""Every committed notebook keeps the house rules."""

import ast
import itertools
import json
import re

import pytest

from incident_report.paths import NOTEBOOKS, ROOT
from incident_report.publish.parameters import SHARED, TAG, declared

ALL = sorted(NOTEBOOKS.glob("*.ipynb"))
CHAPTERS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
NAMES = [
    "00_key_findings",
    "01_what_happened",
    "01_what_happened",
    "02_how_dangerous",
    "03_what_can_be_done",
    "04_was_the_article_right",
    "05_what_next",
    "06_how_we_know",
]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
READABLE = re.compile(r"[a-z][a-z0-9-]{1,40}")


def read(path):
    return json.loads(path.read_text("utf-8"))


def source(cell):
    return "".join(cell["source"])


def test_the_start_page_leads_to_every_notebook_and_nowhere_else():
    links = re.findall(r"\]\(([^)]*)\)", (NOTEBOOKS / "README.md").read_text("utf-8"))
    assert {link for link in links if link.endswith(".ipynb")} == {p.name for p in ALL}
    assert all((NOTEBOOKS / link).is_file() for link in links)
    assert "--LabApp.default_url=/lab/tree/notebooks/README.md " in MAKEFILE
    assert '--LabApp.app_settings_dir="$$PWD/scripts/lab" ' in MAKEFILE
    settings = json.loads((ROOT / "scripts" / "lab" / "overrides.json").read_text("utf-8"))
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == "Markdown Preview"


def test_the_chapters_are_there():
    assert set(NAMES) <= {p.stem for p in CHAPTERS}


@pytest.mark.parametrize("path", CHAPTERS[1:], ids=lambda p: p.stem)
def test_a_chapter_opens_with_its_finding_and_a_chart(path):
    ids = [cell["id"] for cell in read(path)["cells"]]
    assert ids[ids.index("lead") + 1].startswith("fig-")


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_no_outputs_are_committed(path):
    node = read(path)
    assert (node["nbformat"], node["nbformat_minor"]) >= (4, 5)
    for cell in node["cells"]:
        assert not cell.get("outputs"), cell["id"]
        assert cell.get("execution_count") is None, cell["id"]
    assert set(node["metadata"]) <= {"kernelspec", "language_info"}
    assert node["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_cells_have_readable_ids_and_few_lines(path):
    cells = read(path)["cells"]
    ids = [c["id"] for c in cells]
    assert len(ids) == len(set(ids))
    for cell in cells:
        assert READABLE.fullmatch(cell["id"]), cell["id"]
        text = source(cell).startswith("%%prose") or TAG in cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and not text:
            lines = [line for line in source(cell).splitlines() if line.strip()]
            assert len(lines) <= 10, f"{cell['id']} has {len(lines)} lines"


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_no_function_is_defined_and_no_file_opened(path):
    for cell in read(path)["cells"]:
        if cell["cell_type"] != "code":
            continue
        if source(cell).startswith("%%prose"):
            continue  # text, not code
        text = "\n".join(line for line in source(cell).splitlines() if not line.lstrip().startswith(("%", "!")))
        for node in ast.walk(ast.parse(text)):
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
            assert not isinstance(node, kinds), f"{cell['id']} defines a function"
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in {"open", "read_csv", "read_text", "to_csv", "read_json"}, cell["id"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_one_parameters_cell_that_opens_like_the_others(path):
    parameters = declared(path)  # raises unless exactly one cell is tagged
    assert tuple(parameters)[: len(SHARED)] == SHARED
    first = declared(CHAPTERS[0])
    for name in SHARED:
        assert parameters[name] == first[name]
    for parameter in parameters.values():
        assert parameter.type and parameter.help, f"{parameter.name}: write name: type = default  # help"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_headings_begin_at_the_top_and_skip_no_level(path):
    cells = read(path)["cells"]
    assert cells[0]["cell_type"] == "markdown"
    levels = []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            levels += [len(m[1]) for m in re.finditer(r"(?m)^(#{1,6}) \S", source(cell))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_parameter_has_the_name_of_a_helper(path):
    """What the opener imports stands below the parameters and would hide one of the same name."""
    import helpers

    trees = [ast.parse(source(c)) for c in read(path)["cells"] if "from helpers import" in source(c)]
    names = {a.name for t in trees for n in ast.walk(t) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert names and not set(declared(path)) & (set(helpers.__all__) if "*" in names else names)
