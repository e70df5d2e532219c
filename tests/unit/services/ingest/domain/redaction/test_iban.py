"""Account numbers: the check digits decide, and the country says where one ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.redaction.iban import LENGTHS, find

# SWIFT's own examples of its registry.
EXAMPLES = [
    "DE89370400440532013000",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
    "CH9300762011623852957",
    "ES9121000418450200051332",
]


@pytest.mark.parametrize("number", EXAMPLES)
@pytest.mark.parametrize("around", ["{}", "IBAN: {} please", "({})", "{}.", "{},", "{} 12 Euro"])
def test_it_is_found_however_it_is_written(number: str, around: str) -> None:
    fours = [number[at : at + 4] for at in range(0, len(number), 4)]
    for written in (number, " ".join(fours), "-".join(fours), number.lower()):
        text = around.format(written)
        assert [text[start:end] for start, end in find(text)] == [written]


@given(st.sampled_from(sorted(LENGTHS)), st.data())
def test_check_digits_decide(country: str, data: st.DataObject) -> None:
    rest = LENGTHS[country] - 4
    account = data.draw(st.text(alphabet="0123456789ABCXYZ", min_size=rest, max_size=rest))
    digits = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    right = 98 - int(digits) % 97
    assert [*find(f"{country}{right:02}{account}")] == [(0, LENGTHS[country])]
    wrong = right % 96 + 2 if right % 96 + 2 != right else 50
    assert not [*find(f"{country}{wrong:02}{account}")]


@pytest.mark.parametrize(
    "text",
    [
        "XX89370400440532013000",
        "DE8937040044053201300",
        "DE893704004405320130000",
        "XDE89370400440532013000",
        "DE89 3704",
    ],
)
def test_it_is_none(text: str) -> None:
    assert not list(find(text))
