"""Charts that a browser draws: drawn here where a renderer is installed, else named in a note."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from typing import Any

_VEGA_LITE = re.compile(r"application/vnd\.vegalite\.v(\d)(?:\.json|\+json)\Z")
_VEGA = re.compile(r"application/vnd\.vega\.v(\d)(?:\.json|\+json)\Z")
_PLOTLY = "application/vnd.plotly.v1+json"
_OTHERS = {
    "application/vnd.bokehjs_exec.v0+json": "Bokeh",
    "application/vnd.holoviews_exec.v0+json": "HoloViews",
    "application/geo+json": "GeoJSON",
}
_SCRIPTED = re.compile(r"(?i)<(?:script|canvas|video|audio|iframe)\b")
_BARE = re.compile(r"(?s)\s*(?:<[^<>]*(?: object| at 0x|\.)[^<>]*>|[\w.]+\(\.\.\.\)|Figure\(\{.*)\s*\Z")


def scripted(data: Mapping[str, Any]) -> str:
    """The type of an output's representation that only scripts can draw; empty where there is none."""
    for mime in data:
        if mime == _PLOTLY or mime in _OTHERS or _VEGA_LITE.match(mime) or _VEGA.match(mime):
            return mime
    return ""


def in_html(text: str) -> bool:
    """Whether HTML has something that only a browser can show."""
    return bool(_SCRIPTED.search(text))


def bare(text: str) -> bool:
    """Whether an output's plain text only names a Python object."""
    return bool(_BARE.match(text))


def drawn(mime: str, value: Any) -> bytes | None:
    """The chart as SVG, by vl-convert or kaleido; None where that is not installed or cannot draw it.

    Data that a chart would load from the net are not loaded.
    """
    spec = _mapping(value)
    try:
        if lite := _VEGA_LITE.match(mime):
            converter = importlib.import_module("vl_convert")
            version = lite.group(1)
            known = [v for v in converter.get_vegalite_versions() if v.startswith(f"{version}.")]
            how = {"vl_version": known[-1]} if known else {}
            return str(converter.vegalite_to_svg(spec, allowed_base_urls=[], **how)).encode()
        if _VEGA.match(mime):
            return str(importlib.import_module("vl_convert").vega_to_svg(spec, allowed_base_urls=[])).encode()
        if mime == _PLOTLY:
            figure = {k: spec[k] for k in ("data", "layout") if k in spec}
            content = importlib.import_module("plotly.io").to_image(figure, format="svg", validate=False)
            return bytes(content)
    except ImportError:
        return None
    except Exception:  # renderers raise whatever their engines do
        return None
    return None


def named(mime: str, value: Any) -> str:
    """A chart's title and type: ``“Harvest” (Vega-Lite, bar)``."""
    spec = _mapping(value)
    if _VEGA_LITE.match(mime):
        title, kind = spec.get("title"), f"Vega-Lite, {_mark(spec)}"
    elif _VEGA.match(mime):
        title, kind = spec.get("title"), "Vega"
    elif mime == _PLOTLY:
        layout = spec.get("layout")
        title = layout.get("title") if isinstance(layout, Mapping) else None
        traces = (
            [t for t in spec.get("data") or [] if isinstance(t, Mapping)] if isinstance(spec.get("data"), list) else []
        )
        kinds = dict.fromkeys(str(trace.get("type") or "scatter")[:30] for trace in traces)
        kind = ", ".join(["Plotly", *kinds])
    else:
        title, kind = None, _OTHERS.get(mime, "HTML with scripts")
    if isinstance(title, Mapping):
        title = title.get("text")
    title = " ".join(title) if isinstance(title, list) and all(isinstance(t, str) for t in title) else title
    return f"“{' '.join(title.split())[:200]}” ({kind})" if isinstance(title, str) and title.strip() else kind


def _mark(spec: Mapping[str, Any]) -> str:
    """What a Vega-Lite chart is made of: its mark, those of its layers, or that it has several charts."""
    mark = spec.get("mark")
    if isinstance(mark, Mapping):
        mark = mark.get("type")
    if isinstance(mark, str):
        return mark[:30]
    parts = (
        [p for p in spec.get("layer") or [] if isinstance(p, Mapping)] if isinstance(spec.get("layer"), list) else []
    )
    return ", ".join(dict.fromkeys(_mark(part) for part in parts[:8])) or "several charts"


def _mapping(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list | str):
        try:
            value = json.loads("".join(value) if isinstance(value, list) else value)
        except (TypeError, ValueError):
            return {}
    return value if isinstance(value, Mapping) else {}
