"""Payment cards: Luhn's digit decides, and groups say where a number ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.redaction.card import FEWEST, MOST, find, luhn

# The networks' own test numbers.
CARDS = [
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "378282246310005",
    "30569309025904",
    "6304000000000000000",
]


@pytest.mark.parametrize("number", CARDS)
def test_known_numbers_pass(number: str) -> None:
    assert luhn(number)
    assert [*find(number)] == [(0, len(number))]


@given(st.text(alphabet="0123456789", min_size=FEWEST - 1, max_size=MOST - 1))
def test_one_last_digit_of_ten_is_right(digits: str) -> None:
    right = [digits + last for last in "0123456789" if luhn(digits + last)]
    assert len(right) == 1
    assert [*find(right[0])] == [(0, len(right[0]))]
    wrong = digits + str((int(right[0][-1]) + 1) % 10)
    assert not [*find(wrong)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4111 1111 1111 1111", ["4111 1111 1111 1111"]),
        ("4111-1111-1111-1111", ["4111-1111-1111-1111"]),
        ("4111 - 1111 - 1111 - 1111", ["4111 - 1111 - 1111 - 1111"]),
        ("41 11 11 11 11 11 11 11", ["41 11 11 11 11 11 11 11"]),
        ("4111\u00a01111\u20111111 1111", ["4111\u00a01111\u20111111 1111"]),
        ("٤١١١١١١١١١١١١١١١", ["٤١١١١١١١١١١١١١١١"]),
        ("1234 4111 1111 1111 1111 99", ["4111 1111 1111 1111"]),
        ("4111 1111 1111 1111 5555 5555 5555 4444", ["4111 1111 1111 1111", "5555 5555 5555 4444"]),
        ("4111111111111111,4222222222222", ["4111111111111111", "4222222222222"]),
        ("4111 1111 1111 1112", []),
        ("411111111111", []),
        ("41111111111111111111", []),
        ("5 4 3 2 5 5 4 3 2 1 5 4 3 2 1", []),
        ("2026-11-24 2026-11-25", []),
        ("DE89 3704 0044 0532 0130 00", []),
    ],
)
def test_groups_decide_where_it_ends(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find(text)] == found
