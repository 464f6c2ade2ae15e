"""Show the reports and explorers of a folder in a browser on this machine, and nothing else.

Only this machine can ask, only for files that a build wrote, and nothing is written. Ctrl+C ends it.
"""

from __future__ import annotations

import argparse

HELP = "show the reports of a folder in a browser on this machine"
PORT = 8765


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("folder", nargs="?", default="", help="folder of reports, or of one; without it reports/")
    parser.add_argument("--port", default=str(PORT), help=f"number of the port, 0 for any that is free ({PORT})")


def run(args: argparse.Namespace) -> int:
    """Say where to look, then answer until Ctrl+C."""
    import errno

    from incident_report.data.folders import real_path, shown
    from incident_report.errors import UsageError
    from incident_report.paths import REPORTS
    from incident_report.publish.serve import Server, first

    folder = real_path(args.folder, "serve") if args.folder else REPORTS
    if not folder.is_dir():
        raise UsageError(f"{shown(folder)}: there is no such folder; `make report` builds a report")
    port = _port(args.port)
    try:
        server = Server(folder, port)
    except PermissionError:
        raise UsageError(f"--port {port}: this needs a right that you do not have; name one above 1023") from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise UsageError(f"--port {port} is taken; name another, or 0 for any that is free") from None
    with server:
        if first(server.root, "/") is None:
            raise UsageError(f"{shown(folder)}: holds no page that a build wrote; `make report` builds a report")
        print(f"{server.address} shows {shown(folder)}; Ctrl+C ends it", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def _port(text: str) -> int:
    from incident_report.errors import UsageError

    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65536):
        raise UsageError(f"--port is {text!r}; give a number from 0 to 65535")
    return int(text)
