"""What was set aside comes in again by the way on which it came first, judged by when that was."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.ingest.domain.again import Again, again, ways
from services.ingest.domain.kept import Kept
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import Closed, Policy
from services.ingest.domain.redaction.text import Redactor
from shared.programme.model import Privacy

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "shop",
    "type": "voc.interaction",
    "subject": "crm:1",
    "time": "2026-11-25T07:00:00Z",
    "data": {"action": "placed"},
}


def kept(value: Any, **fields: Any) -> Kept:
    raw = value if isinstance(value, bytes) else msgspec.json.encode(value)
    usual: dict[str, Any] = {
        "door": "events",
        "source": "shop",
        "origin": "POST /v1/events",
        "reason": "why",
        "kind": "invalid",
        "problems": [],
        "content_type": "application/cloudevents+json",
        "authentic": True,
        "first_seen": AT,
        "headers": [],
    }
    return Kept(value=raw, **{**usual, **fields})


def came(one: Kept) -> Again:
    return again(one, ways({}))


def test_an_event_that_is_right_by_now_goes_as_it_came() -> None:
    assert came(kept(EVENT)) == Again([("crm:1", msgspec.json.encode(EVENT))], [])


def test_one_without_a_time_is_stamped_with_when_it_came_first() -> None:
    ((_, raw),) = came(kept({name: value for name, value in EVENT.items() if name != "time"})).events
    found = msgspec.json.decode(raw)
    assert (found["time"], found["timesource"]) == ("2026-11-25T08:00:00.000000Z", "received")


def test_a_time_that_was_too_far_ahead_then_is_so_for_ever() -> None:
    found = came(kept({**EVENT, "time": (AT + timedelta(days=2)).isoformat()}))
    assert [problem.path for problem in found.problems] == ["time"]


def test_what_is_still_wrong_says_so() -> None:
    found = came(kept({**EVENT, "type": "voc.unheard-of"}))
    assert (found.events, [problem.path for problem in found.problems]) == ([], ["type"])


def test_a_request_in_parts_is_put_together_again() -> None:
    headers = [(f"ce-{name}", str(EVENT[name]).encode()) for name in ("specversion", "id", "source", "type", "subject")]
    found = came(kept(EVENT["data"], headers=headers, content_type="application/json"))
    ((key, raw),) = found.events
    assert (key, msgspec.json.decode(raw)["data"]) == ("crm:1", EVENT["data"])
    broken = came(kept(b"{", headers=headers, content_type="application/json"))
    assert [problem.path for problem in broken.problems] == ["data"]


def test_of_a_whole_batch_what_is_right_goes_and_what_is_wrong_stays() -> None:
    found = came(kept([EVENT, {}], content_type="application/cloudevents-batch+json"))
    assert [key for key, _ in found.events] == ["crm:1"]
    assert found.problems


def test_an_event_that_could_not_be_folded_is_published_as_it_is() -> None:
    ahead = {**EVENT, "time": "2030-01-01T00:00:00Z"}
    found = came(kept(ahead, door="scoring", kind="poison", origin="voc.events[2]@7"))
    assert found == Again([("crm:1", msgspec.json.encode(ahead))], [])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"door": "scoring", "kind": "too-large", "origin": "voc.events[2]@7"}, "only its beginning"),
        ({"door": "scoring", "origin": "scoring.outbox 3"}, "scoring itself tells it anew"),
        ({"door": "alerts", "origin": "voc.moments[0]@3"}, "a message of voc.moments for alerts"),
        ({"door": "bridge"}, "no door bridge"),
    ],
)
def test_what_belongs_elsewhere_says_where(fields: dict[str, Any], said: str) -> None:
    found = came(kept(EVENT, **fields))
    assert found.events == []
    assert said in found.problems[0].message


def test_a_door_of_its_own_has_its_own_way() -> None:
    mine = Again([("k", b"v")], [])
    assert again(kept(b"", door="webhook"), ways({"webhook": lambda _: mine})) == mine


def test_what_comes_again_is_protected_by_the_rules_of_now() -> None:
    policy = Policy(redact=Redactor(("email",), Privacy()), pseudonyms=None)
    said = EVENT | {"type": "voc.feedback", "data": {"comment": "ana@example.com"}}
    (came,) = again(kept(said), ways({}), policy).events
    assert msgspec.json.decode(came[1])["data"] == {"comment": "[EMAIL]"}
    with pytest.raises(NotNow):
        again(kept(said), ways({}), Closed("no-privacy"))
