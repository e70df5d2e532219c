"""Records queue in groups that have room for them, in order; real batches of aiokafka, and no broker."""

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder

from services.ingest import metrics
from services.ingest.adapters.departure import Departure
from services.ingest.adapters.group import NO_HEADERS, RECORD_BYTES
from services.ingest.adapters.lane import Lane, Waiting
from services.ingest.domain.not_now import NotNow

RECORDS = [(b"crm:%d" % number, b"x" * 100) for number in range(30)]


class Batches:
    """The producer's part that a lane asks before it sends: an empty batch of 1,000 bytes."""

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(1_000, 0)


def lane(waiting: Waiting) -> Lane:
    return Lane(
        Batches(),
        "voc.events",
        0,
        departure=Departure(),
        waiting=waiting,
        counted=metrics.ACCEPTED,
    )


async def test_many_at_once_go_into_the_groups_into_which_each_would_go() -> None:
    one_by_one, together = lane(Waiting(10**6)), lane(Waiting(10**6))
    groups = {one_by_one.put(key, value, NO_HEADERS) for key, value in RECORDS}
    assert len(together.put_all(RECORDS)) == len(groups) > 3
    assert [group.records for group in together._gathering] == [group.records for group in one_by_one._gathering]
    batches = [[lane._gathering.popleft().builder._build() for _ in groups] for lane in (one_by_one, together)]
    assert [len(batch) for batch in batches[0]] == [len(batch) for batch in batches[1]]


async def test_many_count_as_waiting_as_each_would() -> None:
    waiting, each = Waiting(10**6), Waiting(10**6)
    together, one_by_one = lane(waiting), lane(each)
    together.put_all(RECORDS)
    for key, value in RECORDS:
        one_by_one.put(key, value, NO_HEADERS)
    assert (waiting.events, waiting.bytes) == (each.events, each.bytes)
    assert waiting.bytes == sum(len(key) + len(value) + RECORD_BYTES for key, value in RECORDS)
    together.end()
    assert (waiting.events, waiting.bytes) == (0, 0)


async def test_headers_count_as_well() -> None:
    waiting = Waiting(10**6)
    lane(waiting).put(None, b"poison", [("reason", b"because")])
    assert waiting.bytes == len("poison" + "reason" + "because") + RECORD_BYTES


async def test_what_comes_after_goes_on_in_the_last_group() -> None:
    goes_on = lane(Waiting(10**6))
    first = goes_on.put_all(RECORDS[:2])
    assert goes_on.put_all(RECORDS[2:4]) == first
    assert goes_on.put(*RECORDS[4], NO_HEADERS) in first


async def test_one_that_fits_into_no_batch_has_one_of_its_own() -> None:
    goes_on = lane(Waiting(10**6))
    assert len(goes_on.put_all([(b"a", b"x"), (b"b", b"x" * 5_000), (b"c", b"x")])) == 3


async def test_when_too_much_waits_many_are_refused_as_one_is() -> None:
    full = lane(Waiting(2_000))
    full.put_all(RECORDS)
    with pytest.raises(NotNow, match="As much waits"):
        full.put_all(RECORDS)
