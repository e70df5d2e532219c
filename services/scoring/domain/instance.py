"""A customer's run through a journey: when it began, how many steps it took, how it ended, what was promised in it."""

from datetime import datetime

from services.scoring.domain import promise as promises
from services.scoring.domain.arrival import Arrival
from services.scoring.domain.ledger import InstanceKey, Ledger
from services.scoring.domain.quarter import quarter_of
from services.scoring.domain.state import Cell, Customer, Instance, Opened, Promise, PromiseBook
from shared.events.model import Interaction

PROMISE_KEPT = "promise_kept"


def instances_of(arrival: Arrival) -> set[InstanceKey]:
    """The instances that an event may change, known before any of them is loaded."""
    event, where = arrival.event, arrival.place
    if event.customer is None:
        return set()
    keys = {(event.customer, rule.journey, where.instance or "") for rule in (*where.spot.opens, *where.spot.keeps)}
    if where.journey is not None and where.instance is not None:
        keys.add((event.customer, where.journey, where.instance))
    return keys


def move(ledger: Ledger, arrival: Arrival, customer: Customer) -> None:
    """Move the event's instance on, and open and close the promises that the event speaks of."""
    where = arrival.place
    if where.journey is not None and where.instance is not None:
        assert arrival.event.customer is not None
        instance = get(ledger, (arrival.event.customer, where.journey, where.instance), arrival.stamp[0])
        if where.touchpoint is not None and arrival.event.data.__class__ is Interaction:
            instance.steps += 1
        if where.spot.closes or where.spot.abandons:
            _end(instance, arrival)
    if where.spot.opens or where.spot.keeps:
        _promises(ledger, arrival, customer)


def get(ledger: Ledger, key: InstanceKey, at: datetime) -> Instance:
    """The instance of `key`, made where it is new, with `at` inside its span."""
    instance = ledger.instances.get(key)
    if instance is None:
        instance = ledger.instances[key] = Instance(first_at=at, last_at=at)
    elif at < instance.first_at:
        instance.first_at = at
    elif at > instance.last_at:
        instance.last_at = at
    return instance


def _end(instance: Instance, arrival: Arrival) -> None:
    """The first closing or abandoning by (time, source, id) ends an instance; what comes later still belongs to it."""
    spot, stamp = arrival.place.spot, arrival.stamp
    if spot.closes and (instance.closed is None or stamp < instance.closed):
        instance.closed = stamp
    elif spot.abandons and (instance.abandoned is None or stamp < instance.abandoned):
        instance.abandoned = stamp
    closed_first = instance.abandoned is None or (instance.closed is not None and instance.closed < instance.abandoned)
    instance.status = "completed" if closed_first else "abandoned"


def _promises(ledger: Ledger, arrival: Arrival, customer: Customer) -> None:
    where, event = arrival.place, arrival.event
    touched: dict[tuple[str, str], PromiseBook] = {}
    for rule in where.spot.opens:
        text = getattr(event.data, rule.due, None)
        due_at = arrival.rules.due_at(text) if isinstance(text, str) else None
        if due_at is not None:
            book = touched[rule.journey, rule.touchpoint] = _book(ledger, arrival, rule.journey, rule.touchpoint)
            opened = Opened(arrival.stamp, due_at, due_at + rule.grace, rule.major)
            promises.open_promise(book, opened, instance=where.instance or "")
    for rule in where.spot.keeps:
        book = touched[rule.journey, rule.touchpoint] = _book(ledger, arrival, rule.journey, rule.touchpoint)
        promises.close_promise(book, arrival.stamp, instance=where.instance or "")
    for (journey, touchpoint), book in touched.items():
        resettle(ledger, customer, book, (journey, touchpoint, where.instance or ""))


def _book(ledger: Ledger, arrival: Arrival, journey: str, touchpoint: str) -> PromiseBook:
    assert arrival.event.customer is not None
    key = (arrival.event.customer, journey, arrival.place.instance or "")
    instance = get(ledger, key, arrival.stamp[0])
    book = instance.promises.get(touchpoint)
    if book is None:
        book = instance.promises[touchpoint] = PromiseBook()
    return book


def resettle(ledger: Ledger, customer: Customer, book: PromiseBook, key: tuple[str, str, str]) -> None:
    """Decide a book's promises anew and count what changed. `key` is (journey, touchpoint, instance)."""
    journey, touchpoint, instance = key
    before = {promise.opened: promise for promise in book.promises}
    book.promises = promises.settle(book, instance=instance)
    for promise in book.promises:
        former = before.pop(promise.opened, None)
        promise.cell = _cell(promise, former, journey, touchpoint, customer.persona)
        _recount(ledger, customer, former.cell if former else None, promise.cell)
    for former in before.values():
        _recount(ledger, customer, former.cell, None)


def _cell(promise: Promise, former: Promise | None, journey: str, touchpoint: str, persona: str) -> Cell | None:
    """Where a promise counts: kept when kept, missed when due; with the persona that it was first counted with."""
    if promise.decided_at is None:
        return None
    if former is not None and former.cell is not None:
        persona = former.cell[0][6]
    series = (journey, promise.major, touchpoint, "customer", PROMISE_KEPT, "", persona, "")
    return series, quarter_of(promise.decided_at), int(promise.state == promises.KEPT)


def _recount(ledger: Ledger, customer: Customer, before: Cell | None, after: Cell | None) -> None:
    if before == after:
        return
    for cell, times in ((before, -1), (after, 1)):
        if cell is not None:
            ledger.count(cell, times)
            customer.promises_missed += times * (1 - cell[2])


def fire_at(instance: Instance) -> datetime | None:
    """When the next timer of this instance may fire; None if nothing in it waits."""
    waiting = [
        promise.fire_at
        for book in instance.promises.values()
        for promise in book.promises
        if promise.state == promises.OPEN
    ]
    return min(waiting) if waiting else None
