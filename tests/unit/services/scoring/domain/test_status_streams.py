"""Rule S1 on random streams: against a plain second writing of it, and as calm and quick as domain.md §4.2 says."""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.status import Proof, State, Thresholds, tick
from shared.metrics.confidence import ONE_SIDED_95, TWO_SIDED_95
from shared.metrics.proportion import wilson
from tests.unit.services.scoring.domain.plain_status import PlainStatus

AT = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LONG, SHORT = 28, 7
RULE = Thresholds(0.80, 0.65, 0.02, 0.02, 2, 3)
Days = list[tuple[int, int]]


def statuses(days: Iterator[tuple[int, int]] | Days) -> Iterator[str]:
    """The status after each day's (favourable, answers), by the rule."""
    state = State()
    for number, (long, short) in enumerate(windows(days)):
        proof = None
        if long[1] >= 30:
            lower, upper = wilson(*long, level=ONE_SIDED_95)
            if short[1] >= 20:
                upper = min(upper, wilson(*short, level=TWO_SIDED_95)[1])
            proof = Proof(long[0] / long[1], lower, upper)
        state = tick(state, proof, RULE, at=AT + number * DAY, window=LONG * DAY).state
        yield state.status


def windows(days: Iterator[tuple[int, int]] | Days) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    kept: deque[tuple[int, int]] = deque(maxlen=LONG)
    for day in days:
        kept.append(day)
        recent = list(kept)[-SHORT:]
        yield together(kept), together(recent)


def together(days: deque[tuple[int, int]] | Days) -> tuple[int, int]:
    return sum(good for good, _ in days), sum(n for _, n in days)


DAYS = st.integers(0, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SPELLS = st.lists(st.tuples(DAYS, st.integers(1, 40)), min_size=1, max_size=12)


@given(SPELLS)
def test_the_rule_is_what_its_words_say(spells: list[tuple[tuple[int, int], int]]) -> None:
    days = [day for day, times in spells for _ in range(times)]
    plain = PlainStatus(0.80, 0.65, 0.02, 2, 3)
    expected = [plain.tick(*both, ticks_in_two_windows=2 * LONG) for both in windows(days)]
    assert list(statuses(days)) == expected


def stream(chance: np.random.Generator, share: float, a_day: int, days: int) -> Days:
    answers = chance.poisson(a_day, days)
    return [(int(chance.binomial(n, share)), int(n)) for n in answers]


@pytest.mark.parametrize(
    ("share", "a_day", "flips"),
    [(0.80, 5, 4.2), (0.82, 5, 2.4), (0.85, 5, 0.6), (0.80, 20, 2.7), (0.82, 20, 1.1), (0.85, 20, 0.1)],
)
def test_it_is_as_calm_as_the_table_says(share: float, a_day: int, flips: float) -> None:
    """Flips a year of 60 runs; the table is of 200, and the error of a mean of 60 is about 0.3."""
    chance = np.random.default_rng(int(share * 100) * a_day)
    found = []
    for _ in range(60):
        seen = list(statuses(stream(chance, share, a_day, LONG + 365)))[LONG:]
        found.append(sum(one != other for one, other in pairwise(seen)))
    assert np.mean(found) == pytest.approx(flips, abs=0.9)


@pytest.mark.parametrize(
    ("fall", "colours", "a_day", "days"),
    [
        (0.72, ("yellow", "red"), 5, 16),
        (0.55, ("yellow", "red"), 5, 6),
        (0.55, ("red",), 5, 16),
        (0.72, ("yellow", "red"), 20, 8),
        (0.55, ("yellow", "red"), 20, 5),
        (0.55, ("red",), 20, 8),
    ],
)
def test_it_is_as_quick_as_the_table_says(fall: float, colours: tuple[str, ...], a_day: int, days: int) -> None:
    """Median days from a sudden fall from 88 % to at least that colour, of 60 runs; the table is of 300."""
    chance = np.random.default_rng(int(fall * 100) * a_day)
    delays = []
    for _ in range(60):
        before = 2 * LONG
        seen = list(statuses(stream(chance, 0.88, a_day, before) + stream(chance, fall, a_day, 120)))[before:]
        delays.append(next((day for day, one in enumerate(seen, 1) if one in colours), 121))
    assert median(delays) == pytest.approx(days, abs=max(1.5, 0.25 * days))
