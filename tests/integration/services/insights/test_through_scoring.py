"""Events in Kafka, read as journeys, figures and customers: real scoring, real insights, real parts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from shared.programme.model import Condition, Persona, Signal, Treatment
from tests import road
from tests.integration.services.insights.reader import Reader
from tests.keys import make_key
from tests.parts import kafka_address
from tests.processes import Service, eventually, running
from tests.shop import SHOP

NOW = datetime.now(UTC)
PLACED = NOW - timedelta(days=2)
ANA = "email:ana@example.com"
CALLS = Signal(condition=Condition(feature="count.called", start=0, end=10), weight=2)
CALLER = Persona(persona="caller", name="Who calls", priority=2, signals=(CALLS,))
PATIENT = Persona(
    persona="patient",
    name="Whom nobody let down",
    priority=3,
    must=(Condition(feature="attribute.tier", equals="patient"),),
    signals=(Signal(condition=Condition(feature="promise.missed", start=1, end=0), weight=1),),
    treatment=Treatment(strategy="Keep it so", needs_confidence=True),
)


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker whose `voc.events` holds nothing but this module's."""
    with kafka_address(workshop / "insights") as address:
        yield address


@pytest.fixture(scope="module")
async def reader(own_kafka: str, database_url: str, workshop: Path) -> AsyncIterator[Reader]:
    """Somebody who reads when all of `EVENTS` is scored."""
    scoring = Service("scoring", workshop, VOC_KAFKA_BOOTSTRAP_SERVERS=own_kafka, VOC_DATABASE_URL=database_url)
    insights = Service("insights", workshop, VOC_DATABASE_URL=database_url)
    await road.make_topic(own_kafka)
    await road.apply_programme(database_url, replace(SHOP, personas=(*SHOP.personas, CALLER, PATIENT)))
    key = await make_key(database_url, "read")
    with running(scoring, insights):
        await road.produce(own_kafka, road.records(EVENTS))
        await _until_scored(own_kafka, database_url)
        yield Reader(insights, key)


async def _until_scored(kafka: str, database_url: str) -> None:
    """All events are folded, and the timers of the two promises that nobody kept have fired."""
    missed = "select count(*) from scoring.timeline where type = 'voc.promise-missed'"
    for _ in range(200):
        if not await road.behind(kafka, database_url) and (await road.fetch(database_url, missed))[0]["count"] == 2:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("not scored within 40 s")


def _event(name: str, kind: str, who: str | None, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": name, "source": "urn:shop", "type": kind, "time": at.isoformat(), "data": data}
    return head | ({"subject": who} if who else {})


def _order(number: int, who: str, *, due: datetime, delivered: datetime | None) -> list[dict[str, Any]]:
    base = {"journey": "order-to-door", "instance": str(number)}
    placed = base | {"action": "placed", "channel": "web", "promised_at": due.isoformat()}
    events = [_event(f"{number}-placed", "voc.interaction", who, PLACED, placed)]
    if delivered:
        came = base | {"action": "delivered", "channel": "courier"}
        events.append(_event(f"{number}-came", "voc.interaction", who, delivered, came))
    return events


def _answer(name: str, who: str | None, at: datetime, metric: str, score: int, **more: Any) -> dict[str, Any]:
    answers = more.pop("answers", [{"metric": metric, "score": score}])
    data = {"journey": "order-to-door", "touchpoint": "parcel-arrives", "answers": answers, **more}
    return _event(name, "voc.feedback", who, at, data)


HOUR = timedelta(hours=1)
THREE_ES = [
    {"metric": "effectiveness", "score": 2},
    {"metric": "ease", "score": 7},
    {"metric": "enjoyment", "score": 4},
]
LONG_AGO = PLACED - timedelta(days=40)  # in no window
NEVER_KEPT = {"journey": "order-to-door", "action": "placed", "promised_at": (LONG_AGO + 9 * HOUR).isoformat()}
EVENTS = [
    *_order(1, ANA, due=PLACED + 30 * HOUR, delivered=PLACED + 24 * HOUR),
    *_order(2, ANA, due=PLACED + 20 * HOUR, delivered=None),
    *_order(3, "crm:a/b?c#d e", due=PLACED + 30 * HOUR, delivered=PLACED + 25 * HOUR),
    *_order(4, "7", due=PLACED + 30 * HOUR, delivered=PLACED + 26 * HOUR),
    _answer("ana-csat", ANA, PLACED + 25 * HOUR, "csat", 5, instance="1", channel="email", comment="Danke, «gut»!"),
    _answer("b-csat", "crm:a/b?c#d e", PLACED + 26 * HOUR, "csat", 4),
    _answer("c-csat", "7", PLACED + 27 * HOUR, "csat", 1),
    _answer("kiosk", None, PLACED + 27 * HOUR, "csat", 2, channel="store"),
    _answer("courier", "staff:1", PLACED + 27 * HOUR, "csat", 1, perspective="employee"),
    _answer("whole", "crm:e", PLACED + 27 * HOUR, "ease", 4, answers=THREE_ES),
    *[
        _answer(f"part-{metric}", "crm:f", PLACED + 28 * HOUR, metric, 1, response="r1")
        for metric in ("ease", "enjoyment")
    ],
    _answer("part-last", "crm:f", PLACED + 29 * HOUR, "effectiveness", 0, response="r1"),
    _answer("two-of-three", "crm:f", PLACED + 29 * HOUR, "effectiveness", 0, answers=THREE_ES[:2]),
    *[
        _answer(f"felt-{n}", "crm:peak", PLACED + n * HOUR, "enjoyment", joy, instance="5", touchpoint=touchpoint)
        for n, (touchpoint, joy) in enumerate([("order-placed", 2), ("parcel-arrives", 6), ("order-placed", 3)])
    ],
    *[_event(f"call-{n}", "voc.interaction", "crm:busy", PLACED + n * HOUR, {"action": "called"}) for n in range(6)],
    _event("tier", "voc.profile", "crm:patient", LONG_AGO, {"attributes": {"tier": "patient"}}),
    _event("long-ago", "voc.interaction", "crm:patient", LONG_AGO + HOUR, NEVER_KEPT),
    _event("profile", "voc.profile", ANA, PLACED, {"identifiers": ["crm:1"], "attributes": {"plan": "gold"}}),
]


async def test_journeys_are_those_of_the_programme(reader: Reader) -> None:
    await asyncio.to_thread(eventually, lambda: not _listed(reader)["stale"], within=10)
    assert _listed(reader) == {
        "journey": "order-to-door",
        "name": "From order to door",
        "perspective": "customer",
        "status": "unknown",
        "decided_by": "parcel-arrives",
        "stale": False,
    }


def _listed(reader: Reader) -> dict[str, Any]:
    (item,) = reader.read("/v1/journeys")["items"]
    return dict(item)


async def test_a_journey_shows_its_map_with_what_is_measured(reader: Reader) -> None:
    journey = reader.read("/v1/journeys/order-to-door")
    assert [stage["stage"] for stage in journey["stages"]] == ["purchase", "delivery"]
    placed, arrives = (stage["touchpoints"][0] for stage in journey["stages"])
    assert placed.pop("experience")["enjoyment"]["n"] == 2
    assert placed == {
        "touchpoint": "order-placed",
        "name": "Ordered",
        "people": [],
        "channels": ["web"],
        "promise": None,
        "status": "unknown",
        "decided_at": None,
        "decided_by": None,
        "measures": [],
    }
    assert arrives["people"] == [{"role": "courier", "visible": True}, {"role": "hub planning", "visible": False}]
    assert arrives["promise"]["says"] == "On the promised day"
    csat, kept = arrives["measures"]
    assert (csat["value"], csat["n"], csat["window"]) == (50.0, 4, "7d")
    assert csat["low"] == pytest.approx(15.0039, abs=1e-4)
    assert csat["high"] == pytest.approx(84.9961, abs=1e-4)
    assert (kept["value"], kept["n"], kept["window"]) == (75.0, 4, "48h")
    assert (csat["red_below"], csat["yellow_below"], csat["red_above"], csat["status"]) == (60, 75, None, "unknown")


async def test_employees_answers_are_a_figure_of_their_own(reader: Reader) -> None:
    asked = {"metric": "csat", "window": "7d"}
    assert reader.measure("order-to-door", "parcel-arrives", **asked)["n"] == 4
    staff = reader.measure("order-to-door", "parcel-arrives", perspective="employee", **asked)
    assert (staff["value"], staff["n"]) == (0.0, 1)


async def test_the_three_es_are_one_index_of_those_who_answered_all_of_them(reader: Reader) -> None:
    index = reader.measure("order-to-door", "parcel-arrives", metric="three_e")
    assert (index["n"], index["value"]) == (2, pytest.approx((100 * 15 / 18 + 0) / 2))
    assert (index["low"], index["high"], index["status"]) == (0.0, 100.0, "unknown")
    effective = reader.measure("order-to-door", "parcel-arrives", metric="effectiveness")
    assert (effective["n"], effective["value"]) == (3, pytest.approx(200 / 3))
    since = {"metric": "three_e", "from": PLACED.isoformat(), "step": "1h"}
    assert [point["value"] for point in reader.points("order-to-door", "parcel-arrives", **since)] == [
        pytest.approx(100 * 15 / 18),
        0.0,
    ]


async def test_the_three_es_stand_beside_one_another_on_the_page(reader: Reader) -> None:
    journey = reader.read("/v1/journeys/order-to-door")
    purchase, delivery = journey["stages"]
    arrives = delivery["touchpoints"][0]["experience"]
    assert arrives == delivery["experience"]  # its only step
    metrics = ("effectiveness", "ease", "enjoyment", "three_e", "expectation", "promise_kept")
    assert [(name, arrives[name]["n"]) for name in metrics] == list(zip(metrics, (3, 3, 3, 2, 0, 4), strict=True))
    for name in metrics:
        alone = reader.measure("order-to-door", "parcel-arrives", metric=name)
        assert {part: alone[part] for part in ("value", "low", "high", "n")}.items() <= arrives[name].items()
    assert (arrives["window"], arrives["three_e"]["independent"]) == ("28d", False)
    assert (journey["experience"]["enjoyment"]["n"], purchase["experience"]["enjoyment"]["n"]) == (5, 2)
    assert purchase["experience"]["three_e"] == {"value": None, "low": None, "high": None, "n": 0, "independent": False}


async def test_a_customer_has_persona_treatment_instances_promises_and_a_timeline(reader: Reader) -> None:
    ana = reader.read(f"/v1/customers/{ANA}")
    assert (ana["subject"], ana["identifiers"], ana["persona"]) == (ANA, ["crm:1"], "everyday")
    assert ana["persona_name"] == "Everyday"
    assert ana["treatment"] == {"strategy": "Keep the date", "do": ["say early"], "avoid": ["upsell"]}
    assert (ana["confidence"], ana["reasons"]) == (0.0, [])
    runs = {run["instance"]: run for run in ana["instances"]}
    assert {number: run["status"] for number, run in runs.items()} == {"1": "completed", "2": "expired"}
    assert datetime.fromisoformat(runs["2"]["ended_at"]) == PLACED + timedelta(days=1)
    assert datetime.fromisoformat(runs["1"]["ended_at"]) == PLACED + 24 * HOUR
    promises = {promise["instance"]: promise for promise in ana["promises"]}
    assert {number: promise["state"] for number, promise in promises.items()} == {"1": "kept", "2": "missed"}
    assert promises["2"]["says"] == "On the promised day"
    assert datetime.fromisoformat(promises["2"]["decided_at"]) == PLACED + 20 * HOUR


async def test_a_run_has_its_peak_and_its_end(reader: Reader) -> None:
    (run,) = reader.read("/v1/customers/crm:peak")["instances"]
    found = run["peak_end"]
    peak, end = ({name: moment[name] for name in ("touchpoint", "metric")} for moment in (found["peak"], found["end"]))
    assert peak == {"touchpoint": "parcel-arrives", "metric": "enjoyment"}  # a moment of truth weighs twice
    assert end == {"touchpoint": "order-placed", "metric": "enjoyment"}
    assert datetime.fromisoformat(found["peak"]["at"]) == PLACED + HOUR
    low, high, last = 100 / 6, 500 / 6, 200 / 6
    assert (found["value"], found["trough_end"], found["positive_peak_end"], found["mean"]) == (
        pytest.approx((high + last) / 2),
        pytest.approx((low + last) / 2),
        pytest.approx((high + last) / 2),
        pytest.approx((low + high + last) / 3),
    )
    assert (found["n"], found["coverage"], found["provisional"], found["decision_grade"]) == (3, 1.0, False, True)
    first, second = sorted(reader.read(f"/v1/customers/{ANA}")["instances"], key=lambda run: str(run["instance"]))
    assert [first["peak_end"][name] for name in ("value", "n", "decision_grade")] == [100.0, 1, False]
    assert second["peak_end"] is None


async def test_reasons_are_of_now_and_not_of_when_the_persona_was_decided(reader: Reader, database_url: str) -> None:
    kept = "select since from scoring.read_customers where customer = 'crm:busy'"
    (decided,) = await road.fetch(database_url, kept)
    assert decided["since"] == PLACED + 4 * HOUR  # at half of the ramp, the fifth call; one more came after it
    busy = reader.read("/v1/customers/crm:busy")
    assert (busy["persona"], datetime.fromisoformat(busy["since"])) == ("caller", decided["since"])
    assert busy["reasons"] == [{"feature": "count.called", "value": 6, "weight": 2.0, "contribution": 0.6}]
    assert busy["confidence"] == 1.0


async def test_a_treatment_stays_as_it_was_decided_until_the_next_event_whatever_a_timer_found(reader: Reader) -> None:
    patient = reader.read("/v1/customers/crm:patient")
    assert (patient["persona"], [one["state"] for one in patient["promises"]]) == ("patient", ["missed"])
    assert (patient["confidence"], [one["value"] for one in patient["reasons"]]) == (0.0, [1])  # as it is known by now
    assert (patient["treatment_skipped"], patient["treatment"]["strategy"]) == (False, "Keep it so")


async def test_the_timeline_goes_from_the_latest_to_the_first_page_by_page(reader: Reader) -> None:
    whole = reader.read(f"/v1/customers/{ANA}")["timeline"]
    assert [item["summary"] for item in whole["items"][:3]] == [
        "Answered csat 5 on 1–5: “Danke, «gut»!”.",
        "Delivered via courier.",
        f"The promise was not kept by {PLACED + 20 * HOUR:%Y-%m-%d %H:%M} UTC.",
    ]
    assert whole["next"] is None
    items, cursor = [], None
    while True:
        page = reader.read(f"/v1/customers/{ANA}", limit=2, **({"cursor": cursor} if cursor else {}))["timeline"]
        assert len(page["items"]) == 2
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert items == whole["items"]
    assert [item["time"] for item in items] == sorted((item["time"] for item in items), reverse=True)


async def test_what_arrives_meanwhile_moves_no_page(reader: Reader, own_kafka: str, database_url: str) -> None:
    first = reader.read("/v1/customers/crm:busy", limit=3)["timeline"]
    late = [
        _event(f"late-{minutes}", "voc.interaction", "crm:busy", PLACED + timedelta(minutes=minutes), {})
        for minutes in (30, 270, 300, 700)  # after all that was shown, among it (once at the very time), before it
    ]
    await road.produce(own_kafka, road.records(late))
    await _until_scored(own_kafka, database_url)
    second = reader.read("/v1/customers/crm:busy", limit=3, cursor=first["next"])["timeline"]
    third = reader.read("/v1/customers/crm:busy", limit=3, cursor=second["next"])["timeline"]
    shown = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert shown == ["call-5", "call-4", "call-3", "call-2", "call-1", "late-30", "call-0"]
    assert third["next"] is None


@pytest.mark.parametrize("subject", ["crm:a/b?c#d e", "7", "customer:7"])
async def test_a_subject_is_found_however_it_is_written(reader: Reader, subject: str) -> None:
    found = [reader.read(f"/v1/customers/{quote(subject, safe=safe)}")["subject"] for safe in ("", "/:")]
    assert found == [subject if ":" in subject else f"customer:{subject}"] * 2
