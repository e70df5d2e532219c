"""How a quota is written, and read back."""

import pytest

from shared.http.quota import Quota, quota


@pytest.mark.parametrize(
    ("rate", "burst", "expected", "window"),
    [
        ("500/s", 1000, Quota(rate=500.0, burst=1000), 2),
        ("500/s", None, Quota(rate=500.0, burst=500), 1),
        ("500 / s", 100, Quota(rate=500.0, burst=100), 1),
        ("30/m", None, Quota(rate=0.5, burst=30), 60),
        ("7/m", None, Quota(rate=7 / 60, burst=7), 60),
        ("1000000/h", 5000, Quota(rate=1_000_000 / 3600, burst=5000), 18),
        ("1/d", None, Quota(rate=1 / 86_400, burst=1), 86_400),
    ],
)
def test_what_is_written_is_meant(rate: str, burst: int | None, expected: Quota, window: int) -> None:
    assert quota(rate, burst) == expected
    assert expected.window == window


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (quota("500/s", 1000), "500/s, 1000 at once"),
        (quota("30/m"), "30/m, 30 at once"),
        (quota("7/m"), "7/m, 7 at once"),
        (quota("1/d"), "1/d, 1 at once"),
    ],
)
def test_it_is_shown_as_it_is_written(found: Quota, shown: str) -> None:
    assert str(found) == shown


@pytest.mark.parametrize("rate", ["", "500", "0/s", "-5/s", "5/w", "1.5/s", "five/s", "5/s/s"])
def test_what_is_no_rate(rate: str) -> None:
    with pytest.raises(ValueError, match="expected events a time, such as 500/s"):
        quota(rate)


@pytest.mark.parametrize("burst", [0, -1, 10**10])
def test_what_is_no_burst(burst: int) -> None:
    with pytest.raises(ValueError, match="events at once"):
        quota("1/s", burst)
