"""When to try again, and when to give up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.alerts.domain.patience import LONGEST, LOOK_AGAIN, Patience, look_again, wait
from tests.letters import OPENED

SECOND = timedelta(seconds=1)


def test_it_doubles_up_to_a_minute() -> None:
    assert [wait(tries, 0.5) / SECOND for tries in (1, 2, 3, 4, 5, 6, 7, 500)] == [1, 2, 4, 8, 16, 32, 60, 60]


@given(tries=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_chance_spreads_attempts_by_a_fifth_and_never_to_nothing(tries: int, chance: float) -> None:
    middle = wait(tries, 0.5)
    assert 0.79 * middle <= wait(tries, chance) <= 1.21 * middle <= 1.21 * LONGEST


@given(tries=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_what_is_unclear_has_time_to_arrive(tries: int, chance: float) -> None:
    assert look_again(tries, chance) >= LOOK_AGAIN


def test_it_is_given_up_some_time_after_the_first_attempt() -> None:
    patience = Patience(timedelta(hours=24))
    assert not patience.given_up(OPENED, OPENED + timedelta(hours=24) - SECOND)
    assert patience.given_up(OPENED, OPENED + timedelta(hours=24))
