"""Where a run stopped, and when that is of use."""

from pathlib import Path

import pytest

from cli.sending.bookmark import SHOWN, Bookmark, Known, Shelf
from cli.sending.chunk import Chunk, Refusal
from deploy.local.home import Home
from shared.events.refusal import Problem

URL = "http://127.0.0.1:8080"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.fixture
def known(tmp_path: Path) -> Known:
    file = tmp_path / "events.ndjson"
    file.write_text("{}\n{}\n")
    return Known.of(file)


def test_a_bookmark_is_found_again_with_the_same_shift(home: Home, known: Known) -> None:
    bookmark = Shelf(home, [known], URL, "rebased").read()
    assert not bookmark.begun
    bookmark.shift_seconds = 86_400
    bookmark.took("events.ndjson", Chunk(offset=3, line=1, accepted=1))
    Shelf(home, [known], URL, "rebased").keep(bookmark)
    found = Shelf(home, [known], URL, "rebased").read()
    assert found == bookmark
    assert (found.begun, found.bytes_done, found.shift_seconds) == (True, 3, 86_400)


def test_another_door_another_way_another_file_begin_anew(home: Home, known: Known, tmp_path: Path) -> None:
    Shelf(home, [known], URL, "plain").keep(Bookmark(files=[known], offset=3, line=1))
    other = tmp_path / "other.ndjson"
    other.write_text("{}\n{}\n")
    assert not Shelf(home, [known], "http://elsewhere.example", "plain").read().begun
    assert not Shelf(home, [known], URL, "rebased").read().begun
    assert not Shelf(home, [Known.of(other)], URL, "plain").read().begun
    assert Shelf(home, [known], URL, "plain").read().begun


def test_a_file_that_has_changed_begins_anew(home: Home, known: Known) -> None:
    Shelf(home, [known], URL, "plain").keep(Bookmark(files=[known], offset=3, line=1))
    path = Path(known.path)
    path.write_text("{}\n{}\n{}\n")
    assert not Shelf(home, [Known.of(path)], URL, "plain").read().begun


@pytest.mark.parametrize("content", [b"", b"{", b'{"of":"another release"}'])
def test_a_bookmark_that_cannot_be_read_is_none(home: Home, known: Known, content: bytes) -> None:
    shelf = Shelf(home, [known], URL, "plain")
    shelf.path.write_bytes(content)
    assert not shelf.read().begun


def test_a_finished_run_leaves_none(home: Home, known: Known) -> None:
    shelf = Shelf(home, [known], URL, "plain")
    shelf.keep(Bookmark(files=[known], offset=3, line=1))
    shelf.forget()
    shelf.forget()
    assert not shelf.read().begun


def test_it_counts_and_keeps_the_first_refusals_without_their_lines(known: Known) -> None:
    bookmark = Bookmark(files=[known, known])
    refusals = [Refusal(line=n, problems=[Problem("id", "missing")], raw=b"secret") for n in range(1, 8)]
    for end in (7, 14):
        bookmark.took("events.ndjson", Chunk(refusals=list(refusals), accepted=3, offset=end, line=end))
    assert (bookmark.accepted, bookmark.refused, len(bookmark.shown)) == (6, 14, SHOWN)
    assert {refusal.raw for _, refusal in bookmark.shown} == {b""}
    bookmark.next_file()
    assert (bookmark.at, bookmark.offset, bookmark.bytes_done) == (1, 0, known.size)
