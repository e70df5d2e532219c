"""What each feature of a programme is worth for one customer at one instant (design §2.3).

None is *unavailable*: nothing is known that could tell. What is counted is never unavailable: nothing is 0. Every value
follows from the customer's state alone, at the time of the customer's event, and by no clock.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.programme.features import feature
from shared.programme.weigh.features import Features

Value = Callable[[Features, datetime], Any]

_DAY = 86_400.0
_UNIT = 10_000  # amounts are kept in ten-thousandths
_POINT = 100  # scores in hundredths


def value_of(text: str) -> Value:
    """How a feature, as programmes write it, is read. Raises ValueError where there is no such feature."""
    kind, name, stat = feature(text)
    if kind == "amount":
        return _AMOUNTS[stat]
    if kind == "score":
        return _last(name) if stat == "last" else _mean(name)
    plain = _PLAIN.get(kind)
    return _NAMED[kind](name) if plain is None else plain


def _attribute(name: str) -> Value:
    def value(customer: Features, _: datetime) -> Any:
        known = customer.attributes.get(name)
        return None if known is None else known.value

    return value


def _count(action: str) -> Value:
    def value(customer: Features, _: datetime) -> int:
        known = customer.actions.get(action)
        return 0 if known is None else known.count

    return value


def _days_since(action: str) -> Value:
    def value(customer: Features, at: datetime) -> float | None:
        known = customer.actions.get(action)
        return None if known is None else _days(known.last_at, at)

    return value


def _share_of_channel(channel: str) -> Value:
    def value(customer: Features, _: datetime) -> float | None:
        channels = customer.channels
        return channels.get(channel, 0) / sum(channels.values()) if channels else None

    return value


def _outcome(kind: str) -> Value:
    return lambda customer, _: customer.outcomes.get(kind, 0)


def _last(metric: str) -> Value:
    def value(customer: Features, _: datetime) -> float | None:
        known = customer.scores.get(metric)
        return None if known is None else known.last

    return value


def _mean(metric: str) -> Value:
    def value(customer: Features, _: datetime) -> float | None:
        known = customer.scores.get(metric)
        return None if known is None or not known.n else known.sum / (_POINT * known.n)

    return value


def _days(since: datetime, at: datetime) -> float:
    """An event that comes late may be older than what is known by now: that is no time ago, not less."""
    seconds = (at - since).total_seconds()
    return seconds / _DAY if seconds > 0 else 0.0


def _sum_of_amounts(customer: Features, _: datetime) -> float:
    return customer.amounts.sum / _UNIT if customer.amounts else 0.0


def _mean_amount(customer: Features, _: datetime) -> float | None:
    return customer.amounts.sum / (_UNIT * customer.amounts.n) if customer.amounts else None


def _largest_amount(customer: Features, _: datetime) -> float | None:
    return customer.amounts.largest / _UNIT if customer.amounts else None


def _tenure_days(customer: Features, at: datetime) -> float:
    return _days(customer.first_at, at)


_AMOUNTS: dict[str, Value] = {"sum": _sum_of_amounts, "mean": _mean_amount, "max": _largest_amount}
_PLAIN: dict[str, Value] = {
    "promise": lambda customer, _: customer.promises_missed,
    "tenure_days": _tenure_days,
}
_NAMED: dict[str, Callable[[str], Value]] = {
    "attribute": _attribute,
    "count": _count,
    "days_since": _days_since,
    "share_of_channel": _share_of_channel,
    "outcome": _outcome,
}
