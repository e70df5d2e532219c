"""The story's live part, simulated: when it turns red, and when it has recovered, by the programme's own thresholds."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from examples.retail import history, live
from examples.retail.customers import Shop
from examples.retail.event import Event
from examples.retail.live import Timed
from shared.events.read import read
from shared.programme.load import load
from shared.programme.model import Measure
from tests.unit.examples.retail.plain_rule import Fact, PlainRule

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIRED_AFTER = timedelta(seconds=2)
"""A miss is known so long after the promise's time at the latest: timers are looked for every second."""


class Moment:
    """Both measures of the moment, ticked as the evaluator does it."""

    def __init__(self, at: datetime) -> None:
        (maps,) = [one for one in load(Path(history.__file__).parent).journeys if one.journey == "order-to-door"]
        (arrives,) = [step for step in maps.touchpoints if step.touchpoint == "parcel-arrives"]
        assert arrives.moment_of_truth is not None
        self._rules = {m.metric: PlainRule(m) for m in arrives.moment_of_truth.measures}
        self._tick = timedelta(seconds=_tick(arrives.moment_of_truth.measures))
        self.at = at

    def seconds_until(self, events: list[Event], holds: Callable[[set[str]], bool], *, most: float) -> float:
        """How long it ticks until its statuses are as wanted."""
        facts = {"promise_kept": list(promises(events)), "csat": list(answers(events))}
        begin, end = self.at, self.at + timedelta(seconds=most)
        while not holds(self.statuses()):
            assert self.at < end, f"{self.statuses()} after {most} s"
            self.at += self._tick
            for metric, rule in self._rules.items():
                rule.tick(facts[metric], self.at)
        return (self.at - begin).total_seconds()

    def share(self, metric: str) -> float:
        """Of the long window."""
        return self._rules[metric].share

    def statuses(self) -> set[str]:
        return {rule.status for rule in self._rules.values()}


@pytest.mark.parametrize("idle", [timedelta(seconds=5), timedelta(minutes=25), timedelta(minutes=85)])
@pytest.mark.parametrize("minutes", [0, 5, 10, 14.9])
def test_red_comes_in_seconds_and_recovery_within_a_minute(minutes: float, idle: timedelta) -> None:
    shop = Shop(NOON + timedelta(minutes=minutes), days=7, customers=300)
    events = list(history.events(shop))
    trouble_at = shop.ends_at + timedelta(seconds=20)
    moment = Moment(trouble_at)
    assert moment.seconds_until(events, lambda found: found == {"green"}, most=1) == 1, "green at the first decision"

    events += moved(live.trouble(shop, trouble_at), trouble_at)
    moment.at = trouble_at
    assert moment.seconds_until(events, lambda found: "red" in found, most=12) >= 3
    assert moment.share("promise_kept") < 0.8, "the hour alone looks red, too: no message has to be explained"
    mended_at = moment.at + idle
    moment.seconds_until(events, lambda found: moment.at >= mended_at, most=idle.total_seconds() + 2)
    assert "red" in moment.statuses(), "it stays red until somebody mends it"

    mended_at = moment.at
    events += moved(live.mended(shop, mended_at, trouble_at), mended_at)
    assert moment.seconds_until(events, lambda found: "red" not in found, most=25) > 0
    assert moment.seconds_until(events, lambda found: found == {"green"}, most=20) > 0


def test_live_events_pass_the_door_once_each_and_in_order() -> None:
    shop = Shop(NOON, days=7, customers=300)
    acts = [list(live.trouble(shop, NOON)), list(live.mended(shop, NOON + timedelta(minutes=1), NOON))]
    acts.append(list(live.mended(shop, NOON + timedelta(minutes=2), NOON, before=1)))
    for act in acts:
        assert [at for at, _ in act] == sorted(at for at, _ in act)
        assert act[-1][0] < 40
    events = [event for act in acts for _, event in act]
    late = {event["id"] for event in events if event["data"].get("action") == "delivered"}
    names = [read(msgspec.json.encode(event)).id for event in events]
    again = {name for name in names if names.count(name) > 1}
    assert again <= late, "what was missed is brought once, whoever mends how often"
    assert acts[0] == list(live.trouble(shop, NOON))


def test_the_star_of_the_story_waits_says_so_and_asks() -> None:
    shop = Shop(NOON, days=7, customers=300)
    about = [event["data"] for _, event in live.trouble(shop, NOON) if event.get("subject") == live.star(shop)]
    assert {"announced", "asked"} <= {data.get("action") for data in about}
    assert [data["answers"][0]["score"] for data in about if data.get("comment")] == [1]


def moved(act: Iterable[Timed], starts_at: datetime) -> list[Event]:
    """The events of an act, each with its own time."""
    found = []
    for at, event in act:
        assert event["time"] == (starts_at + timedelta(seconds=at)).isoformat(timespec="milliseconds")[:-6] + "Z"
        found.append(event)
    return found


def promises(events: list[Event]) -> Iterable[Fact]:
    """What became of every announced parcel whose time has come or will."""
    came = {e["data"]["instance"]: _at(e) for e in events if e["data"].get("action") == "delivered"}
    for event in events:
        if event["data"].get("action") == "announced":
            due = datetime.fromisoformat(event["data"]["promised_at"])
            at = came.get(event["data"]["instance"])
            kept = at is not None and at <= due
            yield Fact(at, at, good=True) if at is not None and kept else Fact(due + FIRED_AFTER, due, good=False)


def answers(events: list[Event]) -> Iterable[Fact]:
    for event in events:
        data: dict[str, Any] = event["data"]
        if data.get("touchpoint") == "parcel-arrives":
            for answer in data.get("answers", ()):
                yield Fact(_at(event), datetime.fromisoformat(data["experienced_at"]), good=answer["score"] >= 4)


def _at(event: Event) -> datetime:
    return datetime.fromisoformat(event["time"])


def _tick(measures: Iterable[Measure]) -> int:
    (tick,) = {measure.tick for measure in measures}
    assert tick is not None
    return tick
