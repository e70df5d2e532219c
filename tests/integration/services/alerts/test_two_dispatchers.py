"""Several dispatchers at the same queue: each thing once, in order, and an overtaken one writes nothing."""

import asyncio
from datetime import timedelta

from msgspec.structs import replace

from services.alerts.adapters.claimed import Result
from services.alerts.channels.channel import Outgoing, Sent
from shared.programme.model import Owner, Programme, Receiver
from tests.integration.services.alerts.desk import LEASE, Desk
from tests.letters import CASE, GREEN_NOW, MOMENT, WORSE_NOW
from tests.road import until

SECOND = timedelta(seconds=1)


def owners(count: int) -> Programme:
    """Owners owner-0, owner-1 …, each with a channel and a mailbox; and delivery."""
    names = [f"owner-{number}" for number in range(count)] + ["delivery"]
    made = tuple(
        Owner(
            owner=name,
            name=name,
            timezone="UTC",
            notify=(
                Receiver(channel="slack", to=f"#{name}"),
                Receiver(channel="email", to=f"{name}@example.com"),
            ),
        )
        for name in names
    )
    return Programme(name="Retail", timezone="UTC", owners=made)


async def test_each_thing_is_said_once(at_desk: Desk) -> None:
    await at_desk.apply(owners(8))
    cases = [replace(CASE, case=f"case-{n}", owner=f"owner-{n % 8}", customer=f"crm:{n}") for n in range(40)]
    await at_desk.tell(*cases)
    dispatchers = [at_desk.dispatcher(at_once=5) for _ in range(3)]
    for _ in range(10):
        await asyncio.gather(*(at_desk.turn(one) for one in dispatchers))
        at_desk.now.pass_by(SECOND)
    assert {state for _, state in await at_desk.states()} == {"delivered"}
    found = [(one["kind"], one["to"], customer(one["text"])) for one in at_desk.received()]
    assert len(found) == len(set(found)) == 80
    (row,) = await at_desk.rows("select count(*) as n, count(distinct delivery) as deliveries from alerts.attempts")
    assert row["n"] == row["deliveries"] == 80


def customer(text: str) -> str:
    return text[text.index("crm:") :].split()[0].strip(".,")


async def test_nothing_overtakes_in_a_conversation(at_desk: Desk) -> None:
    await at_desk.apply(owners(0))
    dispatchers = [at_desk.dispatcher() for _ in range(3)]
    at_desk.inbox.tell("slack", answer="slow", seconds=0.2, kept=True, times=1)
    await at_desk.tell(MOMENT)
    first = asyncio.create_task(at_desk.turn(dispatchers[0]))
    await asyncio.sleep(0.1)
    await at_desk.tell(WORSE_NOW)
    await at_desk.turn(dispatchers[1])
    await at_desk.tell(GREEN_NOW)
    await at_desk.turn(dispatchers[2])
    assert len(at_desk.received("slack")) == 1, "the first one is under way"
    await first
    await at_desk.work(timedelta(minutes=1))
    said = [one["text"].splitlines()[0] for one in at_desk.received("slack")]
    assert len(said) == 2
    assert "is red no more" in said[1]
    assert [state for _, state in await at_desk.states("slack")] == ["delivered", "overtaken", "delivered"]


async def test_one_that_slept_past_its_lease_is_succeeded_and_writes_nothing(at_desk: Desk) -> None:
    await at_desk.apply(owners(0))
    await at_desk.tell(MOMENT)
    sleeper = at_desk.queue()
    mine = await sleeper.claim(at_desk.now(), most=9)
    assert len(mine) == 2
    assert all([await sleeper.begin(one, at_desk.now()) for one in mine])
    await at_desk.work(LEASE)  # the others find it unclear, look, and say it
    assert len(at_desk.received()) == 2
    late = Result(state="failed", outcome="refused", answer="too late")
    assert not any([await sleeper.settle(one, late, at_desk.now()) for one in mine])
    assert not any([await sleeper.begin(one, at_desk.now()) for one in mine])
    assert {state for _, state in await at_desk.states()} == {"delivered"}


class Slow:
    """A server that takes as long as the test wants."""

    living = False
    pace: timedelta | None = None
    within = timedelta(minutes=12)

    def __init__(self) -> None:
        self.called, self.is_called, self.answers = 0, asyncio.Event(), asyncio.Event()

    async def send(self, delivery: Outgoing) -> Sent:
        self.called += 1
        self.is_called.set()
        await self.answers.wait()
        return Sent(reference=str(delivery.delivery))

    find = send


async def test_a_call_that_takes_many_leases_stays_with_who_makes_it(at_desk: Desk) -> None:
    at_desk.channels, at_desk.renew_each = {"email": (slow := Slow())}, 0.1 * SECOND
    await at_desk.apply(owners(0))
    await at_desk.tell(MOMENT)
    caller = asyncio.create_task(at_desk.turn(at_desk.dispatcher()))
    await slow.is_called.wait()
    for _ in range(3):
        await until(lambda: at_desk.leased_for(LEASE), within=20)
        at_desk.now.pass_by(LEASE - SECOND)
        await at_desk.turn(at_desk.dispatcher())
    slow.answers.set()
    await caller
    assert slow.called == 1
    assert await at_desk.states("email") == [("red", "delivered")]


async def test_one_that_sleeps_before_its_call_does_not_make_it(at_desk: Desk) -> None:
    await at_desk.apply(owners(0))
    await at_desk.tell(MOMENT)
    begun_at, instants = at_desk.now(), iter([0, 0, 40])

    def nodding_off() -> "timedelta":
        return timedelta(seconds=next(instants, 40))

    await at_desk.turn(at_desk.dispatcher(at_once=1), clock=lambda: begun_at + nodding_off())
    assert at_desk.received() == []
    await at_desk.work(LEASE)
    assert len(at_desk.received()) == 2


async def test_a_dispatcher_that_died_between_claim_and_call_leaves_nothing_behind(at_desk: Desk) -> None:
    await at_desk.apply(owners(0))
    await at_desk.tell(MOMENT)
    assert len(await at_desk.queue().claim(at_desk.now(), most=9)) == 2
    await at_desk.work(LEASE - SECOND)
    assert at_desk.received() == []
    await at_desk.work(2 * SECOND)
    assert len(at_desk.received()) == 2
