"""How long an API is asked again."""

from datetime import timedelta

import pytest

from services.ingest.domain.patience import Failure, GivenUp, Later, after

YOUNG, OLD = timedelta(minutes=1), timedelta(days=3, seconds=1)


def seconds(status: int | None, tries: int, retry_after: float | None = None) -> float:
    found = after(Failure("why", status, retry_after), tries=tries, age=YOUNG)
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


def test_what_is_not_there_is_looked_for_for_about_an_hour() -> None:
    waited = sum(seconds(404, tries) for tries in range(1, 8))
    assert 900 < waited < 3600
    assert after(Failure("it is not there", 404), tries=8, age=YOUNG) == GivenUp(
        "what it announces is not there: it is not there"
    )


@pytest.mark.parametrize("status", [400, 405, 413, 422])
def test_what_is_called_wrong_is_not_asked_again(status: int) -> None:
    assert after(Failure("no", status), tries=1, age=YOUNG) == GivenUp("it cannot be fetched: no")


@pytest.mark.parametrize("status", [None, 401, 404, 429, 500])
def test_everything_ends_after_three_days(status: int | None) -> None:
    assert isinstance(after(Failure("no", status), tries=1, age=OLD), GivenUp)
