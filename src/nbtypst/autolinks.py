"""Addresses in plain text as links, by the rules of GitHub's Markdown ("autolinks (extended)")."""

from __future__ import annotations

import re

_DOMAIN = r"[^\W_](?:[\w-]*)(?:\.[\w-]+)+"
_ADDRESS = re.compile(
    rf"(?<![^\s*_~(])(?P<www>www\.[\w-]+(?:\.[\w-]+)*[^\s<]*)|(?<![A-Za-z0-9])(?P<url>(?:https?|ftp)://{_DOMAIN}[^\s<]*)"
    r"|(?<![A-Za-z0-9._%+-])(?P<scheme>mailto:|xmpp:)?(?P<mail>[A-Za-z0-9._+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)"
    r"(?P<room>/[A-Za-z0-9@.]+)?"
)
_ENTITY = re.compile(r"&[A-Za-z0-9]+;\Z")


def split(text: str) -> list[tuple[str, str]]:
    """Pieces of `text`, each with the address that it links to or nothing.

    Examples
    --------
    >>> split("See www.example.org/a(b)).")
    [('See ', ''), ('www.example.org/a(b)', 'http://www.example.org/a(b)'), (').', '')]
    """
    out: list[tuple[str, str]] = []
    done = 0
    for found in _ADDRESS.finditer(text) if "." in text else ():
        if found.start() < done:
            continue
        shown, target = _target(found)
        if target:
            out += [(text[done : found.start()], ""), (shown, target)]
            done = found.start() + len(shown)
    out.append((text[done:], ""))
    return [(piece, target) for piece, target in out if piece]


def _target(found: re.Match[str]) -> tuple[str, str]:
    """What is shown of an address and what it links to; nothing of what only looks like one."""
    return _mail(found) if found["mail"] else _page(found)


def _mail(found: re.Match[str]) -> tuple[str, str]:
    mail = found["mail"].rstrip(".")
    if mail[-1] in "-_" or "." not in mail.partition("@")[2]:
        return "", ""
    room = found["room"] or "" if found["scheme"] == "xmpp:" else ""
    shown = (found["scheme"] or "") + mail + room.rstrip(".")
    return shown, shown if found["scheme"] else f"mailto:{mail}"


def _page(found: re.Match[str]) -> tuple[str, str]:
    shown = _trimmed(found[0])
    host = re.split(r"[/?#]", shown.partition("://")[2] or shown)[0]
    if any("_" in part for part in host.split(".")[-2:]) or host.endswith("."):
        return "", ""
    return shown, shown if found["url"] else f"http://{shown}"


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it."""
    while address:
        unpaired = address[-1] == ")" and address.count(")") > address.count("(")
        if unpaired or address[-1] in "?!.,:*_~'\"":
            address = address[:-1]
        elif entity := _ENTITY.search(address):
            address = address[: entity.start()]
        else:
            break
    return address
