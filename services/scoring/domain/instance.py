"""A customer's run through a journey: when it began, how many steps it took, how it ended."""

from collections.abc import Iterable
from datetime import datetime

from services.scoring.domain.arrival import Arrival
from services.scoring.domain.ledger import InstanceKey, Ledger
from services.scoring.domain.place import number_for
from services.scoring.domain.promise import OPEN
from services.scoring.domain.state import Instance
from shared.events.model import Interaction


def instances_of(arrivals: Iterable[Arrival]) -> set[InstanceKey]:
    """The instances that events may change, known before any of them is loaded."""
    keys: set[InstanceKey] = set()
    for arrival in arrivals:
        customer, where = arrival.event.customer, arrival.place
        if customer is None:
            continue
        if where.journey is not None and where.instance is not None:
            keys.add((customer, where.journey, where.instance))
        for rules in (where.spot.opens, where.spot.keeps):
            for rule in rules:
                keys.add((customer, rule.journey, number_for(arrival.event, where, rule)))
    return keys


def move(ledger: Ledger, arrival: Arrival) -> None:
    """Move the event's instance on."""
    where = arrival.place
    spot = where.spot
    if where.journey is not None and where.instance is not None:
        assert arrival.event.customer is not None
        instance = get(ledger, (arrival.event.customer, where.journey, where.instance), arrival.stamp[0])
        if where.touchpoint is not None and arrival.event.data.__class__ is Interaction:
            instance.steps += 1
        if spot.closes or spot.abandons:
            _end(instance, arrival)


def get(ledger: Ledger, key: InstanceKey, at: datetime) -> Instance:
    """The instance of `key`, made where it is new, with an event of its own at `at` inside its span."""
    instance = ledger.instances.get(key)
    if instance is None:
        instance = ledger.instances[key] = Instance(first_at=at, last_at=at)
    elif instance.first_at is None or at < instance.first_at:
        instance.first_at = at
    if instance.last_at is None or at > instance.last_at:
        instance.last_at = at
    return instance


def lend(ledger: Ledger, key: InstanceKey) -> Instance:
    """The instance of `key` for an answer that stands in it for now: a later part of its response may take it away,
    so the answer widens no span."""
    return ledger.instances.setdefault(key, Instance())


def hollow(instance: Instance) -> bool:
    """Whether nothing is left of an instance: no event of its own, and every answer in it went elsewhere."""
    return instance.first_at is None and not instance.moments


def _end(instance: Instance, arrival: Arrival) -> None:
    """The first closing or abandoning by (time, source, id) ends an instance; what comes later still belongs to it."""
    spot, stamp = arrival.place.spot, arrival.stamp
    if spot.closes and (instance.closed is None or stamp < instance.closed):
        instance.closed = stamp
    elif spot.abandons and (instance.abandoned is None or stamp < instance.abandoned):
        instance.abandoned = stamp
    closed_first = instance.abandoned is None or (instance.closed is not None and instance.closed < instance.abandoned)
    instance.status = "completed" if closed_first else "abandoned"


def fire_at(instance: Instance) -> datetime | None:
    """When the next timer of this instance may fire; None if nothing in it waits."""
    soonest: datetime | None = None
    for book in instance.promises.values():
        for promise in book.promises:
            if promise.state == OPEN and (soonest is None or promise.fire_at < soonest):
                soonest = promise.fire_at
    return soonest
