"""The explorer's widget for JupyterLab; importing this module imports anywidget, hence ipywidgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import pandas as pd
import traitlets

from incident_report.analysis.edition import Edition
from incident_report.analysis.explorer import select, view_of
from incident_report.present.explorer import module, payload, styles


class Explorer(anywidget.AnyWidget):
    """The explorer of one edition.

    Parameters
    ----------
    ed : Edition
    view : mapping, optional
        As `analysis.explorer.select` takes it.

    Attributes
    ----------
    view : dict
        What is shown, every key of it; setting it changes what is shown.
    selection : DataFrame
        The rows that are selected now.
    """

    _esm = module()
    _css = styles()
    payload = traitlets.Bytes().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, ed: Edition, view: Mapping[str, Any] | None = None) -> None:
        self._edition = ed
        super().__init__(payload=payload(ed), view=view_of(ed, view))

    @traitlets.validate("view")
    def _sound(self, proposal: Any) -> dict[str, Any]:
        return view_of(self._edition, proposal["value"])

    @property
    def selection(self) -> pd.DataFrame:
        """The incidents of the view: the table of `select`, for every question that takes rows, and for pandas."""
        return select(self._edition, self.view).table
