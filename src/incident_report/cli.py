"""The command line: `incident-report …` or `python -m incident_report …`."""

from __future__ import annotations

import argparse
import atexit
import importlib
import io
import os
import pkgutil
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from incident_report import __version__, commands
from incident_report.errors import BuildError, UsageError, one_line, os_error


class _Wide(argparse.HelpFormatter):
    """Room for the longest command on the line of its help."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28)


def make_parser() -> argparse.ArgumentParser:
    """Parser with a subcommand for each module of `incident_report.commands`."""
    parser = argparse.ArgumentParser(
        prog="incident-report",
        description="Reports on armed-attack campaigns, built from curated incident data.",
        formatter_class=_Wide,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for found in sorted(m.name for m in pkgutil.iter_modules(commands.__path__) if not m.name.startswith("_")):
        module: Any = importlib.import_module(f"{commands.__name__}.{found}")
        name = found.replace("_", "-").removesuffix("-")
        sub = subparsers.add_parser(name, help=module.HELP, description=module.__doc__, formatter_class=_Wide)
        module.arguments(sub)
        sub.set_defaults(run=module.run)
    return parser


def command() -> NoReturn:
    """Run it and end the process; what it holds is not taken apart first, which takes a tenth of a second of a report.

    What was registered for its end is done. With another thread still at work it ends in Python's own way.
    """
    code = main()
    if threading.active_count() == 1:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # nobody reads it any more
                stream.flush()
        os._exit(code)
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns 0, 1 (bad data, a failed build) or 2 (what was asked makes no sense)."""
    _open_closed()
    args = make_parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = int(args.run(args) or 0)
        sys.stdout.flush()
        return code
    except UsageError as error:
        return _stop([str(error)], 2)
    except BuildError as error:
        return _stop(error.lines, 1)
    except KeyboardInterrupt as error:
        return _stop(["; ".join(["stopped", *notes(error)])], 130)
    except BrokenPipeError:  # the reader of a pipe went away
        _close_stdout()
        return 0
    except OSError as error:
        _close_stdout()
        return _stop(["; ".join([os_error(error), *notes(error)])], 1)
    except Exception as error:
        faults = getattr(error, "faults", None)
        if faults is None:
            raise
        from incident_report.data.report import format_errors

        print("\n".join(format_errors(faults, getattr(args, "data", ""))), file=sys.stderr)
        return 1


def _open_closed() -> None:
    """Let nothing stand for an input or output that came closed (kernels die without), and let any name be printed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
            os.set_inheritable(number, True)
    sys.stdout = sys.stdout or os.fdopen(os.dup(1), "w")
    sys.stderr = sys.stderr or os.fdopen(os.dup(2), "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names of files may hold what no encoding has


def notes(error: BaseException) -> list[str]:
    """What was found out after an error, such as whether the last good report still stands."""
    return list(getattr(error, "__notes__", ()))


def _stop(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(f"incident-report: {one_line(line)}", file=sys.stderr)
    return code


def _close_stdout() -> None:
    """Nothing more goes to a pipe without a reader or to a full disk, also not at exit."""
    with suppress(OSError, ValueError):  # where it is no file, nothing is written at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt(signum: int, frame: Any) -> None:
    """A polite kill ends a build as Ctrl-C does: kernels stopped, temporary folders removed."""
    raise KeyboardInterrupt
