"""Whatever statuses, outages, deaths and new programmes come in whatever order: who is told what in the end."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.alerts.domain.letter import Recovered, Red, Worse
from shared.events.told.moment import MomentDecided, Status
from tests.letters import CSAT, MOMENT, PROMISE
from tests.unit.services.alerts.programmes import MAIL, SLACK, owner, owners
from tests.unit.services.alerts.simulation import Conversation, Fate, World

_OTHER = replace(SLACK, to="#other")
PROGRAMMES = [
    owners(owner("delivery", SLACK, MAIL)),
    owners(owner("delivery", MAIL)),
    owners(owner("delivery")),
    owners(owner("other", _OTHER), owner("delivery", SLACK), of_arrival="other"),
    owners(),
]
_status: st.SearchStrategy[Status] = st.sampled_from(get_args(Status))
_moment = st.builds(
    lambda promise, csat, removed: _moment_of(promise, csat, removed=removed),
    _status,
    _status,
    st.sampled_from([False] * 9 + [True]),
)
_fate = st.sampled_from([*Fate, Fate.WELL, Fate.WELL])
_deed = st.one_of(
    st.tuples(st.just("decided"), _moment),
    st.tuples(st.just("programme"), st.sampled_from(PROGRAMMES)),
    st.tuples(st.just("attempt"), st.tuples(st.integers(0, 9), _fate)),
    st.tuples(st.just("attempt"), st.tuples(st.integers(0, 9), _fate)),
)


def _moment_of(promise: Status, csat: Status, *, removed: bool) -> MomentDecided:
    order: list[Status] = ["red", "yellow", "green", "unknown"]
    worst = min((promise, csat), key=order.index)
    measures = (replace(PROMISE, status=promise), replace(CSAT, status=csat))
    return replace(MOMENT, status=worst, measures=measures, removed=removed)


def run(deeds: Sequence[tuple[str, Any]]) -> World:
    world, now = World(), PROGRAMMES[0]
    for what, given_ in deeds:
        if what == "decided":
            world.decide(given_, now)
        elif what == "programme":
            now = given_
        elif world.conversations:
            number, fate = given_
            found = list(world.conversations.values())
            world.attempt(found[number % len(found)], fate)
            _nothing_stale(world)
    world.drain()
    return world


def _nothing_stale(world: World) -> None:
    """What arrived last was true when it was sent: no red after its end was known."""
    for conversation in world.conversations.values():
        kinds = [type(letter) for _, letter in conversation.arrived]
        if Recovered in kinds:
            assert set(kinds[kinds.index(Recovered) :]) == {Recovered}, kinds


@settings(max_examples=1500, deadline=None)
@given(st.lists(_deed, max_size=40))
def test_whoever_is_told_of_a_red_is_told_of_its_end_and_of_nothing_stale(deeds: list[tuple[str, Any]]) -> None:
    world = run(deeds)
    _nothing_stale(world)
    for conversation in world.conversations.values():
        _told_right(world, conversation)
    event(f"episodes {min(len(world.episodes), 4)}")


def _told_right(world: World, conversation: Conversation) -> None:
    episode = world.episodes[conversation.episode]
    kinds = [type(letter) for _, letter in conversation.arrived]
    assert kinds, "untold"
    assert kinds[0] in (Red, Recovered)
    assert (kinds[-1] is Recovered) == (episode.closed_at is not None), "told of the red and not of its end"
    times = Counter(id for id, _ in conversation.arrived)
    if conversation.to.channel == "slack":
        assert max(times.values(), default=0) <= 1, "twice in Slack"
    lost = sum(world.fates[fate] for fate in (Fate.LOST, Fate.DIES_CALLED))
    assert sum(times.values()) - len(times) <= lost, "twice without a crash or a lost answer"
    edits_failed = any(one.state == "failed" and one.edit for one in conversation.deliveries)
    if conversation.to.channel == "slack" and conversation.root and not edits_failed:
        shown = conversation.shown
        assert isinstance(shown, Recovered if episode.closed_at else Red | Worse), "the living message is out of date"
        if isinstance(shown, Recovered):
            assert shown.moment == episode.latest
        if isinstance(shown, Red) and conversation.to.name.startswith("Delivery"):
            assert shown.moment == episode.latest


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["green", "yellow", "unknown"]), max_size=20))
def test_what_is_not_red_tells_nobody(statuses: list[Status]) -> None:
    deeds = [("decided", _moment_of(status, status, removed=False)) for status in statuses]
    assert not run(deeds).conversations


def test_a_red_that_never_reached_anybody_is_told_once_with_its_end() -> None:
    red, green = _moment_of("red", "green", removed=False), _moment_of("green", "green", removed=False)
    away = [("attempt", (number, Fate.LATER)) for number in range(10)] * 5
    world = run([("decided", red), *away, ("decided", green), *away])
    for conversation in world.conversations.values():
        assert [type(letter) for _, letter in conversation.arrived] == [Recovered]
