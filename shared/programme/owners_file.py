"""Reads owners.yaml."""

import re
from collections.abc import Callable
from typing import Literal, get_args

from shared.programme.faults import one_of
from shared.programme.hours import hours
from shared.programme.model import Escalation, Owner, Receiver
from shared.programme.names import known, new
from shared.programme.reading import Spot, Wrong
from shared.programme.values import day, delay, listed, text, zone

Channel = Literal["slack", "email", "teams", "pagerduty", "webhook"]

ADDRESSES: dict[str, tuple[str, str]] = {
    "slack": (r"[#@][^\s#@]{1,80}|[CDGU][A-Z0-9]{6,20}", 'a channel such as "#delivery", or its id'),
    "email": (r"[^\s@]+@[^\s@]+", "an address such as delivery@example.com"),
    "teams": (r"https?://\S+", "an address that begins with https://"),
    "pagerduty": (r"\S+", "a routing key"),
    "webhook": (r"https?://\S+", "an address that begins with https://"),
}
_reference = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")


def owners(spot: Spot, timezone: str) -> tuple[Owner, ...]:
    """All owners; those without a time zone of their own live in the programme's."""
    with spot.fields() as fields:
        return fields.need("owners", listed(_owner(timezone)))


def _owner(timezone: str) -> Callable[[Spot], Owner]:
    def read(spot: Spot) -> Owner:
        with spot.fields() as fields:
            name = fields.need("owner", new("owner"))
            return Owner(
                owner=name,
                name=fields.get("name", text, name),
                timezone=fields.get("timezone", zone, timezone),
                hours=fields.get("hours", hours, ()),
                holidays=fields.get("holidays", listed(day), ()),
                notify=fields.get("notify", listed(_receiver), ()),
                escalate=fields.get("escalate", listed(_escalation), ()),
            )

    return read


def _receiver(spot: Spot) -> Receiver:
    entries = spot.entries()
    if len(entries) != 1:
        raise Wrong('one channel and its address, such as {slack: "#delivery"}')
    key, value = entries[0]
    if key.raw not in ADDRESSES:
        raise Wrong(one_of(get_args(Channel), key.raw), f"the key {key.raw!r}")
    pattern, expected = ADDRESSES[key.raw]
    if not (re.fullmatch(pattern, text(value)) or _reference.fullmatch(value.raw)):
        raise Wrong(f"{expected}, or env:NAME that holds it", value.found)
    return Receiver(channel=key.raw, to=value.raw)  # type: ignore[arg-type]  # it is a key of ADDRESSES


def _escalation(spot: Spot) -> Escalation:
    with spot.fields() as fields:
        return Escalation(after=fields.need("after", delay), to=fields.need("to", known("owner")))
