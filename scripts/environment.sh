#!/bin/sh
# Make .venv from requirements.lock, or bring it up to date; nothing where it is. Needs Python 3.11 or newer
# with its venv module; everything else comes from pip.
set -eu
cd "$(dirname "$0")/.."
# Without compiled bytecode every notebook starts five seconds later.
unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV || true
export PIP_DISABLE_PIP_VERSION_CHECK=1
venv=.venv
python=$venv/bin/python
log=$venv/install.log
stamp=$venv/.stamp

# What the environment was made for: this folder, and the Python that runs there.
state() { pwd -P; "$python" -ISc 'import sys; print(sys.version)' 2>/dev/null || echo gone; }
ours() { [ "$(cat $venv/.made-in 2>/dev/null)" = "$(state)" ]; }
fresh() {
    for file in requirements.lock pyproject.toml scripts/environment.sh; do
        [ $stamp -nt $file ] || return 1
    done
    ours
}

if [ "${1:-}" = lock ]; then # pin the newest versions that pyproject.toml allows
    exec "${PY:-$python}" -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
        --generate-hashes --quiet --custom-compile-command "make lock" -o requirements.lock
fi
if fresh; then exit 0; fi

stop() {
    echo "$*" >&2
    exit 1
}

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    old=''
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
        command -v "$name" >/dev/null 2>&1 || continue
        recent "$name" || { old=${old:-$("$name" -c 'import platform; print(platform.python_version())' 2>/dev/null || true)}; continue; }
        "$name" -c 'import venv, ensurepip' 2>/dev/null && { echo "$name"; return; }
        old="$name lacks the venv module"
    done
    case $old in
        *venv*) stop "$old; install it (Debian and Ubuntu: apt install python3-venv) and run make again" ;;
        '') stop "Python 3.11 or newer is needed and none was found; install it and run make again" ;;
        *) stop "Python 3.11 or newer is needed, this is $old; install one and run make again, or set PYTHON=..." ;;
    esac
}

with_uv() {
    "$python" -m pip install --quiet --only-binary :all: 'uv>=0.9,<1' >>"$log" 2>&1 &&
        "$python" -m uv pip sync --quiet --python "$python" --require-hashes --compile-bytecode requirements.lock >>"$log" 2>&1
}

with_pip() {
    "$python" -m pip install --quiet --require-hashes -r requirements.lock >>"$log" 2>&1
}

# An environment that was copied, or whose Python is gone or another, is made anew.
ours || rm -rf $venv
if [ ! -e $venv ]; then
    base=$(find_python)
    echo "Setting up $venv with $("$base" --version 2>&1) (about a minute, once)"
    "$base" -m venv $venv || { rm -rf $venv; stop "$base -m venv failed; is its venv module whole?"; }
    state >$venv/.made-in
else
    echo "Bringing $venv up to date"
fi
: >"$log"
with_uv || with_pip || { tail -n 5 "$log" >&2; stop "The packages could not be installed; $log tells more"; }
# No isolated build: what it needs is in the lock, so nothing unpinned is fetched.
"$python" -m pip install --quiet --no-deps --no-build-isolation -e . >>"$log" 2>&1 ||
    { tail -n 5 "$log" >&2; stop "The project could not be installed; $log tells more"; }
"$python" -m compileall -q src >/dev/null 2>&1 || true
sh scripts/git_filter.sh || true # outputs of notebooks stay out of git
touch $stamp
