"""Every feature: what it is worth, and when nothing is known that could tell."""

from datetime import timedelta
from typing import Any

import pytest

from shared.programme.features import WORDS
from shared.programme.weigh.feature_value import value_of
from shared.programme.weigh.features import Action, Amounts, Attribute, Features, Scores
from tests.histories import BEGIN

STAMP = (BEGIN, "urn:shop", "e")
NOW = BEGIN + timedelta(days=10, hours=12)


def somebody() -> Features:
    customer = Features(BEGIN)
    customer.attributes = {"tier": Attribute("gold", STAMP), "gone": Attribute(None, STAMP)}
    customer.actions = {"placed": Action(3, BEGIN + timedelta(days=8)), "later": Action(1, NOW + timedelta(days=1))}
    customer.channels = {"web": 3, "store": 1}
    customer.amounts = Amounts(4, 100_0500, 70_0000)
    customer.scores = {"nps": Scores(2, 1500, 9, STAMP)}
    customer.outcomes = {"purchased": 2}
    customer.promises_missed = 1
    return customer


@pytest.mark.parametrize(
    ("feature", "value", "of_nobody"),
    [
        ("attribute.tier", "gold", None),
        ("attribute.gone", None, None),  # null is the same as left out
        ("attribute.never", None, None),
        ("count.placed", 3, 0),
        ("count.never", 0, 0),
        ("days_since.placed", 2.5, None),
        ("days_since.later", 0, None),  # an event that comes late is older than the action
        ("days_since.never", None, None),
        ("share_of_channel.web", 0.75, None),
        ("share_of_channel.never", 0, None),
        ("amount.sum", 100.05, 0),
        ("amount.mean", 25.0125, None),
        ("amount.max", 70, None),
        ("score.nps.last", 9, None),
        ("score.nps.mean", 7.5, None),
        ("score.csat.last", None, None),
        ("score.csat.mean", None, None),
        ("outcome.purchased", 2, 0),
        ("outcome.never", 0, 0),
        ("promise.missed", 1, 0),
        ("tenure_days", 10.5, 0),
    ],
)
def test_a_feature_of_somebody_and_of_one_of_whom_nothing_is_known(feature: str, value: Any, of_nobody: Any) -> None:
    assert value_of(feature)(somebody(), NOW) == value
    assert value_of(feature)(Features(NOW), NOW) == of_nobody


def test_no_time_is_less_than_none_at_all() -> None:
    early = BEGIN - timedelta(days=1)
    assert (value_of("tenure_days")(somebody(), early), value_of("days_since.placed")(somebody(), early)) == (0, 0)


def test_every_feature_of_the_contract_has_a_value() -> None:
    for forms in WORDS.values():
        for form in forms:
            value_of(form.replace("<", "").replace(">", ""))(somebody(), NOW)
