"""Charts that a browser draws: drawn here where a renderer is installed, else named in a note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nbtypst.drawing import NotDrawn, Renderer, installed

_VEGA_LITE = re.compile(r"application/vnd\.vegalite\.v(\d)(?:\.json|\+json)\Z")
_VEGA = re.compile(r"application/vnd\.vega\.v(\d)(?:\.json|\+json)\Z")
_PLOTLY = "application/vnd.plotly.v1+json"
_OTHERS = {
    "application/vnd.bokehjs_exec.v0+json": "Bokeh",
    "application/vnd.holoviews_exec.v0+json": "HoloViews",
    "application/geo+json": "GeoJSON",
}
_MARKS = 8  # of a chart's layers that are named
_RENDERERS = {"vega": "vl-convert-python", "plotly": "kaleido (and plotly)"}
_ON_MAP = re.compile(r"(?:(?:scatter|choropleth|density)map(?:box)?|scattergeo|choropleth)\Z")
_PICTURE = re.compile(r"<image\b[^>]*?\bhref=\"(?!data:|#)([^\"]*)")
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


def drawn(mime: str, value: Any, renderer: Renderer) -> str:
    """The chart as SVG.

    Raises
    ------
    NotDrawn
        Where no renderer is installed, it cannot draw the chart, or the chart would load something from elsewhere.
    """
    engine, version = _engine(mime)
    spec = _mapping(value)
    if away := elsewhere(spec, engine):
        raise NotDrawn(f"it would load {away[:80]}, and nothing is loaded")
    if not installed(engine):
        raise NotDrawn(f"{_RENDERERS[engine]} would draw it")
    svg = renderer.draw(engine, _figure(spec) if engine == "plotly" else spec, version)
    if outside := _PICTURE.search(svg):
        raise NotDrawn(f"it would load {outside[1][:80]}, and nothing is loaded")
    return svg


def _engine(mime: str) -> tuple[str, str]:
    """What draws a type, and the version of Vega-Lite."""
    if mime == _PLOTLY:
        return "plotly", ""
    if lite := _VEGA_LITE.match(mime):
        return "vega", lite[1]
    if _VEGA.match(mime):
        return "vega", ""
    raise NotDrawn("nothing here draws it")


def _figure(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What Plotly draws of an output: its data and layout."""
    figure = {key: spec[key] for key in ("data", "layout") if key in spec}
    if not isinstance(figure.get("data"), list) or not isinstance(figure.get("layout", {}), dict):
        raise NotDrawn("it is no figure")
    return figure


def elsewhere(spec: Mapping[str, Any], engine: str) -> str:
    """The first address that a chart would load data, pictures or a map from; empty where it needs nothing.

    Examples
    --------
    >>> elsewhere({"layer": [{"data": {"url": "https://example.org/a.csv"}}]}, "vega")
    'https://example.org/a.csv'
    >>> elsewhere({"data": {"values": [{"url": "https://example.org"}]}}, "vega")
    ''
    """
    found = _in_vega(spec) if engine == "vega" else _in_plotly(spec)
    return next((" ".join(text.split()) for text in found if not text.startswith("data:")), "")


def _in_vega(spec: Any) -> Iterator[str]:
    """Addresses in a specification; rows of data hold none that are loaded."""
    todo = [spec]
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo += part
        elif isinstance(part, Mapping):
            todo += [inner for key, inner in part.items() if key not in ("values", "datasets")]
            url = part.get("url")
            url = url.get("signal") if isinstance(url, Mapping) else url
            if isinstance(url, str):
                yield url


def _in_plotly(spec: Mapping[str, Any]) -> Iterator[str]:
    """Addresses of pictures and outlines, and the names of traces on maps, whose ground is loaded."""
    layout = spec.get("layout")
    for picture in _parts(layout if isinstance(layout, Mapping) else {}, "images"):
        yield str(picture.get("source") or "data:")
    for trace in _parts(spec, "data"):
        yield from (trace[key] for key in ("source", "geojson") if isinstance(trace.get(key), str))
        if _ON_MAP.match(kind := str(trace.get("type"))):
            yield f"the map of {kind}"


def named(mime: str, value: Any) -> str:
    """A chart's title and type: ``“Harvest” (Vega-Lite, bar)``."""
    spec = _mapping(value)
    layout = spec.get("layout")
    if _VEGA_LITE.match(mime):
        title, kind = spec.get("title"), f"Vega-Lite, {_mark(spec)}"
    elif _VEGA.match(mime):
        title, kind = spec.get("title"), "Vega"
    elif mime == _PLOTLY:
        title = layout.get("title") if isinstance(layout, Mapping) else None
        kinds = dict.fromkeys(str(trace.get("type") or "scatter")[:30] for trace in _parts(spec, "data"))
        kind = ", ".join(["Plotly", *kinds])
    else:
        title, kind = None, _OTHERS.get(mime, "HTML with scripts")
    said = _said(title)
    return f"“{said}” ({kind})" if said else kind


def _said(title: Any) -> str:
    """A title as one line: it may be text, lines, or an object that holds either."""
    if isinstance(title, Mapping):
        title = title.get("text")
    lines = title if isinstance(title, list) else [title]
    return " ".join(" ".join(line for line in lines if isinstance(line, str)).split())[:200]


def _parts(spec: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects of a list; nothing where it is none."""
    found = spec.get(key)
    return [part for part in found if isinstance(part, Mapping)] if isinstance(found, list) else []


def _mark(spec: Mapping[str, Any]) -> str:
    """What a Vega-Lite chart is made of: its mark, those of its layers, or that it has several charts."""
    found: dict[str, None] = {}
    todo = [spec]
    while todo and len(found) < _MARKS:
        part = todo.pop()
        mark = part.get("mark")
        mark = mark.get("type") if isinstance(mark, Mapping) else mark
        if isinstance(mark, str):
            found[mark[:30]] = None
        else:
            todo += reversed(_parts(part, "layer"))
    return ", ".join(found) or "several charts"


def _mapping(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list | str):
        try:
            value = json.loads("".join(value) if isinstance(value, list) else value)
        except (TypeError, ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}
