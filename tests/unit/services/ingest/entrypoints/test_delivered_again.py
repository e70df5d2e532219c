"""A webhook's delivery that was set aside comes in again by what is configured now."""

from datetime import UTC, datetime

from msgspec.structs import replace

from services.ingest.domain.again import Again, again, ways
from services.ingest.domain.kept import Kept
from services.ingest.entrypoints.delivered_again import way
from shared.programme.source import Source
from tests.unit.services.ingest.providers.cases import GOLDEN, case
from tests.unit.services.ingest.sources import in_force

GIVEN = case(GOLDEN / "salesforce" / "one-notification.json")
KEPT = Kept(
    door="webhook",
    source=GIVEN.source.source,
    origin=f"POST /v1/webhooks/{GIVEN.source.source}",
    reason="why",
    kind="unmapped",
    problems=[],
    content_type=GIVEN.headers.get("content-type"),
    authentic=True,
    first_seen=datetime(2026, 3, 2, 10, tzinfo=UTC),
    value=GIVEN.delivery.body,
    headers=[(f"http-{name}", value.encode()) for name, value in GIVEN.headers.items()],
)


def came(kept: Kept, *sources: Source) -> Again:
    return again(kept, ways({"webhook": way(in_force(*sources), public_url="https://hooks.example.test")}))


def test_its_events_are_those_that_it_had_become() -> None:
    found = came(KEPT, GIVEN.source)
    assert (len(found.events), found.problems) == (len(GIVEN.events), [])


def test_what_is_for_somebody_else_by_now_waits_on() -> None:
    other = replace(GIVEN.source, options={"organization": "00D000000000002"})
    found = came(KEPT, other)
    assert (found.events, "another account" in found.problems[0].message) == ([], True)


def test_what_stays_unproven_waits_on() -> None:
    (problem,) = came(replace(KEPT, authentic=False), GIVEN.source).problems
    assert "still not proven" in problem.message


def test_a_source_that_is_gone_is_said() -> None:
    (problem,) = came(KEPT).problems
    assert "has no webhook" in problem.message
