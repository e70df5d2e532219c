"""A source begins to fail and is well again: each is told once, and nothing that goes to and fro is told for ever."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.failing import Count, Traffic, begins, counted_as, lasts, news
from shared.events.set_aside import Door
from shared.events.told.trouble import TroubleTold

NOW = datetime(2026, 11, 25, 13, 40, tzinfo=UTC)


def traffic(refused: int, taken: int, *, door: Door = "webhook", hour: Count | None = None, **more: Any) -> Traffic:
    return Traffic(
        door,
        more.get("source", "survey"),
        Count(taken, refused),
        hour or Count(taken, refused),
        NOW - timedelta(minutes=9),
        more.get("reason", "answers[0]: the question is not configured"),
    )


@pytest.mark.parametrize(
    ("refused", "taken", "fails"),
    [(10, 40, True), (10, 41, False), (9, 0, False), (10, 0, True), (0, 0, False), (1000, 9000, False)],
)
def test_it_begins_with_ten_refusals_that_are_a_fifth_of_what_came(refused: int, taken: int, fails: bool) -> None:
    assert begins(traffic(refused, taken)) is fails


@pytest.mark.parametrize("door", ["events", "scoring", "alerts"])
def test_where_nobody_counts_what_was_taken_refusals_alone_decide(door: Door) -> None:
    assert begins(traffic(10, 0, door=door))
    assert not begins(traffic(9, 0, door=door))


@pytest.mark.parametrize(
    ("hour", "on"),
    [(Count(0, 0), False), (Count(0, 1), True), (Count(49, 1), True), (Count(50, 1), False), (Count(10_000, 0), False)],
)
def test_it_lasts_until_an_hour_has_passed_without_or_with_next_to_none(hour: Count, on: bool) -> None:
    assert lasts(traffic(0, 0, hour=hour)) is on


def test_of_what_is_heard_of_no_more_it_is_over() -> None:
    assert not lasts(None)


def test_it_is_told_what_is_refused_and_why_and_what_to_do() -> None:
    (told,) = news({}, [traffic(14, 6)])
    assert (told.trouble, told.kind, told.what) == ("failing-source/webhook/survey", "failing-source", "survey")
    assert told.says.startswith(
        "14 of 20 deliveries of survey were refused in 15 minutes, the last one because: answers"
    )
    assert "`voc quarantine list --source 'survey'`" in told.says
    assert "sources.yaml" in told.says
    assert not told.over


def test_who_may_call_himself_anything_counts_under_one_name() -> None:
    assert {counted_as(door, "made up") for door in ("events", "scoring", "alerts")} == {""}
    assert counted_as("webhook", "survey") == counted_as("bridge", "survey") == "survey"


def test_one_without_a_name_is_found_by_its_door() -> None:
    (told,) = news({}, [traffic(14, 0, door="events", source="")])
    assert (told.trouble, told.what) == ("failing-source/events", "the senders of POST /v1/events")
    assert "14 events of the senders of POST /v1/events were refused" in told.says
    assert "--door events" in told.says


def test_a_long_reason_is_cut() -> None:
    (told,) = news({}, [traffic(14, 0, reason="x" * 5000)])
    assert len(told.says) < 800


def test_its_end_says_what_is_so_now() -> None:
    (begun,) = news({}, [traffic(14, 6)])
    (quiet,) = news({begun.trouble: begun}, [])
    assert quiet.over
    assert "nothing of it was refused for an hour" in quiet.says
    (busy,) = news({begun.trouble: begun}, [traffic(0, 40, hour=Count(1200, 3))])
    assert "1,200 came and were taken" in busy.says


MINUTES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=240)


@given(MINUTES)
def test_beginning_and_end_are_told_in_turns(minutes: list[tuple[int, int]]) -> None:
    known: dict[str, TroubleTold] = {}
    told: list[tuple[int, bool]] = []
    for now in range(len(minutes)):
        lately, hour = minutes[max(0, now - 14) : now + 1], minutes[max(0, now - 59) : now + 1]
        window, of_hour = (Count(sum(t for t, _ in some), sum(r for _, r in some)) for some in (lately, hour))
        seen = Traffic("webhook", "survey", window, of_hour, NOW, "why")
        for one in news(known, [seen] if of_hour.refused else []):
            told.append((now, one.over))
            known = {} if one.over else {one.trouble: one}
    assert [over for _, over in told] == [bool(n % 2) for n in range(len(told))]
    begun = [at for at, over in told if not over]
    ended = [at for at, over in told if over]
    assert all(end > begin for begin, end in zip(begun, ended, strict=False))
