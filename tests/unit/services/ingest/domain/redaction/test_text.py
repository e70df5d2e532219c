"""Texts as customers write them: what goes, what stays, and that twice is the same as once."""

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.domain.redaction.text import ORDER, Redactor
from shared.programme.model import Pattern, Privacy
from shared.programme.privacy import KINDS
from tests.unit.services.ingest.domain.redaction.golden import KEPT, REDACTED, Said


@cache
def redactor(region: str = "DE") -> Redactor:
    return Redactor(KINDS, Privacy(region=region))


def test_every_kind_has_its_place() -> None:
    assert sorted(ORDER) == sorted(KINDS)


@pytest.mark.parametrize("said", REDACTED, ids=lambda said: said.text)
def test_personal_data_goes(said: Said) -> None:
    assert redactor(said.region)(said.text) == said.left


@pytest.mark.parametrize("said", KEPT, ids=lambda said: said.text)
def test_everything_else_stays(said: Said) -> None:
    assert redactor(said.region)(said.text) == said.text


PIECES = [word for said in [*REDACTED, *KEPT] for word in said.text.split()]


@given(st.lists(st.sampled_from(PIECES) | st.text(alphabet=" 0123456789.-/:@+()[]aDE", max_size=12), max_size=8))
@example(["1.1.1.1", "1.1.1.1.1"])
@example(["4111111111111111", "4111111111111111", "030123456"])
def test_twice_is_once(words: list[str]) -> None:
    for between in (" ", ""):
        once = redactor()(between.join(words))
        assert redactor()(once) == once


@given(st.text(max_size=60))
def test_what_has_no_digit_no_at_and_no_address_stays(text: str) -> None:
    if not any(char.isdigit() or char in "@＠" for char in text) and "://" not in text and "www" not in text.lower():
        assert redactor()(text) == text


def test_only_what_is_asked_for_goes() -> None:
    text = "ana@example.com, DE89 3704 0044 0532 0130 00, 4111 1111 1111 1111, 192.168.178.31, 030 1234567"
    assert Redactor((), Privacy())(text) == text
    assert Redactor(("email",), Privacy())(text) == text.replace("ana@example.com", "[EMAIL]")
    assert Redactor(("phone",), Privacy(region="DE"))(text) == text.replace("030 1234567", "[PHONE]")
    assert Redactor(("card",), Privacy())(text) == text.replace("4111 1111 1111 1111", "[CARD]")


def test_an_address_within_an_address_goes_alone_where_only_it_is_asked_for() -> None:
    redact = Redactor(("email",), Privacy())
    assert redact("https://shop.example/?mail=ana@example.com&x=1") == "https://shop.example/?mail=[EMAIL]&x=1"


def test_what_a_pattern_keeps_stays_where_it_is_whole() -> None:
    redact = Redactor(KINDS, Privacy(region="DE", keep=(r"ORD-\d+", r"\d{4}")))
    assert redact("ORD-4111111111111111 ORD-01701234567") == "ORD-4111111111111111 ORD-01701234567"
    assert redact("4111 1111 1111 1111") == "[CARD]", "parts of it match a pattern, the whole does not"


def test_patterns_of_the_companys_own_go_first() -> None:
    privacy = Privacy(patterns=(Pattern(name="ORDER", matches=r"ORD-\d+"), Pattern(name="PHONE", matches=r"App-\d{2}")))
    redact = Redactor(("card",), privacy)
    assert redact("ORD-4111111111111111, App-17") == "[ORDER], [PHONE]"


def test_a_label_that_its_own_pattern_matches_is_not_looked_into() -> None:
    redact = Redactor((), Privacy(patterns=(Pattern(name="ORDER", matches="ORDER|D"),)))
    assert redact("ORDER D [ORDER]") == "[ORDER] [ORDER] [ORDER]"
