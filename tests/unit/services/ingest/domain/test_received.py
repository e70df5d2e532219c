"""An event without a time is stamped, marked, and otherwise left as it came."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.received import stamped
from shared.events.read import read

AT = datetime(2026, 11, 24, 8, 0, 0, 5, UTC)
EVENT = {"specversion": "1.0", "id": "1", "source": "s", "type": "voc.interaction", "data": {"action": "placed"}}


def test_time_and_mark_are_added_at_the_end() -> None:
    raw = b' {"id":"1","cost":1.10}\n'
    assert stamped(raw, AT) == b' {"id":"1","cost":1.10,"time":"2026-11-24T08:00:00.000005Z","timesource":"received"}'


@pytest.mark.parametrize("odd", [{"time": None}, {"data": {"time": "noon"}}, {"a\\b": 1}, {"timesource": "clock"}])
def test_the_stamp_holds_whatever_else_is_there(odd: dict[str, Any]) -> None:
    found = read(stamped(msgspec.json.encode(EVENT | odd), AT))
    whole = msgspec.json.decode(found.raw)
    assert found.time == AT
    assert found.raw.count(b'"timesource"') == 1
    assert whole == EVENT | odd | {"time": "2026-11-24T08:00:00.000005Z", "timesource": "received"}


def test_a_time_hidden_behind_escapes_is_replaced() -> None:
    raw = msgspec.json.encode(EVENT)[:-1] + rb',"\u0074ime":null}'
    assert read(stamped(raw, AT)).time == AT


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.text() | st.integers(-5, 5), max_size=5))
def test_every_other_member_is_kept(more: dict[str, Any]) -> None:
    more = {name: value for name, value in more.items() if name not in ("time", "timesource")}
    whole = msgspec.json.decode(stamped(msgspec.json.encode(EVENT | more), AT))
    assert {name: whole[name] for name in EVENT | more} == EVENT | more
