"""What a foreign record becomes, with and without a map; whoever it is read by and however often, the same."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.bridged import Became, Reading, become
from services.ingest.domain.foreign import Foreign
from shared.events.refusal import Refused
from shared.programme.source import Source
from tests.unit.services.ingest.domain.records import event, record

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
RETAIL = """{
  id: join('-', [order.number, order.status]),
  type: 'voc.interaction',
  subject: join(':', ['crm', order.customer]),
  time: order.changed_at,
  data: {action: order.status, instance: order.number, promised_at: order.promised_on}
}"""
ORDER = {"order": {"number": "o-1", "status": "placed", "customer": "0042", "changed_at": "2026-05-01T10:00:00Z"}}
WITHOUT_ID = "{type: 'voc.outcome', subject: customer, data: {kind: 'churned'}}"
PLACE = "shop.orders/2/3/17"


def reading(mapping: str | None = None, *, most_bytes: int = 1_000_000, **fields: Any) -> Reading:
    return Reading(Source(source="shop-orders", topic="shop.orders", mapping=mapping, **fields), most_bytes)


def became(of: Foreign, mapping: str | None = None) -> Became:
    return become(of, reading(mapping), generation=2, now=NOW)


def events(of: Foreign, mapping: str | None = None) -> list[dict[str, Any]]:
    return [msgspec.json.decode(value) for _, value in became(of, mapping).events]


def refused(of: Foreign, mapping: str | None = None) -> Refused:
    with pytest.raises(Refused) as found:
        became(of, mapping)
    return found.value


def test_a_cloudevent_goes_on_as_it_is_under_its_own_id_and_source() -> None:
    raw = msgspec.json.encode(event())
    assert became(record(raw)) == Became([("crm:0042", raw)])


def test_a_cloudevent_that_is_none_of_ours_is_refused_with_every_fault() -> None:
    assert {p.path for p in refused(record(event(type="com.shop.order", id=""))).problems} == {"type", "id"}


def test_other_json_needs_a_map() -> None:
    assert "needs a `map` in sources.yaml" in str(refused(record(ORDER)))


def test_avro_is_called_by_its_name_with_and_without_a_map() -> None:
    for mapping in (None, RETAIL):
        assert "schema registry (schema 7)" in str(refused(record(b"\x00\x00\x00\x00\x07\x02ab"), mapping))


def test_a_tombstone_says_nothing() -> None:
    assert became(record(None)) == became(record(None), RETAIL) == Became([], "tombstone")


def test_a_map_makes_an_event_whose_source_is_the_sources_name_and_whose_id_is_the_maps() -> None:
    (made,) = events(record(ORDER), RETAIL)
    assert (made["id"], made["source"], made["specversion"]) == ("o-1-placed", "shop-orders", "1.0")
    assert made["data"] == {"action": "placed", "instance": "o-1"}
    assert became(record(ORDER), RETAIL).events[0][0] == "crm:0042"


def test_json_in_the_frame_of_a_schema_registry_is_mapped_as_other_json() -> None:
    framed = record(b"\x00\x00\x00\x00\x07" + msgspec.json.encode(ORDER))
    assert events(framed, RETAIL) == events(record(ORDER), RETAIL)


def test_without_an_id_of_the_map_its_place_is_the_id() -> None:
    assert [one["id"] for one in events(record({"customer": "crm:1"}), WITHOUT_ID)] == [PLACE]
    assert [
        one["id"] for one in events(record({"customer": "crm:1"}), WITHOUT_ID.replace("{type", "{id: x, type"))
    ] == [PLACE]


def test_several_events_of_a_record_are_told_apart_by_their_index() -> None:
    mapping = "lines[].{type: 'voc.outcome', subject: customer, data: {kind: kind}}"
    lines = [{"customer": "crm:1", "kind": "churned"}, {"customer": "crm:2", "kind": "returned"}]
    made = events(record({"lines": lines}), mapping)
    assert [(one["id"], one["subject"]) for one in made] == [(f"{PLACE}/0", "crm:1"), (f"{PLACE}/1", "crm:2")]
    assert [one["id"] for one in events(record({"lines": lines[:1]}), mapping)] == [f"{PLACE}/0"]


@pytest.mark.parametrize("mapping", ["nothing", "lines[?kind == 'x']", "[nothing, nothing]", "[]"])
def test_a_map_may_say_nothing(mapping: str) -> None:
    assert became(record({"lines": []}), mapping) == Became([], "nothing")


def test_nothing_in_a_list_is_left_out_and_the_others_keep_their_index() -> None:
    made = events(record({"customer": "crm:1"}), f"[nothing, {WITHOUT_ID}]")
    assert [one["id"] for one in made] == [f"{PLACE}/1"]


def test_a_record_is_taken_whole_or_not_at_all() -> None:
    faults = refused(record({"customer": "crm:1"}), f"[{WITHOUT_ID}, {{type: 'voc.outcome'}}]").problems
    assert [fault.path for fault in faults] == ["data"]


@pytest.mark.parametrize("value", ["'text'", "`7`", "`true`", "['text']"])
def test_a_map_makes_objects(value: str) -> None:
    assert "expected the map to make an object" in str(refused(record({}), value))


def test_a_map_that_does_not_fit_says_why() -> None:
    assert "the map does not fit this record: " in str(refused(record({"order": {"number": 7}}), RETAIL))


def test_the_source_is_not_for_a_map_to_say() -> None:
    (made,) = events(record({"customer": "crm:1"}), WITHOUT_ID.replace("{type", "{source: 'x', type"))
    assert made["source"] == "shop-orders"


def test_what_the_source_says_of_all_its_events_stands_in_each() -> None:
    source = reading(WITHOUT_ID, subject="about.who", instance="_kafka.offset", journey="j", channel="web")
    made = become(record({"customer": "crm:1", "about": {"who": 7}}), source, generation=2, now=NOW).events
    assert [key for key, _ in made] == ["7"]
    assert msgspec.json.decode(made[0][1])["data"] == {"journey": "j", "kind": "churned", "instance": "17"}


def test_a_foreign_cloudevent_is_mapped_and_keeps_its_own_id_and_source() -> None:
    mapping = "{type: 'voc.outcome', subject: subject, data: {kind: data.state}}"
    foreign = event(type="com.shop.customer", data={"state": "churned"})
    (made,) = events(record(foreign), mapping)
    assert (made["id"], made["source"], made["data"]) == ("o-1-delivered", "urn:shop", {"kind": "churned"})
    headers = [(f"ce_{name}", foreign[name].encode()) for name in ("id", "source", "type", "subject", "specversion")]
    assert events(record(foreign["data"], *headers), mapping) == [made]
    assert [one["id"] for one in events(record(foreign), f"[{mapping}]")] == ["o-1-delivered/0"]


def test_without_a_time_it_gets_the_records_and_says_so() -> None:
    (made,) = events(record({"customer": "crm:1"}), WITHOUT_ID)
    assert (made["time"], made["timesource"]) == ("2026-06-01T08:00:00.123000Z", "received")
    (made,) = events(record(event(time=None)))
    assert (made["time"], made["timesource"]) == ("2026-06-01T08:00:00.123000Z", "received")


def test_a_map_may_ask_for_the_record_itself() -> None:
    mapping = """{type: 'voc.outcome', subject: join(':', ['crm', _kafka.key]), time: _kafka.time,
        data: {kind: 'churned',
               attributes: _kafka.{topic: topic, partition: partition, offset: offset, region: headers.region}}}"""
    (made,) = events(record({"a": 1}, ("region", b"north")), mapping)
    assert (made["subject"], made["time"]) == ("crm:0042", "2026-06-01T08:00:00.123000+00:00")
    assert made["data"]["attributes"] == {"topic": "shop.orders", "partition": 3, "offset": 17, "region": "north"}


def test_what_is_not_utf_8_or_no_json_is_refused_as_malformed() -> None:
    for value in (b"\xff", b'{"a":"\xff"}', b"", b"{", b"<a/>"):
        assert refused(record(value), RETAIL).malformed


def test_an_event_too_large_is_refused_with_both_numbers() -> None:
    with pytest.raises(Refused, match=r"may have 100 bytes; this one has \d+"):
        become(record(event()), reading(most_bytes=100), generation=1, now=NOW)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["order", "number", "status", "customer"]), inner),
)


@given(st.binary() | st.none() | _json.map(lambda value: msgspec.json.encode(value)))
def test_whatever_comes_becomes_events_or_nothing_or_is_refused_with_reasons(value: bytes | None) -> None:
    for mapping in (None, RETAIL, WITHOUT_ID):
        with suppress(Refused):
            made = became(record(value), mapping)
            assert bool(made.events) is (made.dropped is None)
