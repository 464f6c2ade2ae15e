#!/bin/sh
# Keep outputs of notebooks out of git. Without an argument: tell this clone's git to ask us (once, by make env).
# With `clean`: what git runs on each notebook that is added; without any Python the file goes through as it is.
set -eu
if [ "${1:-}" = clean ]; then
    for python in .venv/bin/python python3 python; do
        if command -v "$python" >/dev/null 2>&1; then exec "$python" scripts/strip_outputs.py; fi
    done
    exec cat
fi
cd "$(dirname "$0")/.."
[ "$(git rev-parse --show-toplevel 2>/dev/null || true)" = "$(pwd -P)" ] || exit 0 # not a clone of its own
git config filter.notebook-outputs.clean 'sh scripts/git_filter.sh clean'
git config filter.notebook-outputs.smudge cat
