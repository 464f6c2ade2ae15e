"""A table set as a spread: whole on one page where it fits, else parted between its groups."""

from __future__ import annotations

import io

import pikepdf
from exports import export, pdf_text
from nbformat import v4

from nbtypst.records import MIME


def spread(groups: int, options: int) -> dict[str, object]:
    """A record with so many groups of so many options each."""
    rows = [
        row
        for g in range(groups)
        for row in (
            [f"G{g}", "", ""],
            *(
                [f"O{g}-{o}", "[+]{.sign .sign-better}", f"[RED]{{.rating .rating-red}} H{g}-{o}"]
                for o in range(options)
            ),
        )
    ]
    columns = [
        {"label": name, "width": w, "markdown": i > 0}
        for i, (name, w) in enumerate((("a", 0.4), ("b", 0.2), ("c", 0.4)))
    ]
    return {"kind": "table", "id": "tab-spread", "title": "T", "columns": columns, "rows": rows, "look": "spread"}


def pages(groups: int, options: int) -> list[str]:
    output = v4.new_output("display_data", {MIME: spread(groups, options), "text/plain": ""})
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[output])])
    return [text_of(page) for page in export(notebook).open().pages]


def text_of(page: pikepdf.Page) -> str:
    alone, content = pikepdf.new(), io.BytesIO()
    alone.pages.append(page)
    alone.save(content)
    return pdf_text(content.getvalue())


def test_what_fits_on_a_page_stands_on_one():
    held = [p for p in pages(3, 4) if "H0-0" in p or "H2-3" in p]
    assert len(held) == 1 and "RED" in held[0]


def test_what_does_not_fit_is_parted_between_groups():
    found = pages(4, 12)
    homes = [{i for i, p in enumerate(found) for o in range(12) if f"H{g}-{o} " in f"{p} "} for g in range(4)]
    assert all(len(home) == 1 for home in homes)
    assert set.union(*homes) == {0, 1}
