"""The name by which papermill knows our engine: `papermill --engine incident-report`.

Papermill loads it while it is itself being imported; so what it is made of is imported when a notebook runs.
"""

from __future__ import annotations

from typing import Any


def execute_notebook(nb: Any, kernel_name: str, **options: Any) -> Any:
    """Run a notebook in a kernel that is forked from a warm process (see `client.Engine`)."""
    from incident_report.publish.client import Engine

    return Engine.execute_notebook(nb, kernel_name, **options)


def nb_kernel_name(nb: Any, name: str | None = None) -> Any:
    """The kernel that a notebook names."""
    from incident_report.publish.client import Engine

    return Engine.nb_kernel_name(nb, name)


def nb_language(nb: Any, language: str | None = None) -> Any:
    """The language that a notebook names."""
    from incident_report.publish.client import Engine

    return Engine.nb_language(nb, language)
