"""Serving a folder: what a build wrote, to this machine, whole or in ranges; nothing else, in no way."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from incident_report.cli import main
from incident_report.publish.editions import MARK
from incident_report.publish.provenance import NAME
from incident_report.publish.serve import Server, find, span

PAGE, ZIP = "<!DOCTYPE html><p>Σ</p>".encode(), bytes(range(256))


def report(folder: Path, files: dict[str, bytes]) -> None:
    """A folder as a build leaves it, and one file more."""
    for name, data in {**files, "notes.html": b"not ours"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    listed = {"inputs_sha256": "0", "format": "incident-report/1", "outputs": dict.fromkeys(files, "0")}
    (folder / NAME).write_text(json.dumps(listed))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    top = tmp_path / "reports"
    files = {"report.html": PAGE, "data.zip": ZIP, "embed/fig-a b.html": PAGE, "empty.csv": b"", "explore.html": PAGE}
    report(top / "2020Q3", files)
    (top / "index.html").write_text(f'<!DOCTYPE html><meta name="generator" content="{MARK}">')
    (top / "feed.json").write_text(json.dumps({"_incident_report": {"about": MARK}}))
    (top / "other").mkdir()
    (top / "other" / "index.html").write_text("<p>somebody else's</p>")
    (tmp_path / "secret.html").write_text("secret")
    (top / "2020Q3" / ".notes.html").write_text("hidden")
    return top


@pytest.fixture
def server(root: Path) -> Iterator[Server]:
    with Server(root, 0) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/2020Q3/report.html", "text/html; charset=utf-8"), ("/2020Q3/data.zip", "application/zip"),
        ("/2020Q3/embed/fig-a%20b.html?x=1", "text/html; charset=utf-8"), ("/feed.json", "application/feed+json"),
        ("/2020Q3/provenance.json", "application/json"), ("/2020Q3/empty.csv", "text/csv; charset=utf-8"),
    ],
)  # fmt: skip
def test_what_a_build_wrote_is_shown_as_what_it_is(server: Server, root: Path, path: str, kind: str) -> None:
    code, headers, body = ask(server, path)
    assert (code, headers["Content-Type"], headers["X-Content-Type-Options"]) == (200, kind, "nosniff")
    assert body == (root / path[1:].replace("%20", " ").partition("?")[0]).read_bytes()
    assert headers["Accept-Ranges"] == "bytes" and "Python" not in headers["Server"]


@pytest.mark.parametrize(
    "path",
    [
        "/2020Q3/notes.html", "/2020Q3/.notes.html", "/other/", "/other/index.html", "/nothing", "/2020Q3/embed/",
        "/../secret.html", "/%2e%2e/secret.html", "/2020Q3/..%2f..%2fsecret.html", "/2020Q3//report.html",
        "/2020Q3/report.html/", "/2020Q3/report.html%00", "/%ff", "/2020Q3\\report.html", "/2020Q3/./report.html",
        "/.index.lock", "/2020Q3/link.html", "/away/secret.html", "/copy/report.html", "*",
    ],
)  # fmt: skip
def test_nothing_else_is_shown(server: Server, root: Path, path: str) -> None:
    (root / ".index.lock").write_text("")
    (root / "2020Q3" / "link.html").symlink_to(root.parent / "secret.html")
    (root / "away").symlink_to(root.parent)
    (root / "copy").symlink_to(root / "2020Q3")
    code, headers, body = ask(server, path)
    assert code == 404 and headers["Content-Type"].startswith("text/plain") and b"secret" not in body


def test_a_listed_file_that_became_a_link_is_not_followed(root: Path) -> None:
    page = root / "2020Q3" / "report.html"
    assert find(root, "/2020Q3/report.html") == page
    page.unlink()
    page.symlink_to(root.parent / "secret.html")
    assert find(root, "/2020Q3/report.html") is None


@pytest.mark.parametrize(
    ("path", "to"),
    [("/", "/index.html"), ("/2020Q3", "/2020Q3/report.html"), ("/2020Q3/", "/2020Q3/report.html")],
)
def test_a_folder_shows_its_page(server: Server, path: str, to: str) -> None:
    code, headers, body = ask(server, path)
    assert (code, headers["Location"], body) == (302, to, b"")


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=250-999", 250, 255), ("bytes=-6", 250, 255),
     ("bytes=255-", 255, 255), ("bytes=-999", 0, 255)],
)  # fmt: skip
def test_a_range_is_just_its_bytes(server: Server, asked: str, low: int, high: int) -> None:
    code, headers, body = ask(server, "/2020Q3/data.zip", Range=asked)
    assert (code, headers["Content-Range"]) == (206, f"bytes {low}-{high}/256")
    assert body == ZIP[low : high + 1] and int(headers["Content-Length"]) == len(body)


@pytest.mark.parametrize("asked", ["bytes=256-", "bytes=-0", "bytes=999-1000"])
def test_a_range_that_does_not_exist_is_416(server: Server, asked: str) -> None:
    code, headers, _ = ask(server, "/2020Q3/data.zip", Range=asked)
    assert (code, headers["Content-Range"]) == (416, "bytes */256")


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=-", "bytes=²-"])
def test_a_range_that_cannot_be_read_gives_the_whole(server: Server, asked: str) -> None:
    assert span(asked, 256) is None
    if asked.isascii():
        code, _, body = ask(server, "/2020Q3/data.zip", Range=asked)
        assert (code, body) == (200, ZIP)


def test_a_range_of_another_file_than_it_was_asked_of_gives_the_whole(server: Server) -> None:
    tag = ask(server, "/2020Q3/data.zip")[1]["ETag"]
    assert ask(server, "/2020Q3/data.zip", Range="bytes=0-1", If_Range='"old"')[0] == 200
    assert ask(server, "/2020Q3/data.zip", Range="bytes=0-1", If_Range=tag)[2] == ZIP[:2]
    assert ask(server, "/2020Q3/data.zip", If_None_Match=tag)[0] == 304
    assert ask(server, "/2020Q3/empty.csv", Range="bytes=0-")[0] == 416


def test_head_says_what_get_would_and_no_more(server: Server) -> None:
    code, headers, body = ask(server, "/2020Q3/data.zip", "HEAD", Range="bytes=0-1")
    assert (code, headers["Content-Length"], body) == (200, "256", b"")
    assert ask(server, "/nothing", "HEAD")[::2] == (404, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method(server: Server, method: str) -> None:
    code, headers, _ = ask(server, "/feed.json", method)
    assert (code, headers["Allow"]) == (405, "GET, HEAD")


def test_a_page_of_another_site_cannot_ask(server: Server) -> None:
    port = server.server_port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1:1", f"127.0.0.1.evil.example:{port}", ""):
        assert ask(server, "/feed.json", Host=host)[0] == 421
    assert ask(server, "http://evil.example/feed.json", Host=f"localhost:{port}")[0] == 404
    assert ask(server, "/feed.json", Host=f"localhost:{port}")[0] == 200
    assert server.server_address[0] == "127.0.0.1"


def test_a_report_that_was_built_again_is_shown_as_it_is_now(server: Server, root: Path) -> None:
    assert ask(server, "/2020Q3/report.pdf")[0] == 404
    report(root / "2020Q3", {"report.html": PAGE, "report.pdf": b"%PDF"})
    assert ask(server, "/2020Q3/report.pdf")[2] == b"%PDF"


def test_several_requests_go_over_one_connection(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/2020Q3/data.zip", headers={"Range": "bytes=1-2"})
        assert connection.getresponse().read() == ZIP[1:3]
    connection.close()


def test_the_command_says_where_to_look_and_ends_quietly(root: Path) -> None:
    command = [sys.executable, "-m", "incident_report", "serve", str(root), "--port=0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where a shell runs the tests in the background they ignore Ctrl-C, and so would what they start, for ever.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        said = process.stdout.readline()
        port = int(said.removeprefix("http://127.0.0.1:").partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as reader:
            reader.sendall(f"GET /feed.json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            assert reader.recv(12) == b"HTTP/1.1 200"
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


def test_what_cannot_be_served_gets_one_line(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        asked = {
            (str(root), f"--port={port}"): f"--port {port} is taken",
            (str(root), "--port=70000"): "--port is '70000'",
            (str(root), "--port=x"): "--port is 'x'",
            (str(tmp_path / "gone"), "--port=0"): "there is no such folder",
            (str(tmp_path / "empty"), "--port=0"): "holds no page that a build wrote",
        }
        for arguments, line in asked.items():
            assert main(["serve", *arguments]) == 2
            told = capsys.readouterr().err
            assert line in told and told.count("\n") == 1
