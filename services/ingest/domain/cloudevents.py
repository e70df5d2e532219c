"""A delivery that is CloudEvents of ours already, in any of the three modes of their HTTP binding."""

import msgspec

from services.ingest.domain.batch import sort, split
from services.ingest.domain.binary import is_binary, structured
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import MOST_PARTS, UNVERIFIED, Mapped, Ready, too_many
from services.ingest.domain.mode import BATCH_TYPE, JSON_TYPE, STRUCTURED_TYPE, Mode, mode_of
from services.ingest.domain.received import stamped
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Problem, Refused

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def cloud_events(delivery: Delivery, *, verified: bool) -> Mapped:
    """Its events, which keep their own id and source. Raises Refused, as malformed, for what cannot be read at all."""
    mode = mode_of(delivery.headers.get("content-type", "").encode("latin-1", "replace"))
    if mode is None:
        expected = f"expected the content type {STRUCTURED_TYPE}, {BATCH_TYPE} or {JSON_TYPE}"
        raise Refused([Problem("", expected)], malformed=True)
    mapped = Mapped()
    if mode is Mode.BATCH:
        items = split(delivery.body)
        if len(items) > MOST_PARTS:
            return Mapped(problems=[too_many("events", len(items))])
        accepted, rejected = sort(items, delivery.received_at)
        mapped.events = [Ready(key, raw) for key, raw in accepted]
        for one in rejected:
            mapped.problems += [Problem(f"[{one.index}]{_dotted(p.path)}", p.message) for p in one.problems]
    else:
        _one(delivery, mode, mapped)
    if not verified:
        mapped.events = [Ready(event.key, _marked(event.raw)) for event in mapped.events]
    return mapped


def _one(delivery: Delivery, mode: Mode, mapped: Mapped) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in delivery.headers.items()]
    raw = structured(headers, delivery.body) if mode is Mode.PLAIN and is_binary(headers) else delivery.body
    try:
        event = read(raw, not_after=delivery.received_at + LATEST_AHEAD)
    except Refused as fault:
        if fault.malformed:
            raise
        mapped.problems += fault.problems
        return
    mapped.events.append(Ready(event.key, raw if event.time is not None else stamped(raw, delivery.received_at)))


def _dotted(path: str) -> str:
    return f".{path}" if path else ""


def _marked(raw: bytes) -> bytes:
    return msgspec.json.encode({**_members.decode(raw), UNVERIFIED: True})
