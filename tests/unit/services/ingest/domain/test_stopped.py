"""A topic that is not read on is told once, and once when it is read again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.ingest.domain.bridge_state import BridgeState
from services.ingest.domain.stopped import PATIENCE, news

NOW = datetime(2026, 11, 25, 13, 40, tzinfo=UTC)


def bridge(**fields: Any) -> BridgeState:
    usual: dict[str, Any] = {
        "source": "shop-orders",
        "topic": "shop.orders",
        "state": "stopped",
        "says": "20 records in a row make no event",
        "since": None,
        "lag": 3,
        "partitions": [],
    }
    return BridgeState(**{**usual, **fields})


def test_a_stop_is_told_once_with_what_to_do() -> None:
    (told,) = news({}, [bridge()], NOW)
    assert (told.trouble, told.kind, told.what) == ("stopped-source/shop-orders", "stopped-source", "shop-orders")
    assert (told.since, told.over) == (NOW, False)
    assert "The topic shop.orders is not read any more: 20 records in a row make no event." in told.says
    assert "voc source resume shop-orders" in told.says
    assert news({told.trouble: told}, [bridge()], NOW) == []


def test_its_end_is_told_when_it_is_read_again_or_is_in_the_programme_no_more() -> None:
    (told,) = news({}, [bridge()], NOW)
    (again,) = news({told.trouble: told}, [bridge(state="reading", says="")], NOW)
    assert again.over
    assert "read on, from where it stopped" in again.says
    (gone,) = news({told.trouble: told}, [], NOW)
    assert gone.over
    assert "in the programme no more" in gone.says


def test_what_was_stopped_is_over_as_soon_as_it_is_read_and_what_failed_for_long_only_when_steadily() -> None:
    (told,) = news({}, [bridge()], NOW)
    just, long = NOW - timedelta(seconds=2), NOW - PATIENCE
    assert [one.over for one in news({told.trouble: told}, [bridge(state="reading", since=just)], NOW)] == [True]
    assert news({told.trouble: told}, [bridge(state="reading", since=long)], NOW) == []
    assert news({told.trouble: told}, [bridge(state="waiting", since=just)], NOW) == []


def test_one_that_waits_for_its_broker_is_not_stopped() -> None:
    soon = NOW - PATIENCE + timedelta(seconds=1)
    assert news({}, [bridge(state="waiting", since=soon), bridge(source="other", state="starting")], NOW) == []


def test_one_that_fails_whenever_it_is_tried_is_told_until_it_is_read_steadily() -> None:
    waits = bridge(state="waiting", says="Kafka has no topic shop.orders", since=NOW - PATIENCE)
    (told,) = news({}, [waits], NOW)
    assert (told.kind, told.since) == ("stopped-source", NOW - PATIENCE)
    assert "is not read any more: Kafka has no topic shop.orders. It is tried again" in told.says
    tried = bridge(state="reading", says="", since=waits.since)
    assert news({told.trouble: told}, [tried], NOW) == []
    assert news({}, [tried], NOW) == []
    (over,) = news({told.trouble: told}, [bridge(state="reading", says="", since=None)], NOW)
    assert over.over
