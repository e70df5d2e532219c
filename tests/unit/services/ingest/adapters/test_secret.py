"""Secrets by reference."""

from pathlib import Path

import pytest

from services.ingest.adapters import secret
from services.ingest.adapters.secret import Secrets


def test_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECRET", "s3cret")
    monkeypatch.setenv("EMPTY_SECRET", "")
    found = [Secrets().of(f"env:{name}") for name in ("SHOP_SECRET", "EMPTY_SECRET", "NO_SUCH_SECRET")]
    assert found == ["s3cret", None, None]


def test_a_file_without_its_line_end_and_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbfs3cret\r\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    found = [Secrets().of(f"file:{tmp_path / name}") for name in ("secret", "marked", "bytes", "none")]
    assert found == ["s3cret", "s3cret", None, None]


def test_a_file_is_read_anew_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, secrets, at = tmp_path / "secret", Secrets(), 100.0
    monkeypatch.setattr(secret, "monotonic", lambda: at)
    path.write_text("one")
    assert secrets.of(f"file:{path}") == "one"
    path.write_text("two")
    assert secrets.of(f"file:{path}") == "one"
    at += secret.KEPT_SECONDS
    assert secrets.of(f"file:{path}") == "two"
