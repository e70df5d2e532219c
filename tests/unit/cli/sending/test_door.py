"""How long the door is given."""

from datetime import UTC, datetime

import pytest

from cli.sending.door import LONGEST_WAIT_SECONDS, pause_before, retry_after

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2", 2.0),
        ("0", 0.0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-1", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after(text, now=NOW) == seconds


def test_what_the_door_asks_for_is_obeyed() -> None:
    for _ in range(50):
        assert 2.0 <= pause_before(1, 2.0) <= 2.4


def test_without_a_word_pauses_double_up_to_a_bound() -> None:
    for tries in range(1, 30):
        wanted = min(LONGEST_WAIT_SECONDS, 0.25 * 2.0**tries)
        assert wanted <= pause_before(tries, None) <= 1.2 * wanted
