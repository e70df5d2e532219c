"""One red spell: when it opens, what worsens it, how it ends."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.alerts.domain.episode import Closing, Episode, What, change
from shared.events.told.moment import MomentDecided
from tests.letters import ANSWER, CSAT, GREEN_NOW, MOMENT, NPS, OPENED, PROMISE, WORSE_NOW


def opened(decided: MomentDecided = MOMENT) -> Episode:
    episode = change(None, decided, "event-1").episode
    assert episode is not None
    return episode


def test_red_opens_and_the_same_event_opens_the_same() -> None:
    found = change(None, MOMENT, "event-1")
    assert found.what is What.OPENED
    assert found.episode == opened()
    assert found.episode.id != change(None, MOMENT, "event-2").episode.id  # type: ignore[union-attr]
    assert (found.episode.opened_at, found.episode.initial) == (MOMENT.since, False)


def test_a_first_decision_and_one_long_ago_open_too() -> None:
    long_ago = replace(MOMENT, initial=True, previous="unknown", since=OPENED - timedelta(days=400))
    assert (opened(long_ago).initial, opened(long_ago).opened_at) == (True, OPENED - timedelta(days=400))


@pytest.mark.parametrize("status", ["green", "yellow", "unknown"])
def test_what_is_not_red_opens_nothing(status: str) -> None:
    found = change(None, replace(MOMENT, status=status), "event-1")
    assert (found.what, found.episode) == (What.NOTHING, None)


def test_red_that_is_off_the_map_opens_nothing() -> None:
    assert change(None, replace(MOMENT, removed=True), "event-1").what is What.NOTHING


def test_another_red_measure_worsens_it_once() -> None:
    worse = change(opened(), WORSE_NOW, "event-2")
    assert (worse.what, worse.told) == (What.WORSE, MOMENT)
    assert worse.episode is not None
    again = change(worse.episode, WORSE_NOW, "event-3")
    assert again.what is What.SAME
    better = change(worse.episode, replace(WORSE_NOW, measures=(PROMISE, CSAT)), "event-3")
    assert better.episode is not None
    assert change(better.episode, WORSE_NOW, "event-4").what is What.SAME  # it was told of in this spell


def test_the_same_metric_of_another_window_or_percentile_is_another_measure() -> None:
    one = replace(MOMENT, measures=(ANSWER,))
    for other in (replace(ANSWER, window=3600), replace(ANSWER, stat="p50"), NPS):
        assert change(opened(one), replace(one, measures=(ANSWER, other)), "event-2").what is What.WORSE


def test_the_same_metric_on_another_scale_of_the_map_is_another_measure() -> None:
    five, seven = (replace(CSAT, status="red", scale=scale, declared_scale=scale) for scale in ("1-5", "1-7"))
    one = replace(MOMENT, measures=(five,))
    assert change(opened(one), replace(one, measures=(five, seven)), "event-2").what is What.WORSE


@pytest.mark.parametrize("scale", ["1-7", None])
def test_a_red_measure_that_is_answered_most_on_another_scale_is_no_worse(scale: str | None) -> None:
    five = replace(CSAT, status="red")
    one = replace(MOMENT, measures=(five,))
    found = change(opened(one), replace(one, measures=(replace(five, scale=scale),)), "event-2")
    assert found.what is What.SAME
    assert found.episode is not None
    assert found.episode.turned == (five,)


def test_a_red_measure_whose_window_was_changed_is_no_worse() -> None:
    wider = replace(PROMISE, window=7 * 86_400, previous="unknown", initial=True)
    same = change(opened(), replace(MOMENT, measures=(wider, CSAT)), "event-2")
    assert same.what is What.SAME
    assert same.episode is not None
    assert same.episode.turned == (wider,)
    again = change(same.episode, replace(MOMENT, measures=(wider, CSAT)), "event-3")
    assert again.what is What.SAME


def test_two_windows_that_were_replaced_by_one_are_one_measure_that_turned_red() -> None:
    day, week = PROMISE, replace(PROMISE, window=7 * 86_400)
    month = replace(PROMISE, window=28 * 86_400, previous="unknown", initial=True)
    both = replace(MOMENT, measures=(day, week))
    found = change(opened(both), replace(both, measures=(month,)), "event-2").episode
    assert found is not None
    assert found.turned == (month,)


def test_what_turns_red_after_its_window_was_changed_is_worse() -> None:
    wider = replace(PROMISE, window=7 * 86_400)
    assert change(opened(), replace(MOMENT, measures=(wider, CSAT)), "event-2").what is What.WORSE


def test_what_was_told_last_is_kept_until_it_is_worse() -> None:
    figures = replace(MOMENT, decided_at=OPENED + timedelta(hours=1))
    same = change(opened(), figures, "event-2").episode
    assert same is not None
    assert (same.latest, same.told, same.opened) == (figures, MOMENT, MOMENT)
    worse = change(same, WORSE_NOW, "event-3")
    assert worse.episode is not None
    assert (worse.told, worse.episode.told) == (MOMENT, WORSE_NOW)


def test_all_that_turned_red_is_kept_as_it_was_then() -> None:
    turned_later = WORSE_NOW.measures[1]
    worse = change(opened(), WORSE_NOW, "event-2").episode
    even_worse = replace(turned_later, figure=replace(turned_later.figure, value=12.0))
    end = change(worse, replace(WORSE_NOW, measures=(PROMISE, even_worse)), "event-3").episode
    assert end is not None
    assert end.turned == (PROMISE, turned_later)


@pytest.mark.parametrize(
    ("decided", "closing"),
    [
        (replace(GREEN_NOW, since=OPENED + timedelta(hours=5)), Closing.RECOVERED),
        (replace(GREEN_NOW, status="unknown"), Closing.UNKNOWN),
        (replace(GREEN_NOW, status="unknown", removed=True), Closing.REMOVED),
        (replace(MOMENT, removed=True), Closing.REMOVED),
        (replace(GREEN_NOW, status="unknown", remapped=True), Closing.REMAPPED),
    ],
)
def test_it_ends_with_a_reason(decided: MomentDecided, closing: Closing) -> None:
    found = change(opened(), decided, "event-2")
    assert found.what is What.CLOSED
    assert found.episode is not None
    assert (found.episode.closing, found.episode.latest) == (closing, decided)
    assert found.episode.closed_at is not None


def test_it_does_not_end_before_it_began() -> None:
    found = change(opened(), replace(GREEN_NOW, since=OPENED - timedelta(days=1)), "event-2").episode
    assert found is not None
    assert found.closed_at == OPENED


GREEN_AT_LAST = replace(GREEN_NOW, status="green", previous="yellow", since=OPENED + timedelta(hours=9))


def closed(decided: MomentDecided = GREEN_NOW) -> Episode:
    found = change(opened(), decided, "event-2").episode
    assert found is not None
    return found


@pytest.mark.parametrize("ended", [GREEN_NOW, replace(GREEN_NOW, status="unknown")])
def test_what_was_red_no_more_is_green_at_last_once(ended: MomentDecided) -> None:
    former = closed(ended)
    assert change(former, replace(ended, status="yellow"), "event-3").what is What.NOTHING
    found = change(former, GREEN_AT_LAST, "event-3")
    assert (found.what, found.episode) == (What.GREEN, replace(former, latest=GREEN_AT_LAST))
    assert change(found.episode, replace(GREEN_AT_LAST, incomplete=True), "event-4").what is What.NOTHING


@pytest.mark.parametrize(
    ("ended", "now"),
    [
        (GREEN_AT_LAST, GREEN_AT_LAST),
        (replace(GREEN_NOW, status="unknown", removed=True), GREEN_AT_LAST),
        (replace(GREEN_NOW, status="unknown", remapped=True), GREEN_AT_LAST),
        (GREEN_NOW, replace(GREEN_AT_LAST, major=2)),
    ],
)
def test_a_spell_that_is_told_to_its_end_is_left_alone(ended: MomentDecided, now: MomentDecided) -> None:
    assert change(closed(ended), now, "event-3").what is What.NOTHING


def test_a_red_after_a_spell_that_is_over_is_another_spell() -> None:
    found = change(closed(), MOMENT, "event-3")
    assert found.what is What.OPENED
    assert found.episode is not None
    assert found.episode.id != closed().id
