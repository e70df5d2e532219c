"""What a provider's rules may say, whatever the provider."""

from typing import Any

import msgspec
import pytest

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import MOST_PARTS, Mapped
from services.ingest.domain.mapping import Mapping
from services.ingest.domain.provider import Provider, Rule
from shared.programme.source import Source
from tests.unit.services.ingest.providers.cases import RECEIVED_AT

CHURNED = "{id: n, type: 'voc.outcome', subject: who, data: {kind: 'churned'}}"
PROFILE = "{id: n, type: 'voc.profile', subject: named('crm', [who]), data: {deleted: `true`}}"


def mapped(body: Any, provider: Provider, **source: Any) -> Mapped:
    delivery = Delivery(source="s", body=msgspec.json.encode(body), received_at=RECEIVED_AT, headers={"x-id": "7"})
    return Mapping(Source(source="s", provider="p", **source), provider).events(delivery)


def provider(*rules: Rule, **more: Any) -> Provider:
    return Provider(provider="p", name="P", rules=rules, **more)


def events(found: Mapped) -> list[Any]:
    return [msgspec.json.decode(event.raw) for event in found.events]


def test_what_a_rule_refuses_is_a_problem_in_its_words() -> None:
    refusing = provider(Rule(when="kind == 'gone'", refuse="say what is to be done"), Rule(event=CHURNED))
    found = mapped({"kind": "gone"}, refusing)
    assert ([problem.message for problem in found.problems], found.events) == (["say what is to be done"], [])
    assert len(mapped({"kind": "churned", "n": 1, "who": "c"}, refusing).events) == 1


def test_an_id_of_the_providers_own_stands_where_the_map_gives_none() -> None:
    several = provider(Rule(event="rows[].{id: n, type: 'voc.outcome', data: {kind: 'churned'}}"), id='_headers."x-id"')
    found = events(mapped({"rows": [{}, {"n": "own"}, {}]}, several))
    assert [event["id"] for event in found] == ["7", "own", "7/2"]


def test_without_one_a_digest_stands_and_each_event_has_its_own() -> None:
    two = provider(Rule(event="rows[].{type: 'voc.outcome', data: {kind: 'churned'}}"), id='_headers."x-other"')
    first, again = (events(mapped({"rows": [{}, {}]}, two)) for _ in range(2))
    assert [event["id"] for event in first] == [event["id"] for event in again]
    assert len({event["id"] for event in first}) == 2
    assert all(event["id"].startswith("sha256:") for event in first)


def test_the_sources_words_for_whom_and_which_stand_where_they_find_something() -> None:
    one = provider(Rule(event=CHURNED))
    own = {"subject": "named('shop', [customer])", "instance": "order"}
    (event,) = events(mapped({"n": 1, "who": "crm:1", "customer": 2, "order": "o-1"}, one, **own))
    assert (event["subject"], event["data"]["instance"]) == ("shop:2", "o-1")
    (event,) = events(mapped({"n": 1, "who": "crm:1"}, one, **own))
    assert (event["subject"], event["data"]) == ("crm:1", {"kind": "churned"})


def test_a_greeting_is_short_and_nothing_else() -> None:
    mapping = Mapping(Source(source="s", provider="p"), provider(greeting="event == 'test' && length(keys(@)) == `1`"))
    for body, is_one in (
        (b'{"event": "test"}', True),
        (b'{"event": "test", "data": 1}', False),
        (b'{"event": "test"}' + b" " * 1000, False),
        (b'["test"]', False),
        (b"{", False),
        (b"", False),
    ):
        assert mapping.is_greeting(Delivery(source="s", body=body, received_at=RECEIVED_AT)) is is_one
    silent = Mapping(Source(source="s", provider="p"), provider())
    assert not silent.is_greeting(Delivery(source="s", body=b"null", received_at=RECEIVED_AT))


def test_a_profile_is_of_no_order() -> None:
    (event,) = events(mapped({"n": 1, "who": "1", "order": "o-1"}, provider(Rule(event=PROFILE)), instance="order"))
    assert event["data"] == {"deleted": True}


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (provider(Rule(event=CHURNED), items="rows"), "1,000 parts in one delivery, found 1,001"),
        (provider(Rule(event="rows[].{type: 'voc.outcome', data: {kind: 'churned'}}")), "1,000 events in one delivery"),
        (provider(Rule(event="[@, @]"), items="rows[:501]"), "1,000 events in one delivery, found 1,002"),
    ],
    ids=["parts", "events of one part", "events of all parts"],
)
def test_a_delivery_is_only_so_much(rules: Provider, says: str) -> None:
    rows = [{"id": f"{n}", "type": "voc.outcome", "data": {"kind": "churned"}} for n in range(MOST_PARTS + 1)]
    found = mapped({"rows": rows}, rules)
    assert says in found.problems[0].message
    assert len(found.events) <= MOST_PARTS


def test_of_what_nothing_reads_only_the_beginning_is_said() -> None:
    (ignored,) = mapped({"kind": "k" * 10_000}, provider(kind="kind")).ignored
    assert len(ignored) < 200
