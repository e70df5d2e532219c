"""Windows as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.written import window_written
from shared.programme.durations import LONGEST, seconds


@pytest.mark.parametrize("text", ["15m", "90m", "1h", "24h", "36h", "48h", "3d", "7d", "28d", "365d"])
def test_as_programmes_have_them(text: str) -> None:
    assert window_written(seconds(text)) == text


@given(st.integers(900, LONGEST))
def test_it_reads_back(total: int) -> None:
    assert seconds(window_written(total)) == total
