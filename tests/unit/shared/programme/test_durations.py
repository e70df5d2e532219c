"""Times as they are written: what is written reads as it was meant, and nothing else reads at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.programme.durations import LONGEST, SECONDS, allowance, delay, seconds, written
from shared.programme.model import Allowance, Delay


@given(st.integers(0, LONGEST))
def test_what_is_written_reads_back(total: int) -> None:
    assert seconds(written(total)) == total


@given(st.integers(0, LONGEST // 60).map(lambda minutes: minutes * 60))
def test_business_time_reads_back(total: int) -> None:
    assert delay(written(total, business=True)) == Delay(seconds=total, business=True)


@given(st.integers(0, 10_000), st.sampled_from("smhdw"), st.sampled_from(["", " ", "  "]))
def test_a_number_and_its_unit(count: int, unit: str, gap: str) -> None:
    total = count * SECONDS[unit]
    if total > LONGEST:
        with pytest.raises(ValueError, match="a duration such as"):
            seconds(f"{count}{gap}{unit}")
    else:
        assert seconds(f"{count}{gap}{unit}") == total


@given(st.text())
def test_anything_else_is_refused_with_what_was_expected(text: str) -> None:
    if text.strip(" \t\n0123456789smhdw"):
        with pytest.raises(ValueError, match="15m, 24h or 7d"):
            seconds(text)


@given(st.integers(1, 999_999), st.integers(1, LONGEST))
def test_so_many_in_a_duration(times: int, total: int) -> None:
    assert allowance(f"{times} in {written(total)}") == Allowance(times=times, seconds=total)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 business hours", Delay(seconds=7200, business=True)),
        ("1 business hour", Delay(seconds=3600, business=True)),
        ("30 business minutes", Delay(seconds=1800, business=True)),
        ("30m", Delay(seconds=1800)),
    ],
)
def test_delays(text: str, expected: Delay) -> None:
    assert delay(text) == expected


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "1.5h", "1h30m", "7 days", "99999d", "٣d", "2 business days"])
def test_what_is_no_delay(text: str) -> None:
    with pytest.raises(ValueError, match="a delay such as"):
        delay(text)


@pytest.mark.parametrize("text", ["", "1", "in 7d", "0 in 7d", "1 in", "1 per 7d", "x in 7d"])
def test_what_is_no_allowance(text: str) -> None:
    with pytest.raises(ValueError, match="1 in 30d"):
        allowance(text)
