"""Charts that scripts draw: by a renderer of their own process, which may hang, die or print anything."""

from __future__ import annotations

import http.server
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from exports import export
from traits import book, cell, md, png, shown

from nbtypst import charts, drawing
from nbtypst.drawing import NotDrawn, Renderer

LITE, VEGA, PLOTLY = (f"application/vnd.{name}+json" for name in ("vegalite.v5", "vega.v5", "plotly.v1"))
BARS = {
    "title": "Harvest",
    "data": {"values": [{"town": "Ardo", "n": 3}]},
    "mark": "bar",
    "encoding": {"x": {"field": "town"}, "y": {"field": "n", "type": "quantitative"}},
}
FIGURE = {"data": [{"type": "bar", "x": ["Ardo"], "y": [2]}], "layout": {"title": {"text": "Rain"}}}
MARKS = {"width": 40, "height": 20, "marks": [{"type": "text", "encode": {"enter": {"text": {"value": "Vegamark"}}}}]}

# A renderer that answers as each specification says.
FAKE = """
    import json, os, subprocess, sys, time
    for line in sys.stdin:
        do = json.loads(line)["spec"]["do"]
        if do == "draw":
            print(json.dumps({"svg": f"<svg>{os.getpid()}</svg>"}), flush=True)
        elif do == "refuse":
            print(json.dumps({"why": "it is odd"}), flush=True)
        elif do == "junk":
            print("%% no JSON", flush=True)
        elif do == "list":
            print("[1]", flush=True)
        elif do == "empty":
            print(json.dumps({"svg": "<p>no drawing</p>"}), flush=True)
        elif do == "hang":
            subprocess.Popen(["sleep", "97"], start_new_session=True)
            time.sleep(97)
        elif do == "die":
            os.abort()
"""


@pytest.fixture
def fake(tmp_path):
    program = tmp_path / "fake.py"
    program.write_text(textwrap.dedent(FAKE))
    with Renderer((sys.executable, str(program)), seconds=1.5) as renderer:
        yield renderer
    assert not left(renderer)


def left(renderer):
    """Living processes of a renderer."""
    found = []
    for pid in drawing._holding(renderer._mark.encode()):
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        found += [pid] if status != "Z" else []
    return found


def test_one_process_draws_all_charts(fake):
    assert fake.draw("vega", {"do": "draw"}) == fake.draw("plotly", {"do": "draw"})


@pytest.mark.parametrize(
    ("do", "why"),
    [("refuse", "odd"), ("junk", "answer"), ("list", "answer"), ("empty", "no drawing"), ("die", "stopped")],
)
def test_a_chart_that_fails_does_so_alone(fake, do, why):
    with pytest.raises(NotDrawn, match=why):
        fake.draw("vega", {"do": do})
    assert fake.draw("vega", {"do": "draw"}).startswith("<svg")


def test_a_renderer_that_hangs_is_stopped_with_all_that_it_started(fake):
    begun = time.monotonic()
    with pytest.raises(NotDrawn, match="longer"):
        fake.draw("vega", {"do": "hang"})
    time.sleep(0.2)  # what is killed needs a moment
    assert not left(fake)
    assert fake.draw("vega", {"do": "draw"}).startswith("<svg")
    with pytest.raises(NotDrawn, match="longer"):
        fake.draw("vega", {"do": "hang"})
    with pytest.raises(NotDrawn, match="before"):
        fake.draw("vega", {"do": "draw"})
    assert time.monotonic() - begun < 15


def test_a_large_chart_for_a_renderer_that_does_not_read():
    deaf = (sys.executable, "-c", "import time; time.sleep(97)")
    with Renderer(deaf, seconds=1) as renderer, pytest.raises(NotDrawn, match="longer"):
        renderer.draw("vega", {"rows": ["x" * 100] * 10_000})


def test_a_renderer_that_is_not_there():
    with Renderer(("/nowhere/at-all",)) as renderer, pytest.raises(NotDrawn, match="does not start"):
        renderer.draw("vega", {})


@pytest.mark.parametrize("mime", [LITE, VEGA, PLOTLY])
def test_a_chart_nested_very_deeply_is_a_note(mime, monkeypatch):
    monkeypatch.setattr(charts, "installed", lambda _: True)
    spec: dict[str, object] = {"mark": "bar"}
    for _ in range(5_000):
        spec = {"layer": [spec], "data": [spec]} if mime == PLOTLY else {"layer": [spec]}
    with Renderer(("/nowhere/at-all",)) as renderer, pytest.raises(NotDrawn):
        charts.drawn(mime, spec, renderer)
    assert charts.named(mime, spec)


def test_nothing_starts_where_nothing_is_drawn():
    with Renderer(("/nowhere/at-all",)):
        pass


@pytest.mark.parametrize(
    ("engine", "spec", "away"),
    [
        ("vega", {"data": {"url": "data/cars.json"}}, "data/cars.json"),
        ("vega", {"hconcat": [{"layer": [{"data": {"url": "https://e.org/a"}}]}]}, "https://e.org/a"),
        ("vega", {"data": [{"name": "a", "url": {"signal": "'https://e.org/' + x"}}]}, "'https://e.org/' + x"),
        ("vega", {"transform": [{"lookup": "a", "from": {"data": {"url": "b.csv"}}}]}, "b.csv"),
        ("vega", {"mark": {"type": "image", "url": "file:///etc/hostname"}}, "file:///etc/hostname"),
        ("vega", {"data": {"url": "data:text/csv,a%0A1"}}, ""),
        ("vega", {"datasets": {"d": [{"url": "https://e.org"}]}, "encoding": {"href": {"field": "url"}}}, ""),
        ("plotly", {"layout": {"images": [{"source": "http://e.org/a.png"}]}}, "http://e.org/a.png"),
        ("plotly", {"data": [{"type": "choroplethmap", "geojson": "https://e.org/g"}]}, "https://e.org/g"),
        ("plotly", {"data": [{"type": "scattermapbox"}]}, "the map of scattermapbox"),
        ("plotly", {"data": [{"type": "heatmap"}, {"type": "image", "source": "data:image/png;base64,"}]}, ""),
        ("plotly", {"data": 7, "layout": [1]}, ""),
    ],
)
def test_what_a_chart_would_load(engine, spec, away):
    assert charts.elsewhere(spec, engine) == away


@pytest.mark.parametrize("mime", [LITE, VEGA, PLOTLY])
def test_a_chart_whose_data_lie_elsewhere_is_a_note_that_says_so(mime):
    spec = {"data": [{"type": "scattermap"}]} if mime == PLOTLY else {"data": {"url": "https://e.org/rain.csv"}}
    made = export(book(md("Before."), cell(shown({mime: spec, "text/plain": "alt.Chart(...)"}))))
    away = "the map of scattermap" if mime == PLOTLY else "https://e.org/rain.csv"
    assert away in made.text
    assert [w for w in made.warnings if "cell 2" in w and away in w]


def test_a_picture_stands_for_a_chart_that_is_not_drawn():
    made = export(book(cell(shown({PLOTLY: {"data": 7}, "image/png": png()}), alt="Rain.")))
    assert "live notebook" not in made.text
    assert not [w for w in made.warnings if "scripts" in w]


def test_only_the_chart_that_fails_is_a_note(monkeypatch):
    def draw(self, engine, spec, version=""):
        if spec.get("mark") != "bar":
            raise NotDrawn("it is odd")
        return "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'><text y='9'>drawn</text></svg>"

    monkeypatch.setattr(charts, "installed", lambda _: True)
    monkeypatch.setattr(Renderer, "draw", draw)
    made = export(book(*(cell(shown({LITE: BARS | {"mark": mark}})) for mark in ("bar", "odd", "bar"))))
    assert made.text.count("drawn") == 2
    assert made.text.count("live notebook") == 1
    assert [w for w in made.warnings if "cell 2" in w and "it is odd" in w]
    assert not [w for w in made.warnings if "cell 1" in w or "cell 3" in w]


needs_vega = pytest.mark.skipif(not drawing.installed("vega"), reason="vl-convert is not installed")
needs_plotly = pytest.mark.skipif(not drawing.installed("plotly"), reason="kaleido and plotly are not installed")


@needs_vega
def test_vl_convert_draws_and_loads_nothing():
    asked = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}/"
        with Renderer() as renderer:
            assert "Harvest" in renderer.draw("vega", BARS, "5")
            assert "Vegamark" in renderer.draw("vega", MARKS)
            for spec in ({}, {"mark": "odd"}, BARS | {"data": {"url": f"{here}a.json"}}):
                with pytest.raises(NotDrawn):
                    renderer.draw("vega", spec, "5")
            assert "Harvest" in renderer.draw("vega", BARS, "5")
        server.shutdown()
    assert asked == []
    assert not left(renderer)


@needs_plotly
def test_kaleido_draws_and_leaves_no_browser():
    with Renderer() as renderer:
        assert "Rain" in renderer.draw("plotly", FIGURE)
        with pytest.raises(NotDrawn):
            renderer.draw("plotly", {"data": [], "layout": 7})
        assert "Rain" in renderer.draw("plotly", FIGURE)
        folder = renderer._home.name
    assert not left(renderer)
    assert not Path(folder).exists()


@needs_vega
@needs_plotly
def test_drawn_charts_are_words_in_the_pdf():
    data = [{LITE: BARS}, {PLOTLY: FIGURE}, {VEGA: MARKS}]
    made = export(book(*(cell(shown({**one, "text/plain": "x"})) for one in data)))
    assert all(word in made.text for word in ("Harvest", "Rain", "Vegamark"))
    assert "live notebook" not in made.text
