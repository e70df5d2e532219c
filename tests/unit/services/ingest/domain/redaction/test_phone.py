"""Telephone numbers by the numbering plans, and the numbers that are none."""

import pytest

from services.ingest.domain.redaction.phone import MOST_DIGITS, finder

FOUND = [
    ("DE", "030 1234567"),
    ("DE", "(030) 123456"),
    ("DE", "0171/1234567"),
    ("DE", "0800 1234567"),
    ("DE", "+49 (0)170 1234567"),
    ("DE", "0049 30 1234567"),
    ("DE", "+33 6 12 34 56 78"),
    ("DE", "+1 415-555-2671"),
    ("US", "(415) 555-2671"),
    ("US", "415.555.2671"),
    ("GB", "020 7946 0958"),
    ("FR", "06.12.34.56.78"),
    ("ES", "612345678"),
    ("IT", "02 1234 5678"),
    ("AT", "0664 1234567"),
    ("JP", "03-1234-5678"),
]
NONE = [
    ("DE", "4501234567"),
    ("DE", "ORD-12345678901"),
    ("US", "ORD-4155552671"),
    ("ES", "#612345678"),
    ("DE", "03.04.2026"),
    ("DE", "01.02.2026 10:15"),
    ("US", "11/24/2026"),
    ("DE", "DE89 3704 0044 0532 0130 00"),
    ("DE", "192.168.178.31"),
    ("DE", "4111 1111 1111 1111"),
    ("DE", "1.299,00 €"),
    ("DE", "110"),
    ("US", "123-456-7890"),
    ("US", "114-3941689-8772232"),
]


@pytest.mark.parametrize(("region", "number"), FOUND)
@pytest.mark.parametrize("around", ["{}", "Tel.: {}, abends", "({})", "am 03.04.2026 unter {}."])
def test_it_is_found(region: str, number: str, around: str) -> None:
    text = around.format(number)
    assert number.strip("()") in "".join(text[start:end] for start, end in finder(region)(text))


@pytest.mark.parametrize(("region", "text"), NONE)
def test_it_is_none(region: str, text: str) -> None:
    assert not list(finder(region)(f"Nr. {text} kam"))


def test_where_nobody_could_look_for_long_every_row_of_digits_goes() -> None:
    text = f"{'1 ' * MOST_DIGITS}x 1234567 y 123456 z"
    found = [text[start:end] for start, end in finder("DE")(text)]
    assert found == [("1 " * MOST_DIGITS).strip(), "1234567"]
