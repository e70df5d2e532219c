"""What the admin hears of: what is wrong when it begins, what is so now when it is over."""

from datetime import UTC, datetime

from services.scoring.domain.silence import Heard, off_the_map, silent
from services.scoring.domain.standing import Standing
from services.scoring.domain.trouble import HELD, held, news
from shared.events.told.trouble import TroubleTold
from shared.metrics.span import beginning_of

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
LATE = Standing(since=AT, looked_at=AT, incomplete=True, held_since=AT)
MAP = {"order-to-door/parcel-arrives": "The parcel arrives (From order to door)"}


def late() -> TroubleTold:
    found = held(None, [LATE], caught_up=False, owner="operations")
    assert found is not None
    return found


def silence(kind: str, name: str) -> TroubleTold:
    (found,) = silent([Heard(kind, name, 0, 4000, 1)], beginning_of(4004), touchpoints=MAP, owner="operations")
    return found


def test_what_is_over_says_what_is_so_now() -> None:
    begun = late()
    ended = news({HELD: begun}, []).over[0]
    assert (ended.over, ended.removed, ended.since) == (True, False, begun.since)
    assert "counted" in ended.says
    assert "behind" in begun.says
    assert "behind" not in ended.says


def test_a_source_that_speaks_again_is_heard_and_a_step_that_is_off_the_map_is_not() -> None:
    source, step = silence("source", "crm"), silence("touchpoint", "order-to-door/parcel-arrives")
    before = {one.trouble: one for one in (source, step)}
    assert off_the_map(before, MAP) == set()
    over = news(before, [], removed=off_the_map(before, {})).over
    assert [(one.what, one.removed) for one in over] == [("crm", False), (MAP["order-to-door/parcel-arrives"], True)]
    assert over[0].says == "crm is heard again."
    assert "heard again" not in over[1].says


def test_history_that_trickles_in_is_one_trouble_until_it_has_been_quiet() -> None:
    begun = late()
    assert held(begun, [], caught_up=False, owner="operations") == begun
    assert held(begun, [LATE], caught_up=False, owner="operations") == begun
    assert held(begun, [], caught_up=True, owner="operations") is None
