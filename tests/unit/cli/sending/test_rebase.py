"""`--rebase now`: what moves, by how much, and what stays."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest

import shared.events
from cli.sending.chunk import Chunk, Line
from cli.sending.rebase import latest, moved, rebased, shift_to
from shared.events.promised import promised_instant
from shared.events.read import read

EXAMPLES = Path(shared.events.__file__).parent / "examples"
NOW = datetime(2026, 11, 24, 12, 0, 0, 700_000, UTC)
SHIFT = timedelta(days=3, hours=10)


def test_the_last_event_comes_to_be_now_or_less_than_a_second_ago() -> None:
    for last_at in (datetime(2017, 3, 1, 8, 0, 0, 900_000, UTC), datetime(2030, 1, 1, tzinfo=UTC)):
        assert timedelta() <= NOW - (last_at + shift_to(NOW, last_at)) < timedelta(seconds=1)


def test_the_last_event_is_found_in_any_order_and_offset() -> None:
    times = [
        "2026-01-02T00:30:00+02:00",
        "2026-01-01T23:00:00Z",
        "2026-01-01T22:59:59.999Z",
        "soon",
        "2026-01-09T00:00",
    ]
    lines = [Line(1, msgspec.json.encode({"time": time})) for time in times]
    chunks = [Chunk(lines=lines), Chunk(lines=[Line(6, b"[]"), Line(7, b"{}")])]
    assert latest(chunks) == datetime(2026, 1, 1, 23, tzinfo=UTC)
    assert latest([]) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-01-30T18:00:00Z", "2026-02-03T04:00:00Z"),
        ("2026-01-30T18:00:00.125+01:00", "2026-02-03T04:00:00.125000+01:00"),
        ("2026-01-30", "2026-02-03"),
    ],
)
def test_instants_move_and_dates_move_by_whole_days_up(before: str, after: str) -> None:
    assert moved(before, SHIFT) == after


def test_whole_days_move_dates_by_just_those_and_back() -> None:
    assert moved("2026-02-27", timedelta(days=3)) == "2026-03-02"
    assert moved("2026-03-02", timedelta(days=-3)) == "2026-02-27"
    assert moved("2026-03-02", timedelta(hours=-30)) == "2026-03-01", "up, not away from nought"


def test_a_kept_promise_stays_kept() -> None:
    for hours in range(0, 73, 5):
        shift = timedelta(days=400, hours=hours)
        kept_at = datetime.fromisoformat(moved("2026-01-30T23:59:59+00:00", shift))
        assert kept_at.date().isoformat() <= moved("2026-01-30", shift)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_all_that_the_door_accepts_moves(path: Path) -> None:
    before, after = read(path.read_bytes()), read(rebased(path.read_bytes(), SHIFT))
    for part, name in (("", "time"), ("data", "experienced_at"), ("data", "promised_at"), ("data", "fulfilled_at")):
        old, new = (getattr(getattr(event, part) if part else event, name, None) for event in (before, after))
        if isinstance(old, str) and isinstance(new, str):
            old, new = promised_instant(old), promised_instant(new)
        wanted = SHIFT if name[-3:] != "_at" or old is None or old.time() < time(23, 59, 59) else timedelta(days=4)
        assert new == (None if old is None else old + wanted), name


def test_a_time_in_small_letters_moves_but_what_the_door_does_not_read_stays() -> None:
    assert rebased(b'{"time":"2026-01-30t18:00:00z"}', SHIFT) == b'{"time":"2026-02-03T04:00:00Z"}'
    assert rebased(b'{"time":"20260130T180000Z"}', SHIFT) == b'{"time":"20260130T180000Z"}'
    assert rebased(b'{"time":"2026-01-30"}', SHIFT) == b'{"time":"2026-01-30"}'


def test_only_the_four_instants_move_and_all_else_stands_as_it_was_written() -> None:
    raw = (
        b'{ "id": "2026-01-30", "time":"2026-01-30T18:00:00Z", "other": 1.10, "data": {"promised_at":"2026-01-30",'
        b'"fulfilled_at":"2026-01-30T18:00:00Z","experienced_at":"2026-01-30T18:00:00Z",'
        b'"attributes":{"promised_at":"2026-01-30", "big":12345678901234567890.50}}}'
    )
    assert rebased(raw, SHIFT) == (
        b'{"id":"2026-01-30","time":"2026-02-03T04:00:00Z","other":1.10,"data":{"promised_at":"2026-02-03",'
        b'"fulfilled_at":"2026-02-03T04:00:00Z","experienced_at":"2026-02-03T04:00:00Z",'
        b'"attributes":{"promised_at":"2026-01-30", "big":12345678901234567890.50}}}'
    )


@pytest.mark.parametrize(
    "raw",
    [
        b'{"time":"soon","data":{"promised_at":"2026-13-45"}}',
        b'{"time":null,"data":null}',
        b'{"time":17,"data":[1]}',
        b'{"time":"9999-12-31T00:00:00Z"}',
        b'{"time":"2026-01-30T18:00:00"}',
    ],
)
def test_what_is_no_instant_stays_for_the_door_to_refuse(raw: bytes) -> None:
    assert rebased(raw, SHIFT) == raw
