"""A report of two short sections, built on whatever machine this is; notes the digest of every file."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path

CELLS = {
    "one": """from helpers import frequency, open_edition, show_prose
ed = open_edition(data_folder, quarter=quarter)
show_prose("txt-a", f"Incidents: {len(ed.counted)} in النجف, see @fig-counts and `code` and $x^2$.")""",
    "two": "frequency.quarterly_figure(ed)",
}
PARAMETERS = """quarter: str = "2020Q3"  # quarter
baseline: str = ""  # quarter before
data_folder: str = "data"  # campaign folder
confidence_floor: str = "low"  # floor
as_of: str = ""  # day"""


def main(noted: Path) -> None:
    """Build the campaign that stands a folder up beside `noted`, with a hostile style file beside the chapters."""
    from machine import HOSTILE_RC

    from incident_report.publish.jupyter import nbformat
    from incident_report.publish.report import build
    from incident_report.publish.request import Request

    chapters, out = noted.parent / "chapters", noted.parent / "report"
    chapters.mkdir()
    v4 = nbformat.v4
    parameters = v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
    cells = [v4.new_markdown_cell("# One", id="title"), parameters]
    cells += [v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), chapters / "00_one.ipynb")
    if noted.parent.name != "one":
        (chapters / "matplotlibrc").write_text(HOSTILE_RC)
    formats = ("html", "pdf", "docx", "figures")
    request = Request(data=str(noted.parents[1] / "campaign"), notebooks=chapters, out=out, only=formats)
    build(request, stream=io.StringIO())
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
    noted.write_text(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
