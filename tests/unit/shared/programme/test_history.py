"""Which version holds when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.programme.history import History, NoProgramme, Version
from shared.programme.model import Programme

START = datetime(2026, 1, 1, tzinfo=UTC)


def version(number: int, valid_from: datetime | None) -> Version:
    return Version(number, valid_from, START, "", Programme(name=str(number), timezone="UTC"))


def test_a_version_holds_from_its_instant_on() -> None:
    history = History([version(2, START), version(1, None)])
    assert history.at(START - timedelta(microseconds=1)).id == 1
    assert history.at(START).id == 2
    assert history.at(datetime.max.replace(tzinfo=UTC)).id == 2
    assert history.until(history.versions[0]) == START
    assert history.until(history.versions[1]) is None


def test_a_version_is_found_by_its_number() -> None:
    history = History([version(2, START), version(1, None)])
    assert [history.version(number) for number in (1, 2, 3, None)] == [*history.versions, None, None]


def test_no_programme() -> None:
    with pytest.raises(NoProgramme, match="voc programme apply"):
        History(()).at(START)


def test_the_matcher_is_compiled_once() -> None:
    one = version(1, None)
    assert one.matcher is one.matcher


@given(st.sets(st.integers(1, 1000), max_size=20), st.integers(0, 1001))
def test_it_is_the_last_that_has_begun(hours: set[int], asked: int) -> None:
    begins = sorted(hours)
    history = History([version(0, None), *(version(hour, START + timedelta(hours=hour)) for hour in begins)])
    assert history.at(START + timedelta(hours=asked)).id == max([0, *(hour for hour in begins if hour <= asked)])
