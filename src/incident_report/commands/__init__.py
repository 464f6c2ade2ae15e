"""One module a command. Each has `HELP`, `arguments(parser)` and `run(args) -> int` (the exit code).

A module `check_data.py` is the command `check-data`. Heavy imports belong inside `run`, so that
`incident-report --help` answers at once.
"""
