"""What a journey's page needs counted."""

from datetime import UTC, datetime

from services.insights.domain.wanted import Wanted, declared, scale_id_of, wanted
from shared.metrics.span import window
from shared.programme.model import Measure
from tests.shop import DAY, HOUR, ORDER_PLACED, ORDER_TO_DOOR

NOW = datetime(2026, 5, 1, 12, 7, tzinfo=UTC)


def test_each_measure_has_its_own_window_up_to_now() -> None:
    assert wanted(ORDER_TO_DOOR, NOW) == [
        Wanted("parcel-arrives", "csat", window(NOW, 7 * DAY)),
        Wanted("parcel-arrives", "promise_kept", window(NOW, 48 * HOUR)),
    ]


def test_a_step_that_is_no_moment_of_truth_declares_none() -> None:
    assert declared(ORDER_PLACED) == ()


def test_a_measure_may_name_its_scale() -> None:
    assert scale_id_of(Measure(metric="csat", window=DAY)) is None
    assert scale_id_of(Measure(metric="csat", window=DAY, scale=(1, 7))) == "csat_1_7"
    assert scale_id_of(Measure(metric="enjoyment", window=DAY, scale=(-3.0, 3.0))) == "affect_m3_p3"
