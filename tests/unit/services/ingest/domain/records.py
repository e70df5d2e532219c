"""Records of somebody else's topic, for tests."""

from typing import Any

import msgspec

from services.ingest.domain.foreign import Foreign

WRITTEN = 1_780_300_800_123  # 2026-06-01T08:00:00.123Z


def record(value: Any, *headers: tuple[str, bytes | None], key: bytes | None = b"0042", **fields: Any) -> Foreign:
    """A record with this value: bytes or None as they are, anything else as JSON."""
    raw = value if value is None or isinstance(value, bytes) else msgspec.json.encode(value)
    return Foreign(
        **{"topic": "shop.orders", "partition": 3, "offset": 17, "timestamp": WRITTEN, **fields},
        key=key,
        value=raw,
        headers=headers,
    )


def event(**fields: Any) -> dict[str, Any]:
    """A CloudEvent of ours; `fields` replace or add attributes, None takes one away."""
    whole = {
        "specversion": "1.0",
        "id": "o-1-delivered",
        "source": "urn:shop",
        "type": "voc.interaction",
        "subject": "crm:0042",
        "time": "2026-05-01T10:00:00Z",
        "data": {"action": "delivered", "channel": "courier"},
        **fields,
    }
    return {name: value for name, value in whole.items() if value is not None}
