"""What is known of a customer has an end, and which of it is known does not depend on the order it came in."""

from itertools import permutations
from typing import Any

import pytest

from services.scoring.domain.features import MOST_NAMES
from tests.histories import BEGIN
from tests.programmes import RETAIL
from tests.unit.services.scoring.documents import document
from tests.unit.services.scoring.memory import Memory

KINDS = ("attributes", "identifiers", "actions", "channels", "outcomes", "scores")


def told(n: int) -> list[dict[str, Any]]:
    """All that events can name, with names of which this is the n-th."""
    name = f"name-{n:04}"
    answer = {"metric": name, "score": 4, "scale": [1, 5]}
    return [
        document(f"i{n}", "interaction", n, action=name, channel=name, attributes={name: n}),
        document(f"o{n}", "outcome", n, kind=name),
        document(f"p{n}", "profile", n, identifiers=[f"x:{name}"]),
        document(f"f{n}", "feedback", n, touchpoint="chat", answers=[answer]),
    ]


def known(documents: list[dict[str, Any]]) -> dict[str, Any]:
    memory = Memory(RETAIL)
    memory.fold(documents, BEGIN)
    customer: dict[str, Any] = memory.state()["customers"]["customer:ana"]
    return {kind: customer[kind] for kind in KINDS}


def test_of_too_many_names_the_same_are_kept_in_every_order() -> None:
    documents = [one for n in range(MOST_NAMES + 20) for one in told(n)]
    forwards, backwards = known(documents), known(documents[::-1])
    assert forwards == backwards
    assert {len(kept) for kept in forwards.values()} == {MOST_NAMES}


def test_nothing_is_missing_of_a_name_that_is_kept() -> None:
    again = [document(f"again-{n}", "interaction", n, channel="name-0000") for n in range(3)]
    many = [one for n in range(MOST_NAMES + 20) for one in told(n)]
    for order in ([*again, *many], [*many, *again], [*many[::-1], *again]):
        assert known(order)["channels"]["name-0000"] == 4


@pytest.mark.parametrize("whose", ["employee", "partner"])
def test_what_others_did_and_where_is_not_the_customers(whose: str) -> None:
    memory = Memory(RETAIL)
    answers = [{"metric": "csat", "score": 4, "scale": [1, 5]}]
    theirs = {"channel": "intranet", "perspective": whose}
    memory.fold(
        [
            document("did", "interaction", 1, action="called", attributes={"tier": "gold"}, **theirs),
            document("said", "feedback", 2, touchpoint="chat", answers=answers, **theirs),
            document("own", "interaction", 3, action="placed", channel="web", perspective="customer"),
        ],
        BEGIN,
    )
    customer = memory.state()["customers"]["customer:ana"]
    assert (set(customer["actions"]), customer["channels"]) == ({"placed"}, {"web": 1})
    assert set(customer["attributes"]) == {"tier"}, "what is told of the customer is the customer's whoever tells it"


def test_a_response_in_parts_has_one_channel_and_none_where_a_part_says_that_another_answered() -> None:
    parts = [
        document("score", "feedback", 1, touchpoint="chat", response="r1", channel="phone"),
        document("more", "feedback", 2, touchpoint="chat", response="r1", channel="web"),
        document("whose", "feedback", 3, touchpoint="chat", response="r1", perspective="employee"),
    ]
    for order in permutations(parts[:2]):
        assert channels(list(order)) == {"web": 1}
    for order in permutations(parts):
        assert channels(list(order)) == {}


def channels(documents: list[dict[str, Any]]) -> dict[str, int]:
    memory = Memory(RETAIL)
    for one in documents:
        memory.fold([one], BEGIN)
    found: dict[str, int] = memory.state()["customers"]["customer:ana"].get("channels", {})
    return found
