"""Promises: opened by one event, closed by another, missed by the clock. Design §2.3 has the rules.

A book keeps what was said, never what was concluded only: a late event settles it again, and the outcome is the same
for every order of arrival. For that nothing is ever dropped: without an instance a closing that comes late may end any
promise, and with it shift all later pairs, so such a book grows with its customer's events.

With an instance, its closing is about its opening, and keeps it if it is not later than the due time: also where its
clock says that it came before the opening, since clocks of two systems differ. Without one, which opening a closing is
about is told by their times alone, so it must be later than the opening.
"""

from datetime import datetime

from services.scoring.domain.state import Opened, Promise, PromiseBook
from shared.events.event import Stamp

OPEN, KEPT, MISSED = "open", "kept", "missed"


def open_promise(book: PromiseBook, opened: Opened, *, instance: str) -> None:
    """Note an opening. With an instance only the first counts; a later one is a renewal and changes nothing."""
    if not instance:
        book.opened.append(opened)
    elif not book.opened or opened.stamp < book.opened[0].stamp:
        book.opened = [opened]


def close_promise(book: PromiseBook, stamp: Stamp, *, instance: str) -> None:
    """Note a closing. With an instance only the first counts."""
    if not instance:
        book.closed.append(stamp)
    elif not book.closed or stamp < book.closed[0]:
        book.closed = [stamp]


def fire(book: PromiseBook, at: datetime) -> list[Promise]:
    """The timers of this book whose time has come by `at`: note them and return the promises found unkept."""
    late = [promise for promise in book.promises if promise.state == OPEN and promise.fire_at < at]
    book.fired += [(promise.opened, promise.due_at) for promise in late]
    return late


def settle(book: PromiseBook, *, instance: str) -> list[Promise]:
    """What the book says now: every promise with its decision, in order of opening. Cells are not filled in."""
    if not book.opened:
        return []
    fired = set(book.fired)
    if instance:
        return [_decide(fired, book.opened[0], book.closed[0] if book.closed else None)]
    return [_decide(fired, opened, closed) for opened, closed in _pair(book)]


def _pair(book: PromiseBook) -> list[tuple[Opened, Stamp | None]]:
    """Without an instance: each closing ends the oldest promise open at its (time, source, id)."""
    openings = sorted(book.opened, key=lambda opened: opened.stamp)
    pairs: list[tuple[Opened, Stamp | None]] = []
    nearest = 0
    for closed in sorted(book.closed):
        if nearest < len(openings) and openings[nearest].stamp < closed:
            pairs.append((openings[nearest], closed))
            nearest += 1
    return pairs + [(opened, None) for opened in openings[nearest:]]


def _decide(fired: set[tuple[Stamp, datetime]], opened: Opened, closed: Stamp | None) -> Promise:
    promise = Promise(opened.stamp, opened.due_at, opened.fire_at, opened.major, OPEN, perspective=opened.perspective)
    if closed is not None and closed[0] <= opened.due_at:
        promise.state, promise.decided_at = KEPT, closed[0]
    elif closed is not None or (opened.stamp, opened.due_at) in fired:
        promise.state, promise.decided_at = MISSED, opened.due_at
    return promise
