"""Show a folder of reports to this machine's own browser: files that a build wrote, whole or in ranges of bytes.

HTTP as RFC 9110 has it: GET and HEAD, single ranges, 206 and 416. Nothing is listed, nothing is written, and a
page of another site cannot ask, whatever name it has given this machine (DNS rebinding): a request must name us.
"""

from __future__ import annotations

import os
import re
import socket
import stat
import sys
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

from incident_report.publish import provenance
from incident_report.publish.versions import apart

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")  # by which a browser of this machine may call us
FIRST = ("index.html", "report.html", "explore.html")  # what a folder shows, the first that it has
LOOSE = ("index.html", "feed.json", "explore.html")  # ours outside a report where they say so themselves
MARK = b'"incident-report '  # begins the name of what made them
_HEAD, _BLOCK, _LONGEST = 4096, 65536, 5_000_000
TYPES = {
    ".html": "text/html; charset=utf-8", ".pdf": "application/pdf", ".zip": "application/zip",
    ".json": "application/json", ".csv": "text/csv; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
    "feed.json": "application/feed+json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_OTHERS = ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT")


def find(root: Path, target: str) -> Path | None:
    """The file below a folder that a request names, if a build wrote it; None for anything else.

    Parameters
    ----------
    root : Path
        Links resolved.
    target : str
        Path of the request as sent: ``/2020Q3/report.html``.
    """
    parts = _parts(target)
    if not parts:
        return None
    path = root.joinpath(*parts)
    try:
        plain = path.resolve(strict=True) == path and stat.S_ISREG(path.lstat().st_mode)
    except (OSError, RuntimeError, ValueError):
        return None
    return path if plain and _ours(root, parts) else None


def first(root: Path, target: str) -> str | None:
    """Where a folder's own page is: an address on this server; None where it has none."""
    parts = _parts(target.rstrip("/") or "/")
    if parts is None:
        return None
    for name in FIRST:
        there = "/" + quote("/".join([*parts, name]))
        if find(root, there):
            return there
    return None


def span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None where the header is to be ignored.

    Raises
    ------
    ValueError
        If no byte of the range exists (416).

    Examples
    --------
    >>> span("bytes=2-", 10), span("bytes=-3", 10), span("bytes=0-99", 10), span("bytes=0-1,4-5", 10)
    ((2, 9), (7, 9), (0, 9), None)
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-" or max(map(len, found.groups())) > 18:
        return None
    start, end = found.groups()
    if not start:
        start, end = str(max(0, size - int(end))), str(size - 1 if int(end) else -1)
    elif end and int(end) < int(start):
        return None
    low, high = int(start), min(int(end or size - 1), size - 1)
    if low > high:
        raise ValueError(f"no byte of {header} exists")
    return low, high


def _parts(target: str) -> list[str] | None:
    """Names of folders and file in a request's path; none for the root, None for what is no plain path."""
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    if not path.startswith("/"):
        return None
    try:
        text = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return None
    parts = text[1:].split("/") if text != "/" else []
    odd = any(not p or p.startswith(".") or re.search(r"[\\:\x00-\x1f\x7f]", p) for p in parts)
    return None if odd else parts


def _ours(root: Path, parts: list[str]) -> bool:
    """Whether the provenance of the report that holds the file lists it, or the file itself says that it is ours."""
    for depth in range(len(parts)):
        folder, rest = root.joinpath(*parts[:depth]), "/".join(parts[depth:])
        if any(p.name == parts[depth] for p in apart(folder)):  # a version, or a page that points to one
            if depth == len(parts) - 1:
                return True
            continue
        if (listed := _listed(folder)) is not None:
            return rest in listed or rest == provenance.NAME
    if parts[-1] not in LOOSE:
        return False
    with root.joinpath(*parts).open("rb") as stream:
        return MARK in stream.read(_HEAD) or (parts[-1] == "feed.json" and MARK in stream.read(_LONGEST))


def _listed(folder: Path) -> frozenset[str] | None:
    """Files of a report; None where the folder is none."""
    try:
        known = (folder / provenance.NAME).stat()
    except OSError:
        return None
    return _outputs(folder, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=64)
def _outputs(folder: Path, changed: int, size: int) -> frozenset[str] | None:
    known = provenance.head(folder)
    listed = known.get("outputs") if known else None
    return frozenset(map(str, listed)) if isinstance(listed, Mapping) else None


class Handler(BaseHTTPRequestHandler):
    """One request; `server` knows the folder."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for which a silent connection is kept
    server: Server

    def do_GET(self) -> None:
        """A file, or part of it."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """What GET would say of the whole file."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # nobody reads what comes with a GET, nor takes it for the next request
        if self.headers.get_all("Host") not in [[name] for name in self.server.called]:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        path = find(self.server.root, self.path)
        if path is None:
            self._elsewhere()
            return
        try:
            stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with stream:
            self._send(stream, path, body)

    def _elsewhere(self) -> None:
        there = first(self.server.root, self.path)
        if there is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", there)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, stream: BinaryIO, path: Path, body: bool) -> None:
        about = os.fstat(stream.fileno())
        size, tag = about.st_size, f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        low, high, code = 0, size - 1, HTTPStatus.OK
        if self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        asked = self.headers.get("Range") if body and self.headers.get("If-Range", tag) == tag else None
        try:
            if asked and (part := span(asked, size)):
                (low, high), code = part, HTTPStatus.PARTIAL_CONTENT
        except ValueError:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, f"bytes */{size}")
            return
        self.send_response(code)
        if code is HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {low}-{high}/{size}")
        kind = TYPES.get(path.name, TYPES.get(path.suffix, "application/octet-stream"))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(high - low + 1))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", tag)
        self.end_headers()
        if body:
            stream.seek(low)
            _copy(stream, self.wfile, high - low + 1)

    def end_headers(self) -> None:
        """What every answer says: read it as the type that it has, ask again next time, tell nobody."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A line of plain text, and the end of the connection; `message` is the range that exists."""
        status = HTTPStatus(code)
        text = f"{status.value} {status.phrase}\n".encode()
        self.send_response(status)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if status is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and message:
            self.send_header("Content-Range", message)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def version_string(self) -> str:
        """Nothing of the machine."""
        return "incident-report"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""


def _refuse(self: Handler) -> None:
    self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)


for _method in _OTHERS:
    setattr(Handler, f"do_{_method}", _refuse)


def _copy(stream: BinaryIO, out: Any, left: int) -> None:
    """So many bytes and no more, should the file have grown."""
    while left and (data := stream.read(min(left, _BLOCK))):
        out.write(data)
        left -= len(data)


class Server(ThreadingHTTPServer):
    """Serves one folder on this machine's own address until it is shut down.

    Parameters
    ----------
    root : Path
        Folder of reports, or one report's.
    port : int
        0 takes any that is free.

    Raises
    ------
    OSError
        If the port is taken.
    """

    daemon_threads = True

    def __init__(self, root: Path, port: int) -> None:
        self.root = root.resolve()
        super().__init__((HOST, port), Handler)
        self.called = [f"{name}:{self.server_port}" for name in NAMES]
        if self.server_port == 80:
            self.called += NAMES

    def server_bind(self) -> None:
        """Without asking a name server what this machine is called."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # of one that has just ended
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that went away is nobody's fault."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """Where to look."""
        return f"http://{HOST}:{self.server_port}/"
