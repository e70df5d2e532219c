"""The books of promises that a batch's events add to, and what becomes of them in the counts."""

from datetime import datetime

from services.scoring.domain import cases
from services.scoring.domain import instance as instances
from services.scoring.domain import promise as promises
from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.ledger import InstanceKey, Ledger, Unsettled
from services.scoring.domain.place import field_of, number_for
from services.scoring.domain.rules import PromiseRule
from services.scoring.domain.state import Cell, Customer, Opened, Promise, PromiseBook
from services.scoring.domain.whose import customers_own
from shared.metrics.span import quarter_of

PROMISE_KEPT = "promise_kept"


def note(ledger: Ledger, arrival: Arrival, customer: Customer, rules_at: RulesAt) -> None:
    """Open and close the promises that the event speaks of. What the event decides counts with the persona that the
    customer was before it."""
    where = arrival.place
    for rule in where.spot.opens:
        _open(ledger, arrival, customer, rule, rules_at)
    for rule in where.spot.keeps:
        number = number_for(arrival.event, where, rule)
        book = _book(ledger, arrival, customer, rule, number, rules_at)
        promises.close_promise(book, arrival.stamp, instance=number)
    if arrival.rules.prompt:
        settle_all(ledger, rules_at)


def _open(ledger: Ledger, arrival: Arrival, customer: Customer, rule: PromiseRule, rules_at: RulesAt) -> None:
    text = field_of(arrival.event, rule.due)
    due_at = arrival.rules.due_at(text) if type(text) is str else None
    if due_at is None:
        return
    number = number_for(arrival.event, arrival.place, rule)
    book = _book(ledger, arrival, customer, rule, number, rules_at)
    opened = Opened(arrival.stamp, due_at, due_at + rule.grace, rule.major, rule.perspective)
    promises.open_promise(book, opened, instance=number)


def _book(
    ledger: Ledger, arrival: Arrival, customer: Customer, rule: PromiseRule, number: str, rules_at: RulesAt
) -> PromiseBook:
    """The book that the event adds to, to be settled when the batch is folded: once, however many events add to it.

    What was decided before a change of persona counts with the former one, so it is settled before the event is added.
    """
    assert arrival.event.customer is not None
    key = (arrival.event.customer, rule.journey, number)
    instance = instances.get(ledger, key, arrival.stamp[0])
    book = instance.promises.get(rule.touchpoint)
    if book is None:
        book = instance.promises[rule.touchpoint] = PromiseBook()
    added = (key, rule.touchpoint)
    former = ledger.unsettled.get(added)
    if former is not None and former.persona != customer.persona:
        settle(ledger, key, rule.touchpoint, former, rules_at)
    ledger.unsettled[added] = Unsettled(customer.persona, arrival.received_at)
    return book


def settle_all(ledger: Ledger, rules_at: RulesAt) -> None:
    """Settle every book that events have added to."""
    for (key, touchpoint), waiting in ledger.unsettled.items():
        settle(ledger, key, touchpoint, waiting, rules_at)
    ledger.unsettled.clear()


def settle(ledger: Ledger, key: InstanceKey, touchpoint: str, waiting: Unsettled, rules_at: RulesAt) -> None:
    """Decide a book anew and count what changed; a promise decided for the first time counts with the persona that
    `waiting` says, and a miss is as old then as it was when the book's last event came."""
    name, journey, number = key
    book, customer = ledger.instances[key].promises[touchpoint], ledger.customers[name]
    if not book.opened:
        return
    before = {promise.opened: promise for promise in book.promises}
    told = bool(number) and any(promise.case for promise in book.promises)  # whichever event opens it
    book.promises = promises.settle(book, instance=number)
    for promise in book.promises:
        former = before.pop(promise.opened, None) if before else None
        if promise.decided_at is not None:
            promise.persona = former.persona if former is not None and former.persona else waiting.persona
        promise.case = told or (former is not None and former.case)
        if former is None or former.decided_at != promise.decided_at or former.state != promise.state:
            _recount(ledger, customer, (former, promise), (journey, touchpoint))
            if promise.state == promises.MISSED and not promise.case:
                promise.case = cases.of_promise(ledger, key, touchpoint, promise, waiting.received_at, rules_at)
    for former in before.values():
        _recount(ledger, customer, (former, None), (journey, touchpoint))


def _recount(
    ledger: Ledger, customer: Customer, change: tuple[Promise | None, Promise | None], at: tuple[str, str]
) -> None:
    """Take a promise back where it was counted before, and count it where it counts now."""
    for promise, times in zip(change, (-1, 1), strict=True):
        if promise is not None and promise.decided_at is not None:
            ledger.count(_cell(promise, promise.decided_at, at), times)
            if promise.state == promises.MISSED and customers_own(promise.perspective):
                customer.promises_missed += times


def _cell(promise: Promise, decided_at: datetime, at: tuple[str, str]) -> Cell:
    """Where a promise counts: kept when kept, missed when due; with those whose journey it was given in."""
    journey, touchpoint = at
    whose = promise.perspective or "customer"
    series = (journey, promise.major, touchpoint, whose, PROMISE_KEPT, "", promise.persona or "", "")
    return series, quarter_of(decided_at), int(promise.state == promises.KEPT)
