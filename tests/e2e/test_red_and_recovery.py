"""Events in, a Slack message and a mail out; more events in, and the same people are told that it is over, once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest

from examples.retail import history, live
from examples.retail.customers import Shop
from examples.retail.event import Event
from tests.e2e.stack import Message, Stack, stack
from tests.processes import ROOT

CHANNEL, MAILBOX = "#delivery", "delivery@nordwind.example"
RED, WORSE, OVER = "The parcel arrives is red", "The parcel arrives has become worse", "red no more"


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack(tmp_path_factory.mktemp("home"), ROOT / "examples" / "retail") as found:
        yield found


def test_whoever_is_told_of_the_red_is_told_of_its_end(retail: Stack) -> None:
    shop = Shop(datetime.now(UTC), days=5, customers=120)
    for batch in batches(history.events(shop)):
        retail.post(batch)
    retail.until(lambda: retail.moment()["status"] == "green")
    assert {one["initial"] for one in retail.moment()["measures"]} == {True}
    assert retail.messages(CHANNEL, MAILBOX) == []

    trouble_at = datetime.now(UTC)
    play(retail, live.trouble(shop, trouble_at))
    retail.until(lambda: {one.to for one in retail.messages(CHANNEL, MAILBOX)} == {CHANNEL, MAILBOX})
    told = retail.settled_messages(CHANNEL, MAILBOX)
    assert said(told)[CHANNEL, RED] <= 1, "the living message may have become worse since"
    assert said(told)[MAILBOX, RED] == 1
    for message in told:
        assert "Promise kept" in message.text
        assert "Delivery team" in message.text
    (episode,) = retail.episodes()
    assert (episode["journey"], episode["touchpoint"]) == ("order-to-door", "parcel-arrives")
    assert episode["closed_at"] is None

    play(retail, live.mended(shop, datetime.now(UTC), trouble_at))
    retail.until(
        lambda: {to for to, what in said(retail.messages(CHANNEL, MAILBOX)) if what == OVER} == {CHANNEL, MAILBOX}
    )
    retail.until(lambda: retail.moment()["status"] == "green")
    told = retail.settled_messages(CHANNEL, MAILBOX)
    assert said(told)[MAILBOX, OVER] == 1
    assert 1 <= said(told)[CHANNEL, OVER] <= 2, "one reply, and the living message"
    assert len({one.thread for one in told}) == 2, "all of Slack's in one thread, all mails in another"
    (episode,) = retail.episodes()
    assert episode["closed_at"] is not None


def play(retail: Stack, act: Iterable[live.Timed]) -> None:
    """All of an act at once: its last events are ahead of the clock by seconds, as if producers' clocks were."""
    for batch in batches(event for _, event in act):
        retail.post(batch)


def batches(events: Iterable[Event], size: int = 900) -> Iterator[list[Event]]:
    every = list(events)
    return (every[place : place + size] for place in range(0, len(every), size))


def said(messages: Iterable[Message]) -> Counter[tuple[str, str]]:
    """(receiver, which of the three it says) → how many messages."""
    return Counter((one.to, what) for one in messages for what in (OVER, WORSE, RED) if what in one.text)
