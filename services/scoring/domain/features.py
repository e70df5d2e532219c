"""What a customer's events say about the customer: the features that personas weigh.

Every one is the same for any order of arrival: sums of integers, maxima, and the latest by (time, source, id). Senders
choose the names, and a row must not grow without end: of each kind the first `MOST_NAMES` of the alphabet are kept, the
rest is in the timeline only. A name that is among them in the end was never given up, so nothing of it is missing.
"""

from datetime import datetime
from typing import Any

from services.scoring.domain.state import Customer
from services.scoring.domain.whose import customers_own
from shared.events.event import Event, Stamp
from shared.events.model import Feedback, Interaction, Outcome, Profile
from shared.programme.weigh.features import Action, Amounts, Attribute, Scores

MOST_NAMES = 200


def first_seen(at: datetime, persona: str) -> Customer:
    """A customer of whom nothing else is known yet."""
    return Customer(first_at=at, last_at=at, persona=persona, since=at)


def learn(customer: Customer, event: Event, stamp: Stamp) -> None:
    """Add what one event tells, its answers excepted, and of a part of a response its channel (see `answers`). What
    employees and partners did, and where, is not the customer's."""
    at = stamp[0]
    if at < customer.first_at:
        customer.first_at = at
    if at > customer.last_at:
        customer.last_at = at
    data = event.data
    # `type(…) is`, here and in other paths of every event: isinstance of a msgspec type is a call into `abc`
    if type(data) is Interaction:
        if customers_own(data.perspective):
            if data.action is not None:
                _act(customer, data.action, at)
            _channel(customer, data.channel)
        _attributes(customer, data.attributes, stamp)
    elif type(data) is Feedback:
        if data.response is None and customers_own(data.perspective):
            _channel(customer, data.channel)
    elif type(data) is Outcome:
        _outcome(customer, data)
    elif type(data) is Profile:
        _attributes(customer, data.attributes, stamp)
        for identifier in data.identifiers:
            known = customer.identifiers.get(identifier)
            if _room_for(identifier, customer.identifiers) if known is None else stamp > known:
                customer.identifiers[identifier] = stamp


def score(customer: Customer, metric: str, value: float, stamp: Stamp) -> None:
    """Add one answer of the customer's own."""
    hundredths = round(value * 100)
    known = customer.scores.get(metric)
    if known is None:
        if _room_for(metric, customer.scores):
            customer.scores[metric] = Scores(1, hundredths, value, stamp)
        return
    known.n += 1
    known.sum += hundredths
    if stamp > known.last_stamp:
        known.last, known.last_stamp = value, stamp


def unscore(customer: Customer, metric: str, value: float) -> None:
    """Take one answer back that a later part of the same response replaces; `score` follows with the new one."""
    known = customer.scores.get(metric)
    if known is not None:
        known.n -= 1
        known.sum -= round(value * 100)


def withdraw(customer: Customer, metric: str, value: float) -> None:
    """Take one answer back that is the customer's no more, for a later part says that it was given by another.

    What the customer had said before it is not kept: if it was his latest, that stays until he answers again.
    """
    unscore(customer, metric, value)
    known = customer.scores.get(metric)
    if known is not None and known.n == 0:
        del customer.scores[metric]


def rechannel(customer: Customer, former: str | None, now: str | None) -> None:
    """Count a response where it stands now, by its parts, instead of where it stood before."""
    if former == now:
        return
    if former is not None and former in customer.channels:
        customer.channels[former] -= 1
        if not customer.channels[former]:
            del customer.channels[former]
    _channel(customer, now)


def _act(customer: Customer, action: str, at: datetime) -> None:
    known = customer.actions.get(action)
    if known is None:
        if _room_for(action, customer.actions):
            customer.actions[action] = Action(1, at)
        return
    known.count += 1
    if at > known.last_at:
        known.last_at = at


def _channel(customer: Customer, channel: str | None) -> None:
    if channel is not None:
        _count(customer.channels, channel)


def _attributes(customer: Customer, attributes: dict[str, Any] | None, stamp: Stamp) -> None:
    if not attributes:
        return
    for name, value in attributes.items():
        known = customer.attributes.get(name)
        if _room_for(name, customer.attributes) if known is None else stamp > known.stamp:
            customer.attributes[name] = Attribute(value, stamp)


def _outcome(customer: Customer, outcome: Outcome) -> None:
    _count(customer.outcomes, outcome.kind)
    if outcome.amount is None:
        return
    amount = round(outcome.amount * 10_000)
    known = customer.amounts or Amounts(0, 0, amount)
    customer.amounts = Amounts(known.n + 1, known.sum + amount, max(known.largest, amount))


def _count(times: dict[str, int], name: str) -> None:
    known = times.get(name)
    if known is not None or _room_for(name, times):
        times[name] = (known or 0) + 1


def _room_for(name: str, known: dict[str, Any]) -> bool:
    """Whether a new name is kept; where it is one too many, the last of the alphabet makes room."""
    if len(known) < MOST_NAMES:
        return True
    last = max(known)
    if name > last:
        return False
    del known[last]
    return True
