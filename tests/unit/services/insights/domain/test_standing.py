"""How a measure stands: as decided, and unknown when nobody decides any more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.insights.domain.standing import Decided, Judge, MeasureKey, MeasureRow, MomentKey, Standing
from shared.programme.model import Measure
from tests.shop import DAY, HOUR, ORDER_TO_DOOR

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HELD = timedelta(minutes=15)
KEPT = Measure(metric="promise_kept", window=56 * HOUR, red_below=85, yellow_below=92)  # its tick is two hours
KEY = MeasureKey("order-to-door", 1, "parcel-arrives", "promise_kept", None, None, 56 * HOUR)
ROW = MeasureRow("green", NOW - timedelta(days=2), NOW - 30 * MINUTE, True, False, None)


def stands(row: MeasureRow = ROW, *, beat: datetime | None = NOW, measure: Measure = KEPT, **key: Any) -> Standing:
    decided = Decided(beat, {KEY._replace(**key): row})
    return Judge(decided, NOW, MINUTE, HELD).of(ORDER_TO_DOOR, "parcel-arrives", measure)


def test_a_measure_stands_as_it_was_decided() -> None:
    assert stands() == Standing("green", ROW.since, ROW.decided_at, initial=True)
    held = ROW._replace(status="yellow", initial=False, incomplete=True, held_since=NOW - MINUTE)
    assert stands(held) == Standing("yellow", ROW.since, ROW.decided_at, incomplete=True, held_since=NOW - MINUTE)


@pytest.mark.parametrize("key", [{"major": 2}, {"window": DAY}, {"stat": "p90"}, {"scale": "x"}, {"touchpoint": "y"}])
def test_what_was_decided_of_another_measure_says_nothing(key: dict[str, Any]) -> None:
    assert stands(**key) == Standing()


def test_a_measure_is_found_by_its_stat_and_scale() -> None:
    seven = Measure(metric="csat", scale=(1, 7), window=DAY, red_below=60, yellow_below=75)
    assert stands(measure=seven, metric="csat", scale="csat_1_7", window=DAY).status == "green"
    wait = Measure(metric="wait_seconds", stat="p90", window=DAY, red_above=60, yellow_above=30)
    assert stands(measure=wait, metric="wait_seconds", stat="p90", window=DAY).status == "green"


def test_a_stopped_scoring_is_stale_and_never_green() -> None:
    for beat in (None, NOW - MINUTE - timedelta(microseconds=1), NOW + MINUTE + timedelta(microseconds=1)):
        assert stands(beat=beat) == Standing(decided_at=ROW.decided_at, stale=True)
        assert stands(beat=beat, major=7) == Standing(stale=True)
    assert stands(beat=NOW - MINUTE).status == "green"
    assert stands(beat=NOW + MINUTE).status == "green"  # the evaluator's clock is before ours


def test_a_decision_that_is_long_overdue_is_stale() -> None:
    last = NOW - timedelta(hours=4) - MINUTE
    assert stands(ROW._replace(decided_at=last)).status == "green"
    late = ROW._replace(decided_at=last - timedelta(microseconds=1))
    assert stands(late) == Standing(decided_at=late.decided_at, stale=True)
    assert stands(late._replace(status="unknown")).stale is False
    slower = msgspec.structs.replace(KEPT, tick=5 * HOUR)
    assert stands(late, measure=slower).status == "green"


def test_one_that_is_held_is_stale_when_it_should_have_been_decided_without_all_that_is_known() -> None:
    since = NOW - timedelta(hours=2)
    last = NOW - timedelta(hours=4) - MINUTE - HELD
    assert stands(ROW._replace(decided_at=last, held_since=since)).status == "green"
    forgotten = ROW._replace(decided_at=last - timedelta(microseconds=1), held_since=since)
    assert stands(forgotten) == Standing(decided_at=forgotten.decided_at, held_since=since, stale=True)


def test_a_moment_was_decided_when_scoring_says() -> None:
    decided = Decided(NOW, {}, {MomentKey("order-to-door", 1, "parcel-arrives"): NOW - MINUTE})
    judge = Judge(decided, NOW, MINUTE, HELD)
    assert judge.decided_at(ORDER_TO_DOOR, "parcel-arrives") == NOW - MINUTE
    assert judge.decided_at(ORDER_TO_DOOR, "order-placed") is None
