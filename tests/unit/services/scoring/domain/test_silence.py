"""Who is silent: three times the longest pause of four weeks, and never before it has shown one."""

from datetime import UTC, datetime, timedelta

import pytest

from services.scoring.domain.ledger import TimelineRow
from services.scoring.domain.silence import FOUR_WEEKS, Heard, silent, voices
from shared.metrics.span import QUARTER, beginning_of, quarter_of

LAST = quarter_of(datetime(2026, 11, 24, 8, 15, tzinfo=UTC))
KNOWN = LAST - FOUR_WEEKS
MAP = {"order-to-door/parcel-arrives": "The parcel arrives (From order to door)"}


def names(heard: Heard, quarters_later: int) -> list[str]:
    at = beginning_of(heard.last + quarters_later)
    return [one.trouble for one in silent([heard], at, touchpoints=MAP, owner="operations")]


@pytest.mark.parametrize(("longest", "pause"), [(1, 3), (24, 72), (4 * 96, 12 * 96)])
def test_a_source_is_silent_when_its_pause_is_longer_than_three_times_its_longest(longest: int, pause: int) -> None:
    heard = Heard("source", "store-survey", KNOWN, LAST, longest)
    assert names(heard, pause) == []
    assert names(heard, pause + 1) == ["silent-source/store-survey"]


def test_one_that_is_known_for_less_than_four_weeks_may_rest_for_three_days() -> None:
    young = Heard("source", "store-survey", KNOWN + 1, LAST, 1)
    assert names(young, 3 * 96) == []
    assert names(young, 3 * 96 + 1) == ["silent-source/store-survey"]


def test_only_touchpoints_that_are_on_a_map_are_missed() -> None:
    there, gone = (Heard("touchpoint", f"order-to-door/{name}", KNOWN, LAST, 4) for name in ("parcel-arrives", "fax"))
    assert names(there, 100) == ["silent-touchpoint/order-to-door/parcel-arrives"]
    assert names(gone, 100) == []


def test_the_sentence_says_who_since_when_and_what_was_usual() -> None:
    heard = Heard("touchpoint", "order-to-door/parcel-arrives", KNOWN, LAST, 24)
    (told,) = silent([heard], beginning_of(LAST + 100), touchpoints=MAP, owner="operations")
    assert told.since == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert told.what == "The parcel arrives (From order to door)"
    assert "since 2026-11-24 08:30 UTC, more than three times its longest pause of four weeks (6h)" in told.says
    assert (told.kind, told.owner, told.over) == ("silent-touchpoint", "operations", False)


def test_voices_are_of_the_quarter_in_which_they_were_received() -> None:
    received = beginning_of(LAST) + timedelta(minutes=3)
    long_ago = received - timedelta(days=90)

    def row(source: str, touchpoint: str | None, at: datetime) -> TimelineRow:
        return ("crm:1", long_ago, at, b"", "1", source, "voc.interaction", "shop", touchpoint, None, 1, 1, b"")

    rows = [
        row("crm", "parcel-arrives", received),
        row("crm", None, received + QUARTER),
        row("pos" * 200, None, received),
    ]
    assert voices(rows) == {
        ("source", "crm", LAST),
        ("source", "crm", LAST + 1),
        ("source", ("pos" * 200)[:255], LAST),
        ("touchpoint", "shop/parcel-arrives", LAST),
    }
