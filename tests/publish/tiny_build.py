"""A report of two short chapters, built on whatever machine this is; notes the digest of every file."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path

CELLS = {
    "00_one": """from helpers import open_edition, show_prose
ed = open_edition(data_folder, quarter=quarter)
show_prose("txt-a", f"Incidents: {len(ed.counted)} in النجف, see @fig-counts and `code` and $x^2$.")""",
    "01_two": """from helpers import frequency, open_edition
ed = open_edition(data_folder, quarter=quarter)
frequency.quarterly_figure(ed)""",
}
PARAMETERS = """quarter: str = "2020Q3"  # quarter
baseline: str = ""  # quarter before
data_folder: str = "data"  # campaign folder
confidence_floor: str = "low"  # floor
as_of: str = ""  # day"""


def main(noted: Path) -> None:
    """Build beside `noted`, with a hostile style file beside the chapters."""
    from machine import HOSTILE_RC

    from incident_report.publish.jupyter import nbformat
    from incident_report.publish.report import build
    from incident_report.publish.request import Request

    chapters, out = noted.parent / "chapters", noted.parent / "report"
    chapters.mkdir()
    v4 = nbformat.v4
    for name, source in CELLS.items():
        parameters = v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
        cells = [v4.new_markdown_cell(f"# {name[3:]}", id="title"), parameters, v4.new_code_cell(source, id="cell")]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), chapters / f"{name}.ipynb")
    if noted.parent.name != "one":
        (chapters / "matplotlibrc").write_text(HOSTILE_RC)
    request = Request(quarter="2020Q3", notebooks=chapters, out=out, only=("html", "pdf", "docx", "figures"))
    build(request, stream=io.StringIO())
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
    noted.write_text(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
