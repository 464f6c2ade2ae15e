"""Notebooks of one trait each, to stress the exporter; some of them hostile."""

from __future__ import annotations

import base64
import struct
import zlib

from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)


def png(width: int = 40, height: int = 30, shade: int = 120) -> str:
    """A grey PNG, base64."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(content).decode()


def jpeg() -> str:
    """A small JPEG, base64."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (30, 20), (10, 90, 148)).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" onload="alert(1)"><script>alert(2)</script>'
    '<rect width="60" height="40" fill="#0a5a94"/></svg>'
)
FRAME = (
    "<div><style scoped>.dataframe td {color: red}</style><table border='1' class='dataframe'><thead><tr>"
    "<th></th><th>city</th><th>count</th></tr></thead><tbody><tr><th>0</th><td>Basra</td><td>12</td></tr>"
    "<tr><th>1</th><td>Erbil</td><td>3</td></tr></tbody></table></div>"
)


def shown(data: dict, **metadata: object) -> object:
    return new_output("display_data", data=data, metadata=metadata)


def cell(*outputs: object, source: str = "x", **metadata: object) -> object:
    return new_code_cell(source, outputs=list(outputs), metadata=metadata, execution_count=1)


def stream(text: str, name: str = "stdout") -> object:
    return new_output("stream", name=name, text=text)


def md(text: str, **more: object) -> object:
    return new_markdown_cell(text, **more)


def book(*cells: object, **metadata: object) -> object:
    return new_notebook(cells=list(cells), metadata=metadata)


def widget() -> object:
    return shown({"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "IntSlider(value=3)"})


# name -> (notebook, texts that the PDF holds, texts that it does not hold)
TRAITS: dict[str, tuple[object, list[str], list[str]]] = {
    "empty": (book(), [], []),
    "no_heading": (book(md("Only text.")), ["Only text."], []),
    "skipped_levels": (book(md("### Deep\n\n# Top\n\n#### Deeper")), ["Deep", "Top", "Deeper"], []),
    "markdown_table": (book(md("| a | b |\n|---|--:|\n| x | 1 |\n\n: A caption")), ["Table 1. A caption", "x"], []),
    "footnotes": (book(md("One[^1].\n\n[^1]: The note."), md("Two[^1].\n\n[^1]: Other.")), ["The note", "Other"], []),
    "lists": (book(md("Text\n- a\n- b\n  1. c\n  2. d\n\n- [x] done")), ["a", "c", "done"], []),
    "links": (
        book(md("[safe](https://example.org/a?b=c) [bad](javascript:alert(1)) [file](file:///etc/passwd)")),
        ["safe", "bad"],
        [],
    ),
    "quotes": (book(md("> quoted\n>\n> > deeper")), ["quoted", "deeper"], []),
    "maths": (
        book(
            md("Inline $x^2$ and\n\n$$\\frac{a}{b} = \\sum_i x_i$$\n\n\\begin{align} a &= b \\\\ c &= d \\end{align}")
        ),
        ["Inline"],
        ["begin"],
    ),
    "broken_maths": (book(md("$\\undefinedmacro{x} {$ and $$\\frac{a$$")), ["and"], []),
    "hostile_maths": (book(md('$\\text{"#panic(1)"}$ and $#panic(2)$')), ["panic"], []),
    "code": (book(cell(source="def f(x):\n    return x  # ```")), ["def f(x):", "```"], []),
    "long_code_line": (book(cell(source="x = '" + "a" * 10_000 + "'")), ["characters cut"], []),
    "streams": (book(cell(stream("out\n"), stream("err\n", "stderr"))), ["out", "Messages", "err"], []),
    "progress_bar": (book(cell(stream("10%\r50%\r100% done\n"))), ["100% done"], ["50%"]),
    "error": (
        book(
            cell(
                new_output(
                    "error",
                    ename="ValueError",
                    evalue="bad",
                    traceback=["\x1b[0;31mValueError\x1b[0m: \x1b[1mbad\x1b[0m #panic()"],
                )
            )
        ),
        ["ValueError: bad #panic()"],
        ["[0;31m"],
    ),
    "ansi": (
        book(cell(stream("\x1b[32mgreen\x1b[0m \x1b[38;5;196mred\x1b[44mboth\x1b[0m plain"))),
        ["green red"],
        ["\x1b"],
    ),
    "png": (book(cell(shown({"image/png": png()}))), [], []),
    "png_alt_caption": (
        book(cell(shown({"image/png": png()}), alt="A grey square.", caption="What *it* shows")),
        ["Figure 1. What it shows"],
        [],
    ),
    "png_broken": (book(cell(shown({"image/png": png()[:60], "text/plain": "fallback"}))), ["fallback"], []),
    "png_huge": (book(cell(shown({"image/png": png(300, 4000)}))), [], []),
    "jpeg": (book(cell(shown({"image/jpeg": jpeg()}))), [], []),
    "svg": (book(cell(shown({"image/svg+xml": SVG}))), [], ["alert"]),
    "svg_broken": (book(cell(shown({"image/svg+xml": "<svg><g>", "text/plain": "instead"}))), ["instead"], []),
    "frame": (book(cell(shown({"text/html": FRAME, "text/plain": "x"}))), ["Basra", "12"], ["color"]),
    "html_spans": (
        book(
            cell(shown({"text/html": "<table><tr><th colspan=2>Both</th></tr><tr><td>l</td><td>r</td></tr></table>"}))
        ),
        ["Both", "l"],
        [],
    ),
    "html_script_only": (
        book(cell(shown({"text/html": "<script>alert(1)</script>", "text/plain": "<plain>"}))),
        ["<plain>"],
        ["alert"],
    ),
    "latex_output": (book(cell(shown({"text/latex": "$\\displaystyle x^{2}$", "text/plain": "x**2"}))), [], ["**"]),
    "latex_table": (
        book(cell(shown({"text/latex": "\\begin{tabular}{lr}a & 1\\\\ b & 2\\\\ \\end{tabular}\\input{/etc/passwd}"}))),
        ["a"],
        ["root:"],
    ),
    "attachment": (
        book(md("![seen](attachment:a.png)", attachments={"a.png": {"image/png": png()}})),
        [],
        ["not shown"],
    ),
    "attachment_missing": (book(md("![seen](attachment:b.png)")), ["image not shown: seen"], []),
    "raw_cells": (
        book(new_raw_cell("plain raw #x"), new_raw_cell("\\tex", metadata={"raw_mimetype": "text/latex"})),
        ["plain raw #x"],
        ["tex"],
    ),
    "widget": (book(cell(widget())), ["IntSlider(value=3)"], []),
    "arabic": (book(md("# عنوان\n\nاللغة العربية")), [], []),
    "chinese": (book(md("漢字 and text")), ["and text"], []),
    "emoji": (book(md("Done 🎉 and ✅ ok")), ["Done", "ok"], []),
    "tags": (
        book(
            cell(stream("kept-output"), source="gone_input", tags=["remove-input"]),
            cell(stream("gone-output"), source="kept_input", tags=["remove_output"]),
            cell(stream("gone1"), source="gone2", tags=["remove_cell"]),
        ),
        ["kept-output", "kept_input"],
        ["gone"],
    ),
    "metadata": (
        book(md("Text."), title="A #title", authors=[{"name": "Ann"}], date="2021-05-01", lang="en-GB"),
        ["A #title", "Ann"],
        [],
    ),
    "typst_injection": (
        book(md('#panic("x") ](#panic("y")) `*/` */ // no /* c <lab> $ @x \\$ #{1+1}'), cell(stream('#panic("z")'))),
        ['#panic("x") ](#panic("y"))', '#panic("z")', "#{1+1}"],
        [],
    ),
    "typst_markers": (
        book(md("**= a** and *- b*\n\n\\= c\n\n2020\\. d\n\nIQ-20200715-1, 3--4, -1, a-?b")),
        ["= a", "- b", "= c", "2020. d", "IQ-20200715-1", "a-?b"],
        [],
    ),
    "html_injection": (book(md("<script>alert(1)</script> <b onclick='x()'>bold</b>")), ["bold"], ["script", "alert"]),
    "attribute_injection": (book(md('[x]{onclick="a()" typst:text:fill="red"} ::: {#panic}')), ["x"], []),
    "raw_attribute": (book(md('`#panic("x")`{=typst}\n\n```{=typst}\n#panic("y")\n```')), ["panic"], []),
    "latex_injection": (book(md("\\input{/etc/passwd} $\\input{/etc/passwd}$")), ["passwd"], ["root:"]),
    "image_injection": (
        book(md("![i](/etc/passwd) ![j](../../etc/passwd) ![k](http://example.org/x.png) ![l](file:///etc/passwd)")),
        ["image not shown: i", "image not shown: k"],
        ["root:"],
    ),
    "citations": (book(md("As @nobody said [@nothing, p. 3], see @fig-none.")), ["@nobody", "@fig-none"], []),
    "control_characters": (book(md("a\x00b\x1bc\u202ed\ue000e"), cell(stream("x\x00y\x07z"))), ["abcde", "xyz"], []),
    "long_word": (book(md("w" * 10_000), cell(stream("v" * 10_000))), ["characters cut"], []),
    "long_output": (book(cell(stream("line of text\n" * 400_000))), ["characters of this output are not shown"], []),
    "long_html": (
        book(cell(shown({"text/html": "<table>" + "<tr><td>cell</td></tr>" * 250_000 + "</table>"}))),
        ["of this table is not shown"],
        [],
    ),
    "deep_nesting": (book(md(">" * 500 + " x"), md("[" * 500), md("- " * 300 + "y")), [], []),
    "records_in_markdown": (book(md("::: {.key-findings}\nBox **one**\n:::")), ["Box one"], []),
}
