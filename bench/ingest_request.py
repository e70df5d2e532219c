"""What each side of `bench.ingest` is asked, as whole requests, and which answers are acknowledgements.

The same customers everywhere. Ours and Karapace take the same event, Karapace as a record's value under the same key:
as JSON, which it reads and writes anew, or in base64, which it passes on unread. The Hub takes an answer to a survey,
because that is the only thing it takes. Ids never repeat.
"""

import random
from base64 import b64encode
from collections.abc import Callable
from itertools import count

import msgspec

CUSTOMERS = 100_000
_EVENT = (
    b'{"specversion":"1.0","id":"bench-%(run)012d-%(number)012d","source":"bench","type":"voc.interaction",'
    b'"subject":"crm:%(customer)09d","time":"2026-07-30T08:15:30.123Z","data":{"journey":"order-to-door",'
    b'"instance":"order-%(number)012d","channel":"web","action":"placed","result":"succeeded","response_seconds":0.42,'
    b'"promised_at":"2026-08-02","attributes":{"basket":3,"country":"DE"}}}'
)
_KEY = b"crm:%(customer)09d"
_RECORD = b'{"key":"' + _KEY + b'","value":' + _EVENT + b"}"
_ANSWER = (
    b'{"tenant_id":"bench","submission_id":"bench-%(run)012d-%(number)012d","source_type":"survey",'
    b'"source_id":"order-to-door","field_id":"csat","field_type":"csat","field_label":"How was your order?",'
    b'"value_number":4,"user_id":"crm:%(customer)09d","collected_at":"2026-07-30T08:15:30.123Z",'
    b'"metadata":{"instance":"order-%(number)012d","channel":"web","basket":3,"country":"DE"}}'
)

Numbers = dict[bytes, int]


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of door is spoken to. `batch_type` None: it takes one thing a request."""

    path: str
    item: Callable[[Numbers], bytes]
    single_type: str
    batch_type: str | None
    single: tuple[bytes, bytes] = (b"", b"")
    batch: tuple[bytes, bytes] = (b"[", b"]")
    acknowledged: Callable[[bytes], bool]


def _in_base64(numbers: Numbers) -> bytes:
    return b'{"key":"%b","value":"%b"}' % (b64encode(_KEY % numbers), b64encode(_EVENT % numbers))


_KARAPACE = Manner(
    path="/topics/voc.events",
    item=_RECORD.__mod__,
    single_type="application/vnd.kafka.json.v2+json",
    batch_type="application/vnd.kafka.json.v2+json",
    single=(b'{"records":[', b"]}"),
    batch=(b'{"records":[', b"]}"),
    acknowledged=lambda answer: answer.startswith(b"HTTP/1.1 200") and b'"error_code"' not in answer,
)
MANNERS = {
    "voc": Manner(
        path="/v1/events",
        item=_EVENT.__mod__,
        single_type="application/cloudevents+json",
        batch_type="application/cloudevents-batch+json",
        acknowledged=lambda answer: answer.startswith(b"HTTP/1.1 202") and b'"index"' not in answer,
    ),
    "karapace": _KARAPACE,
    "karapace-binary": msgspec.structs.replace(
        _KARAPACE,
        item=_in_base64,
        single_type="application/vnd.kafka.binary.v2+json",
        batch_type="application/vnd.kafka.binary.v2+json",
    ),
    "hub": Manner(
        path="/v1/feedback-records",
        item=_ANSWER.__mod__,
        single_type="application/json",
        batch_type=None,
        acknowledged=lambda answer: answer.startswith(b"HTTP/1.1 201"),
    ),
}


class Requests:
    """The requests of one run, each whole: head and body. `batch` things stand in each."""

    def __init__(self, manner: Manner, *, batch: int, host: str, key: str) -> None:
        self._run = random.randrange(10**12)
        self._numbers = count()
        self._manner = manner
        self._batch = batch
        self._opening, self._closing = manner.single if batch == 1 else manner.batch
        kind = manner.single_type if batch == 1 else manner.batch_type
        size = len(self._opening) + len(self._items()) + len(self._closing)  # numbers are padded: all are as long
        self._head = (
            f"POST {manner.path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
        ).encode()

    def next(self) -> bytes:
        """The next one."""
        return self._head + self._opening + self._items() + self._closing

    def _items(self) -> bytes:
        return b",".join([self._item() for _ in range(self._batch)])

    def _item(self) -> bytes:
        numbers = {b"run": self._run, b"number": next(self._numbers), b"customer": random.randrange(CUSTOMERS)}
        return self._manner.item(numbers)


def complete(received: bytes) -> bool:
    """Whether an answer is whole. Raises ValueError for one that does not say its length."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return False
    _, _, value = received[:head].lower().partition(b"\r\ncontent-length:")
    if not value:
        raise ValueError(f"an answer without Content-Length: {received[:200]!r}")
    return len(received) >= head + 4 + int(value.partition(b"\r\n")[0])
