"""Where a laid-out PDF's lists, links and outline lead, against the pages on which things stand."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pikepdf

# What Typst writes of a list's entry for those who cannot see it: Figure 9 “Title” page 13, Tabelle 9 „Titel“ Seite 13
_LISTED = re.compile(r"^(?P<label>\w+ \w+) .*\b\w+ (?P<page>\d+)$", re.DOTALL)


def astray(content: bytes, printed: Sequence[str]) -> Iterator[str]:
    """One line for every entry, link or caption that leads to another page than it says.

    Parameters
    ----------
    content : bytes
        The PDF, tagged.
    printed : sequence of str
        Labels of its figures and tables (``Figure 3``), in the order in which they stand.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages: dict[Any, int] = {page.objgen: i for i, page in enumerate(pdf.pages, 1)}
        root = pdf.Root.get("/StructTreeRoot")
        captions = [_first_page(one, pages) for one in _walk(root) if one.get("/S") == "/Caption"]
        if len(captions) != len(printed):
            yield f"report.pdf: has {len(captions)} captions, and {len(printed)} figures and tables"
        stands = dict(zip(printed, captions, strict=False))
        names = _destinations(pdf)
        listed: set[str] = set()
        for at, target, told in _links(pdf):
            if not isinstance(target, pikepdf.Array):
                if str(target) not in names:
                    yield f"report.pdf, page {at}: a link leads to {str(target)!r}, which is not there"
            elif (found := _LISTED.match(told)) and found["label"] in stands:
                listed.add(found["label"])
                leads, stood = pages.get(target[0].objgen), stands[found["label"]]
                if leads != stood or found["page"] != str(pdf.pages[stood - 1].label):
                    yield (
                        f"report.pdf, page {at}: the list says page {found['page']} for {found['label']} and leads to "
                        f"sheet {leads}; it stands on sheet {stood}, numbered {pdf.pages[stood - 1].label}"
                    )
        yield from (f"report.pdf: {label} is in no list" for label in stands if listed and label not in listed)
        with pdf.open_outline() as outline:
            items = _below(outline.root, lambda item: item.children)
            yield from (f"report.pdf: {i.title!r} of the outline leads nowhere" for i in items if i.destination is None)


Place = tuple[int, float]  # sheet from 1; points below an edge that all sheets share


def places(content: bytes) -> tuple[dict[str, Place], list[Place]]:
    """Where each listed figure and table stands, by its label (``Figure 3``), and each chapter's heading."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        sheets: dict[Any, int] = {page.objgen: i for i, page in enumerate(pdf.pages, 1)}

        def place(target: Any) -> Place:
            return sheets[target[0].objgen], -float(target[3])

        links = [(found["label"], target) for _, target, told in _links(pdf) if (found := _LISTED.match(told))]
        stands = {label: place(target) for label, target in links}
        with pdf.open_outline() as outline:
            return stands, [place(item.destination) for item in outline.root]


def out_of_order(content: bytes, homes: Mapping[str, int]) -> Iterator[str]:
    """One line for every figure that stands before an earlier one, or on the wrong side of a chapter's heading.

    Parameters
    ----------
    content : bytes
        The PDF, with its outline and its lists.
    homes : mapping
        Label of every figure (``Figure 3``), in the order of the numbers -> number of its chapter, from 1.
    """
    stands, heads = places(content)
    last, before = (0, 0.0), ""
    for label, chapter in homes.items():
        at = stands[label]
        if at < last:
            yield f"report.pdf, sheet {at[0]}: {label} stands before {before}"
        if at < heads[chapter - 1]:
            yield f"report.pdf, sheet {at[0]}: {label} stands above the heading of its chapter"
        if chapter < len(heads) and at > heads[chapter]:
            yield f"report.pdf, sheet {at[0]}: {label} stands below the heading of the next chapter"
        last, before = max(last, at), label


def _links(pdf: Any) -> Iterator[tuple[int, Any, str]]:
    """Page, target and description of every link inside the document."""
    for at, page in enumerate(pdf.pages, 1):
        for link in page.get("/Annots", ()):
            target = link.get("/Dest", link.get("/A", pikepdf.Dictionary()).get("/D"))
            if target is not None:
                yield at, target, str(link.get("/Contents", "")).replace("\u00a0", " ")


def _kids(one: Any) -> list[Any]:
    found = one.get("/K")
    kids = list(found) if isinstance(found, pikepdf.Array) else [found]
    return [k for k in kids if isinstance(k, pikepdf.Dictionary)]


def _walk(root: Any) -> Iterator[Any]:
    """Every element of the structure, in the order of reading."""
    return _below([] if root is None else [root], _kids)


def _below(these: Sequence[Any], children: Callable[[Any], Sequence[Any]]) -> Iterator[Any]:
    stack = list(reversed(these))
    while stack:
        one = stack.pop()
        yield one
        stack.extend(reversed(children(one)))


def _first_page(one: Any, pages: Mapping[Any, int]) -> int:
    return next((pages[e["/Pg"].objgen] for e in _walk(one) if "/Pg" in e), 1)


def _destinations(pdf: Any) -> set[str]:
    tree = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    found = _below([] if tree is None else [tree], lambda node: list(node.get("/Kids", ())))
    return {str(name) for node in found for name in list(node.get("/Names", ()))[::2]}
