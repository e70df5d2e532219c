"""Figures over months, from counts in PostgreSQL, through the front door."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.metrics.headline import headline
from shared.metrics.sketch import duration_key
from tests import road
from tests.integration.services.insights.counted import ANSWERS, count, make_tables
from tests.integration.services.insights.reader import METRICS, Reader
from tests.keys import make_key
from tests.processes import Service, running
from tests.shop import SHOP

BERLIN = ZoneInfo("Europe/Berlin")
HERE = ("order-to-door", "parcel-arrives")
ADDRESS = METRICS.format(*HERE)


def at(text: str, zone: Any = UTC) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.fixture(scope="module")
async def reader(database_url: str, workshop: Path) -> AsyncIterator[Reader]:
    await road.apply_programme(database_url, SHOP)
    await make_tables(database_url)
    now = datetime.now(UTC)
    await count(database_url, ANSWERS, [(at("2026-03-29T00:30", BERLIN), 5, 3), (at("2026-03-29T23:50", BERLIN), 1, 1)])
    await count(database_url, ANSWERS, [(at("2026-03-30T00:00", BERLIN), 4, 2), (at("2026-04-01T09:00", BERLIN), 2, 1)])
    await count(database_url, ANSWERS, [(at("2026-05-20T12:00"), 4, 7), (at("2026-05-20T12:15"), 1, 7)])
    await count(database_url, ANSWERS._replace(channel="web"), [(at("2026-06-01T10:00"), 5, 4)])
    await count(database_url, ANSWERS._replace(persona="planner"), [(at("2026-06-01T10:00"), 1, 6)])
    await count(database_url, ANSWERS._replace(perspective="employee"), [(at("2026-06-01T10:00"), 1, 50)])
    await count(database_url, ANSWERS._replace(scale_id="csat_1_7"), [(at("2026-06-01T10:00"), 7, 9)])
    await count(database_url, ANSWERS._replace(major=2), [(at("2026-06-01T10:00"), 5, 1000)])
    await count(database_url, ANSWERS._replace(persona="none"), [(now, 5, 2), (now - timedelta(days=8), 1, 5)])
    waits = ANSWERS._replace(metric="wait_seconds", scale_id="ms")
    durations = [(at("2026-06-01T10:00"), duration_key(1000 * second), 1) for second in range(1, 101)]
    await count(database_url, waits, durations)
    mood = ANSWERS._replace(metric="mood", scale_id="custom_0_10")
    await count(database_url, mood, [(at("2026-06-01T10:00"), 750, 2), (at("2026-06-01T10:00"), 800, 1)])
    taken_back = ANSWERS._replace(metric="nps", scale_id="ltr_0_10", channel="web")
    await count(database_url, taken_back, [(at("2026-06-01T10:00"), 3, 1), (at("2026-06-01T10:00"), 10, 1)])
    await count(database_url, taken_back._replace(channel=""), [(at("2026-06-01T10:15"), 3, -1)])
    insights = Service("insights", workshop, VOC_DATABASE_URL=database_url)
    key = await make_key(database_url, "read")
    with running(insights):
        yield Reader(insights, key)


async def test_days_of_a_zone_are_cut_where_its_clocks_say(reader: Reader) -> None:
    asked = {"metric": "csat", "from": "2026-03-29", "to": "2026-04-02", "step": "1d", "tz": "Europe/Berlin"}
    points = reader.points(*HERE, **asked)
    assert [(p["from"], p["to"], p["value"], p["n"]) for p in points] == [
        ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 75.0, 4),  # 23 hours
        ("2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z", 100.0, 2),
        ("2026-03-31T22:00:00Z", "2026-04-01T22:00:00Z", 0.0, 1),
    ]


async def test_the_same_in_utc_falls_otherwise(reader: Reader) -> None:
    points = reader.points(*HERE, **{"metric": "csat", "from": "2026-03-28", "to": "2026-03-31", "step": "1d"})
    assert [(p["from"][:10], p["n"]) for p in points] == [("2026-03-28", 3), ("2026-03-29", 3)]


@pytest.mark.parametrize("step", ["1h", "1d", "1w", "1mo"])
async def test_every_answer_is_in_one_step(reader: Reader, step: str) -> None:
    asked = {"metric": "csat", "from": "2026-03-01", "to": "2026-05-01", "step": step, "tz": "America/New_York"}
    points = reader.points(*HERE, **asked)
    assert sum(point["n"] for point in points) == 7
    assert all(point["to"] <= later["from"] for point, later in pairwise(points))


async def test_values_are_the_headlines_to_the_last_digit(reader: Reader) -> None:
    (month,) = reader.points(*HERE, **{"metric": "csat", "from": "2026-03-01", "to": "2026-04-01", "step": "1mo"})
    expected = headline("csat", "csat_1_5", {5: 3, 1: 1, 4: 2})
    assert expected is not None
    assert [month[name] for name in ("value", "low", "high", "n")] == [
        expected.value,
        expected.low,
        expected.high,
        expected.n,
    ]


async def test_a_window_is_half_open_in_whole_quarters(reader: Reader) -> None:
    def n(as_of: str, window: str) -> Any:
        return reader.measure(*HERE, metric="csat", as_of=as_of, window=window)["n"]

    assert n("2026-05-20T12:00:00Z", "1h") == 0
    assert n("2026-05-20T12:15:00Z", "1h") == 7
    assert n("2026-05-20T12:30:00Z", "1h") == 14
    assert n("2026-05-20T13:15:00Z", "1h") == 7
    assert n("2026-05-20T13:10:00Z", "1h") == 14  # it begins at a whole cell
    assert n("2026-05-20T12:30:00 00:00", "15m") == 7


async def test_windows_end_now_unless_said(reader: Reader) -> None:
    measure = reader.measure(*HERE, metric="csat", window="7d")
    assert (measure["value"], measure["n"], measure["window"]) == (100.0, 2, "7d")
    assert (measure["red_below"], measure["yellow_below"], measure["status"]) == (60, 75, "unknown")
    wide = reader.measure(*HERE, metric="csat")
    assert (wide["n"], wide["window"], wide["red_below"]) == (7, "28d", None)


JUNE = {"metric": "csat", "as_of": "2026-06-02", "window": "2d"}


async def test_what_is_asked_for_only_is_counted(reader: Reader) -> None:
    def figure(**more: str) -> tuple[Any, Any]:
        measure = reader.measure(*HERE, **(JUNE | more))
        return measure["value"], measure["n"]

    assert figure() == (40.0, 10)
    assert figure(channel="web") == (100.0, 4)
    assert figure(persona="planner") == (0.0, 6)
    assert figure(persona="planner", channel="web") == (None, 0)
    assert figure(perspective="employee") == (0.0, 50)
    assert figure(perspective="partner") == (None, 0)
    assert figure(scale="1,7") == (100.0, 9)
    assert figure(scale="[1,5]") == (40.0, 10)


async def test_without_answers_all_of_it_is_null(reader: Reader) -> None:
    empty = reader.measure(*HERE, metric="enjoyment")
    assert [empty[name] for name in ("value", "low", "high", "n", "stat")] == [None, None, None, 0, None]
    assert reader.points(*HERE, **{"metric": "enjoyment", "from": "2026-01-01"}) == []


async def test_durations_have_percentiles_in_seconds(reader: Reader) -> None:
    june = JUNE | {"metric": "wait_seconds"}
    assert reader.measure(*HERE, **june)["stat"] == "p50"
    for stat, seconds in {"p50": 50, "p90": 90, "p25": 25}.items():
        measure = reader.measure(*HERE, **(june | {"stat": stat}))
        assert (measure["stat"], measure["n"]) == (stat, 100)
        assert measure["value"] == pytest.approx(seconds, rel=0.03)
        assert measure["low"] <= measure["value"] <= measure["high"]


async def test_a_metric_of_ones_own_has_a_mean(reader: Reader) -> None:
    mood = reader.measure(*HERE, **(JUNE | {"metric": "mood"}))
    assert mood["value"] == pytest.approx(23 / 3)
    assert mood["low"] < mood["value"] < mood["high"]


async def test_what_was_taken_back_is_not_counted(reader: Reader) -> None:
    nps = reader.measure(*HERE, **(JUNE | {"metric": "nps"}))
    assert (nps["value"], nps["n"]) == (100.0, 1)


@pytest.mark.parametrize(
    ("parameter", "expected", "asked"),
    [
        ("query.metric", "required", {}),
        ("query.persone", "not permitted", {"metric": "csat", "persone": "planner"}),
        ("query.perspective", "'customer', 'employee' or 'partner'", {"metric": "csat", "perspective": "boss"}),
        ("query.window", "a duration such as", {"metric": "csat", "window": "a week"}),
        ("query.window", "either window and as_of, or from", {"metric": "csat", "window": "7d", "from": "2026-01-01"}),
        ("query.as_of", "either window and as_of, or from", {"metric": "csat", "as_of": "2026-01-01", "step": "1d"}),
        ("query.step", "one of 1h, 1d, 1w, 1mo", {"metric": "csat", "from": "2026-01-01", "step": "1y"}),
        ("query.step", "at most 10000 steps", {"metric": "csat", "from": "1950-01-01", "step": "1h"}),
        ("query.from", "where the series begins", {"metric": "csat", "step": "1d"}),
        ("query.to", "begins before it ends", {"metric": "csat", "from": "2026-01-02", "to": "2026-01-01"}),
        ("query.tz", "IANA", {"metric": "csat", "from": "2026-01-02", "tz": "Middle-earth"}),
        ("query.stat", "csat has one figure", {"metric": "csat", "stat": "p90"}),
        ("query.scale", r"[1, 5] (usual)", {"metric": "csat", "scale": "0,5"}),
        ("query.metric", "match pattern", {"metric": "cs\0at"}),
        ("query.channel", "at most 255", {"metric": "csat", "channel": "x" * 256}),
    ],
)
async def test_a_bad_parameter_is_named_with_what_is_expected(
    reader: Reader, parameter: str, expected: str, asked: dict[str, str]
) -> None:
    problem = reader.problem(422, ADDRESS, **asked)
    (named,) = problem["problems"]
    assert named["path"] == parameter
    assert expected in named["message"]
    assert expected in problem["detail"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/v1/journeys/nowhere", "There is no journey 'nowhere'; there are order-to-door."),
        (METRICS.format("nowhere", "x") + "?metric=csat", "There is no journey 'nowhere'; there are order-to-door."),
        (
            METRICS.format("order-to-door", "x") + "?metric=csat",
            "order-to-door has no touchpoint 'x'; there are order-placed, parcel-arrives.",
        ),
        ("/v1/customers/crm:9", "There is no customer 'crm:9': no event with this subject was scored yet."),
        ("/v1/customers/a%00b", "There is no customer 'customer:a\\x00b': no event with this subject was scored yet."),
        ("/v1/customers/", "There is no customer 'customer:': no event with this subject was scored yet."),
        ("/v1/nothing/here", "There is no /v1/nothing/here; /docs lists what there is."),
    ],
)
async def test_what_is_missing_is_told_with_what_there_is(reader: Reader, path: str, sentence: str) -> None:
    assert reader.problem(404, path)["detail"] == sentence


@pytest.mark.parametrize(("name", "text"), [("limit", "0"), ("limit", "501"), ("limit", "x"), ("cursor", "x!")])
async def test_pages_of_a_timeline_are_asked_for_rightly(reader: Reader, name: str, text: str) -> None:
    (named,) = reader.problem(422, "/v1/customers/crm:9", **{name: text})["problems"]
    assert named["path"] == f"query.{name}"
