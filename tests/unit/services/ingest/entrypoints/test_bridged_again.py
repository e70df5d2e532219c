"""A bridge's record comes in again as it would have come: its event has the id of its place."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from services.ingest.domain.again import Again, again, ways
from services.ingest.domain.kept import Kept
from services.ingest.entrypoints.bridged_again import way
from shared.kafka.quarantine import of_record
from shared.programme.source import Source

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
MAP = "{type: 'voc.outcome', subject: who, data: {kind: kind}}"
ORDERS = Source(source="shop-orders", topic="shop.orders", map="m", mapping=MAP)


def kept(value: Any, **fields: Any) -> Kept:
    usual: dict[str, Any] = {
        "door": "bridge",
        "source": "shop-orders",
        "origin": "shop.orders[2]@41",
        "reason": "why",
        "kind": "unmapped",
        "problems": [],
        "content_type": None,
        "authentic": None,
        "first_seen": AT,
        "headers": of_record(b"k", [("h", b"1")], timestamp=1_764_057_600_000, generation=3),
    }
    return Kept(value=value if isinstance(value, bytes) else msgspec.json.encode(value), **{**usual, **fields})


def came(one: Kept, *sources: Source) -> Again:
    return again(one, ways({"bridge": way(lambda: sources, most_bytes=1_000_000)}))


def test_its_event_has_the_id_of_its_place_and_the_time_of_its_record() -> None:
    found = came(kept({"who": "crm:1", "kind": "churned"}), ORDERS)
    ((key, raw),) = found.events
    event = msgspec.json.decode(raw)
    assert (key, event["id"], event["source"]) == ("crm:1", "shop.orders/3/2/41", "shop-orders")
    assert event["time"].startswith("2025-11-25T08:00:00")


def test_the_map_of_now_decides() -> None:
    wrong = kept({"who": "crm:1", "sort": "churned"})
    assert [problem.path for problem in came(wrong, ORDERS).problems] == ["data.kind"]
    mended = Source(source="shop-orders", topic="shop.orders", map="m", mapping=MAP.replace("kind}", "sort}"))
    assert came(wrong, mended).problems == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"source": "gone"}, "has no topic for 'gone'"),
        ({"origin": "somewhere"}, "is no record of a topic"),
        ({"kind": "too-large"}, "only its beginning"),
        (
            {"headers": of_record(b"k" * 20_000, [], timestamp=0, generation=1)},
            "1 of the key and headers of shop.orders",
        ),
    ],
)
def test_what_cannot_come_in_says_why(fields: dict[str, Any], said: str) -> None:
    found = came(kept({"who": "crm:1", "kind": "churned"}, **fields), ORDERS)
    assert found.events == []
    assert said in found.problems[0].message
