"""A customer's run through a journey: when it began, how many steps it took, how it ended, what was promised in it."""

from collections.abc import Iterable
from datetime import datetime

from services.scoring.domain import promise as promises
from services.scoring.domain.arrival import Arrival
from services.scoring.domain.ledger import InstanceKey, Ledger
from services.scoring.domain.quarter import quarter_of
from services.scoring.domain.rules import PromiseRule
from services.scoring.domain.state import Cell, Customer, Instance, Opened, Promise, PromiseBook
from shared.events.model import Interaction

PROMISE_KEPT = "promise_kept"


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
                keys.add((customer, rule.journey, where.instance or ""))
    return keys


def move(ledger: Ledger, arrival: Arrival, customer: Customer) -> None:
    """Move the event's instance on, and open and close the promises that the event speaks of."""
    where = arrival.place
    spot = where.spot
    if where.journey is not None and where.instance is not None:
        assert arrival.event.customer is not None
        instance = get(ledger, (arrival.event.customer, where.journey, where.instance), arrival.stamp[0])
        if where.touchpoint is not None and arrival.event.data.__class__ is Interaction:
            instance.steps += 1
        if spot.closes or spot.abandons:
            _end(instance, arrival)
    for rule in spot.opens:
        _open(ledger, arrival, customer, rule)
    for rule in spot.keeps:
        book = _book(ledger, arrival, rule)
        promises.close_promise(book, arrival.stamp, instance=where.instance or "")
        resettle(ledger, customer, book, (rule.journey, rule.touchpoint, where.instance or ""))


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


def _open(ledger: Ledger, arrival: Arrival, customer: Customer, rule: PromiseRule) -> None:
    text = getattr(arrival.event.data, rule.due, None)
    due_at = arrival.rules.due_at(text) if type(text) is str else None
    if due_at is None:
        return
    book, number = _book(ledger, arrival, rule), arrival.place.instance or ""
    promises.open_promise(book, Opened(arrival.stamp, due_at, due_at + rule.grace, rule.major), instance=number)
    resettle(ledger, customer, book, (rule.journey, rule.touchpoint, number))


def _book(ledger: Ledger, arrival: Arrival, rule: PromiseRule) -> PromiseBook:
    assert arrival.event.customer is not None
    key = (arrival.event.customer, rule.journey, arrival.place.instance or "")
    instance = get(ledger, key, arrival.stamp[0])
    book = instance.promises.get(rule.touchpoint)
    if book is None:
        book = instance.promises[rule.touchpoint] = PromiseBook()
    return book


def resettle(ledger: Ledger, customer: Customer, book: PromiseBook, key: tuple[str, str, str]) -> None:
    """Decide a book's promises anew and count what changed. `key` is (journey, touchpoint, instance)."""
    if not book.opened:
        return
    journey, touchpoint, instance = key
    before = {promise.opened: promise for promise in book.promises}
    book.promises = promises.settle(book, instance=instance)
    for promise in book.promises:
        former = before.pop(promise.opened, None) if before else None
        if promise.decided_at is not None:
            promise.persona = former.persona if former is not None and former.persona else customer.persona
        if former is None or former.decided_at != promise.decided_at or former.state != promise.state:
            _recount(ledger, customer, (former, promise), (journey, touchpoint))
    for former in before.values():
        _recount(ledger, customer, (former, None), (journey, touchpoint))


def _recount(
    ledger: Ledger, customer: Customer, change: tuple[Promise | None, Promise | None], at: tuple[str, str]
) -> None:
    """Take a promise back where it was counted before, and count it where it counts now."""
    for promise, times in zip(change, (-1, 1), strict=True):
        if promise is not None and promise.decided_at is not None:
            ledger.count(_cell(promise, promise.decided_at, at), times)
            customer.promises_missed += times * (promise.state == promises.MISSED)


def _cell(promise: Promise, decided_at: datetime, at: tuple[str, str]) -> Cell:
    """Where a promise counts: kept when kept, missed when due."""
    journey, touchpoint = at
    series = (journey, promise.major, touchpoint, "customer", PROMISE_KEPT, "", promise.persona or "", "")
    return series, quarter_of(decided_at), int(promise.state == promises.KEPT)


def fire_at(instance: Instance) -> datetime | None:
    """When the next timer of this instance may fire; None if nothing in it waits."""
    soonest: datetime | None = None
    for book in instance.promises.values():
        for promise in book.promises:
            if promise.state == promises.OPEN and (soonest is None or promise.fire_at < soonest):
                soonest = promise.fire_at
    return soonest
