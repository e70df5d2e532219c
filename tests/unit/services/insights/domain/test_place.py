"""Where a figure is looked for: on the map that holds at that time, in the major it had then."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from services.insights.domain.place import NO_MAJOR, Missing, journey_of, place, programme_at
from shared.programme.history import History, Version
from shared.programme.major import with_majors
from shared.programme.model import Journey, Programme, Stage, Touchpoint

CHANGED = datetime(2026, 5, 1, tzinfo=UTC)
BEFORE, NOW = CHANGED - timedelta(days=9), CHANGED + timedelta(days=9)


def programme(**journeys: tuple[Touchpoint, ...]) -> Programme:
    return Programme(
        name="Shop",
        timezone="UTC",
        journeys=tuple(
            Journey(journey=name, name=name, stages=(Stage(stage="all", name="All", touchpoints=touchpoints),))
            for name, touchpoints in journeys.items()
        ),
    )


def step(name: str, action: str = "done") -> Touchpoint:
    return Touchpoint(touchpoint=name, name=name, match=(("action", (action,)),))


def history(first: Programme, second: Programme) -> History:
    second = with_majors(second, [first])
    return History(
        [Version(1, None, BEFORE, "a", first), Version(2, CHANGED, CHANGED, "b", second)],
    )


CHANGED_MEANING = history(programme(buy=(step("pay"),)), programme(buy=(step("pay", "paid"),)))
GROWN = history(programme(buy=(step("pay"),)), programme(buy=(step("pay"), step("collect")), help=(step("ask"),)))


def test_a_figure_has_the_major_of_its_time() -> None:
    assert place(CHANGED_MEANING, "buy", "pay", at=NOW, now=NOW).major == 2
    assert place(CHANGED_MEANING, "buy", "pay", at=CHANGED, now=NOW).major == 2
    assert place(CHANGED_MEANING, "buy", "pay", at=BEFORE, now=NOW).major == 1
    assert place(CHANGED_MEANING, "buy", "pay", at=NOW + timedelta(days=900), now=NOW).major == 2


def test_it_says_whose_journey_it_is() -> None:
    map_ = GROWN.versions[0].programme.journeys[0]
    theirs = Programme(name="x", timezone="UTC", journeys=(msgspec.structs.replace(map_, perspective="employee"),))
    assert place(history(theirs, theirs), "buy", "pay", at=NOW, now=NOW).perspective == "employee"
    assert place(GROWN, "buy", "pay", at=NOW, now=NOW).perspective == "customer"


def test_a_step_that_was_added_is_a_minor_change() -> None:
    assert place(GROWN, "buy", "pay", at=NOW, now=NOW).major == 1


def test_what_came_later_is_known_before_and_counts_nothing_there() -> None:
    assert place(GROWN, "buy", "collect", at=BEFORE, now=NOW)[1] == 1
    assert place(GROWN, "help", "ask", at=BEFORE, now=NOW)[1] == NO_MAJOR


def test_what_is_gone_is_found_at_its_time() -> None:
    gone = history(programme(buy=(step("pay"),), help=(step("ask"),)), programme(buy=(step("pay"),)))
    assert place(gone, "help", "ask", at=BEFORE, now=NOW).touchpoint.touchpoint == "ask"
    with pytest.raises(Missing, match=r"no journey 'help'; there are buy\."):
        place(gone, "help", "ask", at=NOW, now=NOW)


def test_what_is_missing_is_told_with_what_there_is() -> None:
    with pytest.raises(Missing, match=r"There is no journey 'sell'; there are buy, help\."):
        place(GROWN, "sell", "pay", at=NOW, now=NOW)
    with pytest.raises(Missing, match=r"buy has no touchpoint 'ask'; there are pay, collect\."):
        place(GROWN, "buy", "ask", at=NOW, now=NOW)


def test_before_the_first_programme_the_sentence_says_what_to_do() -> None:
    empty = programme_at(History(()), NOW)
    assert empty.journeys == ()
    with pytest.raises(Missing, match="voc programme apply DIR"):
        journey_of(empty, "buy")


def test_a_very_long_name_is_cut() -> None:
    with pytest.raises(Missing) as missing:
        journey_of(msgspec.structs.replace(GROWN.versions[0].programme), "x" * 9000)
    assert len(str(missing.value)) < 200
