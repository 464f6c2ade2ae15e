"""What a kernel may know of the machine it runs on: next to nothing."""

from __future__ import annotations

import os
from pathlib import Path

from incident_report.paths import CACHE, MODULES

# What a Python needs to start, where it may put temporary files, and whether it remembers what it worked out.
# Everything else that stands in the environment (home folder, locale, start-up files, module paths, style files,
# back ends, processor choices, colours) could change the report without a change of its inputs, and does not
# reach a kernel.
KEPT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "INCIDENT_REPORT_STORE")


def kernel_environment(cache: Path, epoch: int) -> dict[str, str]:
    """Environment variables of the kernels: the few of `KEPT`, and ours.

    Parameters
    ----------
    cache : Path
        Where matplotlib keeps its font list between builds (a cold one costs a kernel time), and what
        stands for a home folder.
    epoch : int
        Seconds since 1970 that stand for "now" wherever a library wants a date.
    """
    home, matplotlib = cache / "home", cache / "matplotlib-own"
    for folder in (home, matplotlib):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(matplotlib),
        "MPL_IGNORE_SYSTEM_FONTS": "1",  # a chart drawn outside our theme finds matplotlib's own fonts
        "SOURCE_DATE_EPOCH": str(epoch),
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        # Kernels share the cores; threads inside them only get in each other's way.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def warm_environment() -> dict[str, str]:
    """Environment variables of a process that kernels are forked from, before it is known what they will read."""
    return {**kernel_environment(CACHE, 0), "PYTHONPATH": MODULES}
