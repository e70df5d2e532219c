"""A batch is taken apart, and each event judged alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.batch import sort, split
from shared.events.refusal import Refused

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def event(**fields: Any) -> dict[str, Any]:
    usual = {"specversion": "1.0", "id": "1", "source": "s", "type": "voc.outcome", "subject": "crm:1"}
    return {**usual, "time": "2026-11-20T00:00:00Z", "data": {"kind": "churned"}, **fields}


def test_what_is_right_goes_on_as_it_came_and_what_is_wrong_says_why() -> None:
    body = msgspec.json.encode([event(), event(id="2", type="voc.unheard"), 7, event(id="3", subject="crm:9")])
    accepted, rejected = sort(split(body), NOW)
    assert accepted == [
        ("crm:1", msgspec.json.encode(event())),
        ("crm:9", msgspec.json.encode(event(id="3", subject="crm:9"))),
    ]
    assert [(one.index, one.id, one.source) for one in rejected] == [(1, "2", "s"), (2, None, None)]
    assert [problem.path for problem in rejected[0].problems] == ["type"]
    assert rejected[0].raw == msgspec.json.encode(event(id="2", type="voc.unheard"))
    assert rejected[1].reason == "expected a JSON object, found a number"
    assert rejected[1].origin == "POST /v1/events[2]"


def test_an_event_without_a_time_is_stamped_and_one_too_far_ahead_refused() -> None:
    ahead = (NOW + timedelta(hours=24, seconds=1)).isoformat()
    accepted, rejected = sort(split(msgspec.json.encode([event(time=None), event(time=ahead)])), NOW)
    assert msgspec.json.decode(accepted[0][1])["timesource"] == "received"
    assert [problem.path for problem in rejected[0].problems] == ["time"]


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"[1,]", b"[] []", b'"text"', b'["\xff"]', b"[" * 5000])
def test_what_is_no_array_is_malformed(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        split(body)
    assert refused.value.malformed


_anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(_anything | st.just(event()), max_size=8))
def test_every_item_is_either_accepted_or_rejected_in_order(items: list[Any]) -> None:
    accepted, rejected = sort(split(msgspec.json.encode(items)), NOW)
    assert len(accepted) == items.count(event())
    assert [one.index for one in rejected] == [n for n, item in enumerate(items) if item != event()]
    assert all(one.problems for one in rejected)
