"""A PDF is looked over once, and again where it, what is listed or the looking is another."""

from __future__ import annotations

from incident_report.publish import laid_out
from incident_report.publish.looked_over import looked_over
from incident_report.store import Store


def test_what_was_found_in_a_pdf_is_found_again_without_opening_it(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(laid_out, "astray", lambda content, printed: opened.append(content) or [f"{content} {printed}"])

    def look(content, printed, code="1"):
        opened.clear()
        inputs = {"code": {"src/incident_report/publish/laid_out.py": code}, "lock": "1", "versions": {}}
        return looked_over(Store(tmp_path), inputs)(content, printed), len(opened)

    assert look(b"1", ["Figure 1"]) == (["b'1' ['Figure 1']"], 1)
    assert look(b"1", ["Figure 1"]) == (["b'1' ['Figure 1']"], 0)
    for other in ((b"2", ["Figure 1"]), (b"1", ["Figure 2"]), (b"1", ["Figure 1"], "2")):
        assert look(*other)[1] == 1
