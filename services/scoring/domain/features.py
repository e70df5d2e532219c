"""What a customer's events say about the customer: the features that personas weigh.

Every one is the same for any order of arrival: sums of integers, maxima, and the latest by (time, source, id).
"""

from datetime import datetime
from typing import Any

from services.scoring.domain.state import Action, Amounts, Attribute, Customer, Scores
from shared.events.event import Event, Stamp
from shared.events.model import Feedback, Interaction, Outcome, Profile

MOST_ATTRIBUTES = 200  # names beyond it are kept in the timeline only: a row must not grow without end


def first_seen(at: datetime, persona: str) -> Customer:
    """A customer of whom nothing else is known yet."""
    return Customer(first_at=at, last_at=at, persona=persona, since=at)


def learn(customer: Customer, event: Event, stamp: Stamp) -> None:
    """Add what one event tells, its answers excepted (see `responses`)."""
    at = stamp[0]
    if at < customer.first_at:
        customer.first_at = at
    if at > customer.last_at:
        customer.last_at = at
    data = event.data
    # `type(…) is`, here and in other paths of every event: isinstance of a msgspec type is a call into `abc`
    if type(data) is Interaction:
        if data.action is not None:
            _act(customer, data.action, at)
        _channel(customer, data.channel)
        _attributes(customer, data.attributes, stamp)
    elif type(data) is Feedback:
        _channel(customer, data.channel)
    elif type(data) is Outcome:
        _outcome(customer, data)
    elif type(data) is Profile:
        _attributes(customer, data.attributes, stamp)
        for identifier in data.identifiers:
            known = customer.identifiers.get(identifier)
            if known is None or stamp > known:
                customer.identifiers[identifier] = stamp


def score(customer: Customer, metric: str, value: float, stamp: Stamp) -> None:
    """Add one answer of the customer's own."""
    hundredths = round(value * 100)
    known = customer.scores.get(metric)
    if known is None:
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


def _act(customer: Customer, action: str, at: datetime) -> None:
    known = customer.actions.get(action)
    if known is None:
        customer.actions[action] = Action(1, at)
        return
    known.count += 1
    if at > known.last_at:
        known.last_at = at


def _channel(customer: Customer, channel: str | None) -> None:
    if channel is not None:
        customer.channels[channel] = customer.channels.get(channel, 0) + 1


def _attributes(customer: Customer, attributes: dict[str, Any] | None, stamp: Stamp) -> None:
    if not attributes:
        return
    for name, value in attributes.items():
        known = customer.attributes.get(name)
        if known is None:
            if len(customer.attributes) < MOST_ATTRIBUTES:
                customer.attributes[name] = Attribute(value, stamp)
        elif stamp > known.stamp:
            customer.attributes[name] = Attribute(value, stamp)


def _outcome(customer: Customer, outcome: Outcome) -> None:
    customer.outcomes[outcome.kind] = customer.outcomes.get(outcome.kind, 0) + 1
    if outcome.amount is None:
        return
    amount = round(outcome.amount * 10_000)
    known = customer.amounts or Amounts(0, 0, amount)
    customer.amounts = Amounts(known.n + 1, known.sum + amount, max(known.largest, amount))
