"""The store: bytes come back as they were put there, or not at all."""

from __future__ import annotations

import io
import os

import pytest

from incident_report.errors import UsageError
from incident_report.store import AFRESH, SETTING, Store, key_of, open_store


def test_what_is_kept_comes_back_and_what_is_damaged_does_not(tmp_path):
    told = io.StringIO()
    store = Store(tmp_path, stream=told)
    store.put("a", b"content")
    assert store.get("a") == b"content"
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-1])
    assert store.get("a") is None
    assert str(tmp_path / "a") in told.getvalue()
    assert store.kept("a", lambda: b"again") == b"again" == store.get("a")


def test_what_was_used_least_lately_goes_first(tmp_path):
    store = Store(tmp_path, most_bytes=400)
    for number, name in enumerate("abcd"):
        store.put(name, b"x" * 64)
        os.utime(tmp_path / name, (number, number))
    store.get("a")
    store.trim()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "c", "d"]


def test_settings_turn_it_off_afresh_or_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv(SETTING, str(tmp_path / "own"))
    monkeypatch.delenv(AFRESH, raising=False)
    open_store().put("a", b"1")
    assert open_store().get("a") == b"1"
    assert open_store(fresh=True).get("a") is None
    monkeypatch.setenv(AFRESH, "1")
    assert open_store().get("a") is None
    monkeypatch.setenv(SETTING, "off")
    store = open_store()
    store.put("a", b"2")
    assert store.get("a") is None


def test_a_folder_that_others_may_write_to_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(SETTING, str(tmp_path))
    tmp_path.chmod(0o777)
    with pytest.raises(UsageError, match="others may write"):
        open_store()
    (tmp_path / "file").touch()
    monkeypatch.setenv(SETTING, str(tmp_path / "file"))
    with pytest.raises(UsageError, match="name a folder"):
        open_store()


def test_keys_differ_where_parts_do():
    assert key_of("a", "b") != key_of("ab") != key_of(["a", "b"])
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
