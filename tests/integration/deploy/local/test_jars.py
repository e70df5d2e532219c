"""Kafka's jars from a mirror that is not always what it should be."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy.local import jars
from deploy.local.jars import BrokenDownload

JAR = b"PK the jar that was locked" * 1000
PLACE = "example/made/up/one/1.0/one-1.0.jar"


class Mirror:
    """Serves what `files` has by path, and counts."""

    def __init__(self) -> None:
        self.files = {PLACE: JAR}
        self.asked: list[str] = []


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Mirror]:
    found = Mirror()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            body = found.files.get(self.path.lstrip("/"))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("VOC_MAVEN_URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("VOC_CACHE", str(tmp_path / "cache"))
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "one.lock"
    path.write_text(
        '[[dependencies]]\ngroupId = "example.made.up"\nartifactId = "one"\nversion = "1.0"\n'
        f'packaging = "jar"\nsha256 = "{hashlib.sha256(JAR).hexdigest()}"\n'
    )
    return path


def test_a_jar_is_fetched_once_and_found_offline_from_then_on(
    mirror: Mirror, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    assert not jars.are_there(lock=lock)
    (path,) = jars.fetch(lambda there, of: told.append((there, of)), lock=lock)
    assert path.read_bytes() == JAR
    assert told == [(1, 1)]
    assert jars.are_there(lock=lock)
    monkeypatch.setenv("VOC_MAVEN_URL", "http://127.0.0.1:9/")
    assert jars.fetch(lock=lock) == [path]


@pytest.mark.parametrize("other", [JAR[:100], JAR + b"more", b"", b"<html>Sign in to the network</html>"])
def test_a_jar_that_is_not_the_one_that_was_locked_is_deleted(mirror: Mirror, lock: Path, other: bytes) -> None:
    mirror.files[PLACE] = other
    with pytest.raises(BrokenDownload, match=r"one-1\.0\.jar .*run the command again"):
        jars.fetch(lock=lock)
    assert not list(jars.folder().rglob("one-1.0.jar"))
    mirror.files[PLACE] = JAR
    (path,) = jars.fetch(lock=lock)
    assert path.read_bytes() == JAR, "the next try has it"


def test_what_a_killed_download_left_is_fetched_again(mirror: Mirror, lock: Path) -> None:
    (path,) = jars.fetch(lock=lock)
    path.write_bytes(JAR[:-1])
    assert jars.fetch(lock=lock)[0].read_bytes() == JAR


def test_a_jar_that_is_not_there_is_a_sentence(mirror: Mirror, lock: Path) -> None:
    mirror.files.clear()
    with pytest.raises(BrokenDownload, match=r"one-1\.0\.jar did not arrive .*VOC_MAVEN_URL"):
        jars.fetch(lock=lock)


def test_no_connection_is_a_sentence(lock: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOC_MAVEN_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("VOC_CACHE", str(tmp_path / "cache"))
    with pytest.raises(BrokenDownload, match="check the connection to Maven Central"):
        jars.fetch(lock=lock)


def test_a_cache_that_cannot_be_written_is_a_sentence(
    lock: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VOC_CACHE", str(tmp_path / "file"))
    with pytest.raises(BrokenDownload, match="choose another folder by VOC_CACHE"):
        jars.fetch(lock=lock)
