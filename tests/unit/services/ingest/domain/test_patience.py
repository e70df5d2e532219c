"""How long an API is asked again."""

from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.domain.patience import Failure, GivenUp, Later, Resting, after

YOUNG, OLD = timedelta(minutes=1), timedelta(days=3, seconds=1)


def seconds(status: int | None, tries: int, retry_after: float | None = None) -> float:
    found = after(Failure("why", status, retry_after), tries=tries, age=YOUNG, absent=None)
    assert isinstance(found, Later)
    return found.seconds


@pytest.mark.parametrize("status", [None, 500, 502, 504, 408])
def test_an_api_that_is_away_is_asked_less_and_less_often(status: int | None) -> None:
    assert [seconds(status, tries) for tries in (1, 2, 3, 50)] == [5, 10, 20, 900]


def test_who_asks_for_patience_gets_it_within_reason() -> None:
    assert [seconds(429, 1, 7), seconds(429, 1), seconds(503, 1, 30), seconds(429, 1, 1e6)] == [7, 60, 30, 3600]


@pytest.mark.parametrize("status", [401, 403])
def test_who_does_not_let_us_in_is_asked_for_days(status: int) -> None:
    assert [seconds(status, tries) for tries in (1, 2, 99)] == [60, 120, 3600]


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_looked_for_for_an_hour_from_when_that_was_first_said(status: int) -> None:
    failure = Failure("it is not there", status)
    hour, long = timedelta(hours=1), timedelta(days=1)
    assert isinstance(after(failure, tries=50, age=long, absent=None), Later), "the API was away till now"
    assert isinstance(after(failure, tries=50, age=long, absent=hour - timedelta(seconds=1)), Later)
    said = "what it announces is not there: it is not there"
    assert after(failure, tries=2, age=hour, absent=hour) == GivenUp(said)
    assert [seconds(status, tries) for tries in (1, 2, 50)] == [10, 20, 900]


@pytest.mark.parametrize("status", [400, 405, 413, 422])
def test_what_is_called_wrong_is_not_asked_again(status: int) -> None:
    assert after(Failure("no", status), tries=1, age=YOUNG, absent=None) == GivenUp("it cannot be fetched: no")


@pytest.mark.parametrize("status", [None, 401, 404, 429, 500])
def test_everything_ends_after_three_days(status: int | None) -> None:
    assert isinstance(after(Failure("no", status), tries=1, age=OLD, absent=None), GivenUp)


def test_a_source_rests_as_long_as_its_api_asks_for_and_no_other_does() -> None:
    resting, at = Resting(), datetime(2026, 3, 2, tzinfo=UTC)
    for source, failure in {
        "limited": Failure("no", 429, 7),
        "unsaid": Failure("no", 429),
        "away-for-a-while": Failure("no", 503, 30),
        "silent": Failure("no", silent=True),
        "broken": Failure("no", 500),
        "not-there": Failure("no", 404),
        "without-a-token": Failure("no"),
    }.items():
        resting.note(source, failure, at)
    after_seconds = [resting.at(at + timedelta(seconds=n)) for n in (0, 7, 30, 60)]
    assert after_seconds == [
        {"limited", "unsaid", "away-for-a-while", "silent"},
        {"unsaid", "away-for-a-while", "silent"},
        {"unsaid"},
        set(),
    ]
