"""Export a folder of notebooks and say how that went; compare two such runs.

    scripts/corpus.py run FOLDER --out new.json [--pdf FOLDER]
    scripts/corpus.py compare old.json new.json

For each notebook: whether it gives a PDF, which standards an independent checker finds kept, words printed over words
or outside the margins, cells that lose more than a twentieth of their words, tags printed as text, warnings, pages,
CPU seconds. The folder stays as it is. Needs poppler's pdftotext.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import resource
import statistics
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "nbtypst"))

import nbformat
import page
from boxes import MARGIN, Word, outside, overlaps, words

from nbtypst import TypstPDFExporter

_WORD = re.compile(r"[^\W\d_]{4,}")
_MARKUP = re.compile(  # what of Markdown is not to be printed as it stands
    "(?s)"
    + "|".join(
        (
            r"\A---\n.*?\n---", r"```\{contents\}.*?```", r"\n\[[^\]\n]*\]: *data:\S+", r"\(data:[^)]*\)",
            r"&[a-z]{2,8};", r"<!--.*?-->", r"<[^<>]{1,2000}>", r"https?://\S+", r"\]\([^)\s]*\)", r"```\w+",
            r"\$\$.*?\$\$", r"\$[^$\n]*\$", r"\\(?:eq)?ref\{[^}\n]*\}", r"\\begin\{.*?\\end\{\w+\*?\}",
        )
    )
)  # fmt: skip
_TAG = re.compile(
    r"</?(?:div|span|img|br|table|t[rdh]|tbody|thead|center|font|small|sub|sup|kbd|details|p|h[1-6])\b[^<>]{0,300}>"
)
_STREAM = re.compile(r"PDFA2A-STREAM-LENGTH-001")  # the checker cuts a line end off compressed streams (0.11)
_ANSI = re.compile(r"\x1b\[[0-9;]*m|\x1b\[K")
HANGING = 4.5  # points by which punctuation may stand in the margin
TIMES = ("cpu",)


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 where a notebook gives no PDF."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="export every notebook below a folder")
    run.add_argument("folder", type=Path)
    run.add_argument("--out", type=Path, help="file for the results, as JSON")
    run.add_argument("--pdf", type=Path, help="folder for the PDFs")
    compare = commands.add_parser("compare", help="two results side by side, and the notebooks that differ")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "compare":
        old, new = (json.loads(path.read_text("utf-8")) for path in (options.old, options.new))
        print(table({"old": old, "new": new}))
        for line in differences(old, new):
            print(line)
        return 0
    if not options.folder.is_dir():
        parser.error(f"there is no folder {options.folder}")
    results = {}
    for path in sorted(options.folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts or not path.is_file():
            continue
        name = str(path.relative_to(options.folder))
        found = one(path, options.pdf)
        if found is not None:
            results[name] = found
            print(f"{name}: {said(found)}", file=sys.stderr)
    if options.out:
        options.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table({"": results}))
    return 0 if all(r["pdf"] for r in results.values()) else 1


def one(path: Path, pdfs: Path | None) -> dict[str, Any] | None:
    """Results for one notebook; None where the file is no notebook of version 4."""
    try:
        nb = nbformat.read(path, as_version=4)
    except Exception:  # nbformat raises many kinds
        return None
    if not nb.cells:
        return None
    exporter = TypstPDFExporter()
    exporter.log = logging.Logger("corpus")
    keep = Kept()
    exporter.log.addHandler(keep)
    before = _cpu()
    try:
        content, _ = exporter.from_notebook_node(nb, {"metadata": {"name": path.stem, "path": str(path.parent)}})
    except Exception as error:  # a run goes on
        return {"pdf": False, "error": f"{type(error).__name__}: {error}"[:300], "warnings": keep.messages}
    taken = _cpu() - before
    if pdfs is not None:
        pdfs.mkdir(parents=True, exist_ok=True)
        (pdfs / f"{path.parent.name}-{path.stem}.pdf").write_bytes(content)
    found = words(content)
    return {
        "pdf": True,
        "cpu": round(taken, 3),
        "pages": 1 + max((w.page for w in found), default=0),
        "ua": _kept(content, "PDF_UA_1"),
        "a2a": _kept(content, "PDF_A_2A"),
        "overlaps": [" ".join(pair) for pair in overlaps(found)][:20],
        "outside": outside(found, MARGIN - HANGING)[:20],
        "lost": list(lost(nb, found, keep.messages)),
        "tags": printed_tags(nb, found),
        "warnings": keep.messages,
    }


class Kept(logging.Handler):
    """Keeps what was warned."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.append(record.getMessage())


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def _kept(content: bytes, profile: str) -> bool | None:
    """Whether the checker finds a standard kept; None where the document is more than it takes."""
    try:
        failed = str(page.validate_pdf_bytes(content, profile=getattr(page.ValidationProfile, profile)))
    except Exception:  # its limits are errors of its own
        return None
    return not {n for n in re.findall(r"\[(PDF[\w-]+)\]", failed) if not _STREAM.match(n)}


def texts(nb: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Number and text of each cell, as far as it is to be printed."""
    for number, cell in enumerate(nb["cells"], 1):
        tags = {t.replace("_", "-") for t in cell["metadata"].get("tags", [])}
        if cell["cell_type"] == "raw" or tags & {
            "remove-cell",
            "remove-input",
            "remove-output",
            "hide-cell",
            "hide-input",
            "hide-output",
        }:
            continue
        text = re.sub(r"(?m)^[ \t]*(?:#|//|--|%)[ \t]?\|.*$", "", str(cell["source"]))  # options
        if cell["cell_type"] == "markdown":
            text = _MARKUP.sub(" ", text)
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream":
                text += " " + re.sub(r"[^\n]*\r(?!\n)", "", output["text"])[:13_000]
            elif "text/html" not in (data := output.get("data") or {}) and not any(
                m.startswith(("image", "app")) for m in data
            ):
                text += (
                    " "
                    + ("" if {"text/latex", "text/markdown"} & data.keys() else str(data.get("text/plain", "")))[
                        :13_000
                    ]
                )
        yield number, _ANSI.sub("", text)


def lost(nb: Mapping[str, Any], found: list[Word], warnings: list[str]) -> Iterator[str]:
    """Cells of which more than a twentieth of the words are not in the PDF, and no warning names them."""
    printed = _squeezed(" ".join(w.text for w in found))
    printed += _squeezed(" ".join(w.text[::-1] for w in found))  # Hebrew and Arabic, as they stand from the left
    for number, text in texts(nb):
        wanted = _WORD.findall(text)
        gone = [w for w in wanted if _squeezed(w) not in printed]
        if len(gone) > max(1, len(wanted) // 20) and not any(re.search(rf"cell {number}[:,]", w) for w in warnings):
            yield f"cell {number}: {' '.join(gone[:8])}"


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def printed_tags(nb: Mapping[str, Any], found: list[Word]) -> list[str]:
    """Tags that the PDF shows as text, those that code or plain output has aside."""
    meant: list[str] = []
    for cell in nb["cells"]:
        source = str(cell["source"])
        code = re.findall(r"(?s)```.*?```|`[^`]*`", source) + re.findall(r"(?m)^(?: {4}|\t).*$", source)
        meant += code if cell["cell_type"] == "markdown" else [source]
        for output in cell.get("outputs", []):
            plain = (output.get("data") or {}).get("text/plain", "")
            meant += [output.get("text", ""), str(plain), *output.get("traceback", [])]
    kept = _unspaced(" ".join(meant))
    return [t for t in _TAG.findall(" ".join(w.text for w in found)) if _unspaced(t) not in kept][:20]


def _unspaced(text: str) -> str:
    return re.sub(r"[\s\\]+", "", _ANSI.sub("", text))


def said(result: Mapping[str, Any]) -> str:
    """One notebook's results in a line."""
    if not result["pdf"]:
        return f"no PDF: {result['error']}"
    faults = [f"{name} {len(result[name])}" for name in ("overlaps", "outside", "lost", "tags") if result[name]]
    kept = [f"not {name}" for name in ("ua", "a2a") if result[name] is False]
    return ", ".join([f"{result['pages']} pages", f"{result['cpu']:.2f} s", *kept, *faults])


def rows(results: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What a run came to, a line each."""
    every = list(results.values())
    good = [r for r in every if r["pdf"]]
    times = sorted(r["cpu"] for r in good) or [0.0]

    def of(name: str) -> str:
        return f"{sum(bool(r[name]) for r in good)}"

    return [
        ("notebooks", f"{len(every)}"),
        ("give a PDF", f"{len(good)}"),
        ("pages", f"{sum(r['pages'] for r in good)}"),
        ("PDF/UA-1 kept", f"{sum(r['ua'] is not False for r in good)}"),
        ("PDF/A-2a kept", f"{sum(r['a2a'] is not False for r in good)}"),
        ("too large for the checker", f"{sum(None in (r['ua'], r['a2a']) for r in good)}"),
        ("with words over words", of("overlaps")),
        ("with words outside the margins", of("outside")),
        ("with words lost and no warning", of("lost")),
        ("with tags printed as text", of("tags")),
        ("with warnings", of("warnings")),
        ("CPU a notebook, median", f"{statistics.median(times):.2f} s"),
        ("CPU a notebook, 95th of 100", f"{times[int(len(times) * 0.95) - (len(times) > 1)]:.2f} s"),
        ("CPU a notebook, most", f"{times[-1]:.2f} s"),
    ]


def table(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """Runs side by side, as Markdown."""
    columns = [dict(rows(results)) for results in runs.values()]
    lines = [f"| what | {' | '.join(name or 'result' for name in runs)} |", "|---|" + "--:|" * len(runs)]
    return "\n".join([*lines, *(f"| {what} | {' | '.join(c[what] for c in columns)} |" for what in columns[0])])


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Notebooks that a run has and the other has not, or that came out otherwise; times aside."""
    for name in sorted(old.keys() | new.keys()):
        if name not in new or name not in old:
            yield f"{name}: only in the {'old' if name in old else 'new'} run"
            continue
        changed = [k for k in sorted(old[name].keys() | new[name].keys()) if old[name].get(k) != new[name].get(k)]
        changed = [k for k in changed if k not in TIMES and k != "warnings"]
        if changed:
            sides = (f"{k} {_short(old[name].get(k))} -> {_short(new[name].get(k))}" for k in changed)
            yield f"{name}: {', '.join(sides)}"


def _short(value: Any) -> str:
    return f"{len(value)}" if isinstance(value, list) else str(value)


if __name__ == "__main__":
    raise SystemExit(main())
