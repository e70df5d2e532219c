"""What is announced is asked for where its ids say, and named by what is found there."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import Mapped
from services.ingest.domain.mapping import MOST_EVENT_BYTES, Mapping
from services.ingest.domain.provider import Fetch, Provider, Rule
from shared.programme.source import Api, Source
from tests.unit.services.ingest.providers.cases import RECEIVED_AT

OUTCOME = "{type: 'voc.outcome', subject: who, time: at, data: {kind: 'churned'}}"
DAY = timedelta(days=1)


def mapping(event: str = OUTCOME) -> Mapping:
    path, then = "address(['things', n])", (Rule(event=event),)
    fetch = Fetch(id="to_string(n)", path=path, headers={}, items="fetched", then=then)
    source = Source(source="s", provider="p", api=Api(url="https://api.test", token="env:T"))
    return Mapping(source, Provider(provider="p", name="P", rules=(Rule(fetch=fetch),)))


def announced(body: Any) -> Mapped:
    return mapping().events(Delivery(source="s", body=msgspec.json.encode(body), received_at=RECEIVED_AT))


def fetched(said: Any, answer: Any, *, event: str = OUTCOME, days: int = 0, **beside: Any) -> Mapped:
    answers = {"fetched": answer, **beside}
    return mapping(event).fetched(said, answers, RECEIVED_AT, now=RECEIVED_AT + days * DAY)


def ids(found: Mapped) -> list[str]:
    assert not found.problems
    return [msgspec.json.decode(event.raw)["id"] for event in found.events]


def test_what_is_announced_is_noted_with_what_was_said() -> None:
    (notice,) = announced({"n": 7, "more": "ä"}).notices
    assert (notice.id, notice.said) == ("7", {"n": 7, "more": "ä"})


@pytest.mark.parametrize("body", [{"n": "a\0"}, {"n": 1, "more": ["\0"]}, {"n": "ä" * 251}])
def test_what_postgresql_could_not_keep_is_a_problem(body: Any) -> None:
    found = announced(body)
    assert not found.notices
    assert "U+0000" in found.problems[0].message


def test_a_backslash_before_a_number_is_no_nul() -> None:
    assert announced({"n": "\\u0000", "more": "ä" * 2000}).notices


def test_the_name_of_what_is_fetched_is_made_of_itself_and_where_it_is() -> None:
    first, again = {"who": "c", "score": 1}, {"score": 1, "who": "c"}
    (named,) = ids(fetched({"n": 7, "attempt": 1}, first, survey={"title": "old"}))
    assert ids(fetched({"n": 7, "attempt": 2}, again, survey={"title": "new"})) == [named]
    assert ids(fetched({"n": 7}, [{"who": "new"}, first]))[1] == named
    assert ids(fetched({"n": 8}, first)) != [named]
    assert ids(fetched({"n": 7}, {**first, "score": 2})) != [named]


def test_what_was_answered_after_it_was_announced_is_judged_by_the_time_it_is_fetched() -> None:
    edited = {"who": "c", "at": (RECEIVED_AT + 2 * DAY).isoformat()}
    assert fetched({"n": 7}, edited).problems
    assert ids(fetched({"n": 7}, edited, days=2))


def test_an_answer_that_makes_an_event_too_long_for_kafka_is_a_problem() -> None:
    event = "{type: 'voc.outcome', subject: who, note: note, data: {kind: 'churned'}}"
    assert ids(fetched({"n": 7}, {"who": "c", "note": "x" * (MOST_EVENT_BYTES - 500)}, event=event))
    found = fetched({"n": 7}, {"who": "c", "note": "x" * MOST_EVENT_BYTES}, event=event)
    assert not found.events
    assert "at most 1,000,000 bytes" in found.problems[0].message
