"""What `--expires` understands."""

from datetime import UTC, datetime

import pytest

from cli.expiry import expiry

NOW = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("90d", datetime(2027, 2, 23, 13, 30, tzinfo=UTC)),
        ("12h", datetime(2026, 11, 26, 1, 30, tzinfo=UTC)),
        ("2027-03-31", datetime(2027, 4, 1, tzinfo=UTC)),
        ("2026-11-25", datetime(2026, 11, 26, tzinfo=UTC)),
        ("2027-03-31T12:00:00+02:00", datetime(2027, 3, 31, 10, tzinfo=UTC)),
    ],
)
def test_what_is_meant(text: str, until: datetime) -> None:
    assert expiry(text, NOW) == until


@pytest.mark.parametrize(
    "text", ["", "soon", "90", "0d", "2026-11-24", "2027-03-31T12:00:00", "2027-13-01", "9999-12-31", "-5d"]
)
def test_what_is_in_no_future(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration such as 90d"):
        expiry(text, NOW)
