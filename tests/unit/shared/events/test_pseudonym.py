"""One customer, one pseudonym, which tells nobody who they are."""

import hmac
from base64 import b32encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.pseudonym import SHORTEST_KEY, KeyTooShort, Pseudonyms

KEY = "0123456789abcdef0123456789abcdef"
PSEUDONYMS = Pseudonyms(["email", "phone", "customer"], KEY, region="DE")


def test_it_is_the_beginning_of_an_hmac() -> None:
    whole = hmac.new(KEY.encode(), b"email:ana@example.com", "sha256").digest()
    expected = b32encode(whole[:16]).decode().lower().rstrip("=")
    assert PSEUDONYMS.of("email:ana@example.com") == f"email:~{expected}" == "email:~t2tezzhizc3uibrru7ggobix4e"


@pytest.mark.parametrize(
    "same",
    [
        ("email:ana@example.com", "email:Ana@Example.COM", "email: ana@example.com "),
        ("email:jürgen@example.com", "email:ju\u0308rgen@example.com"),
        ("email:ana@example.com", "email:\u200bana@example.com", "email:ana@\u00adexample.com\ufeff"),
        (
            "phone:+49301234567",
            "phone:030 1234567",
            "phone:(030) 123-4567",
            "phone:0049 30 1234567",
            "phone:+49 (0)30 1234567",
        ),
        ("phone:+33612345678", "phone:0033 6 12 34 56 78"),
        ("customer:0042", "0042", "customer: 0042"),
    ],
)
def test_however_it_is_written_it_is_one_customer(same: tuple[str, ...]) -> None:
    assert len({PSEUDONYMS.of(subject).partition("~")[2] for subject in same}) == 1


@pytest.mark.parametrize("spelt", ["EMail", " email", "email ", "\u200bemail", "e\u00admail\ufeff", "\uff45mail"])
def test_however_its_namespace_is_spelt_it_is_the_same_pseudonym(spelt: str) -> None:
    once = PSEUDONYMS.of("email:ana@example.com")
    assert PSEUDONYMS.concern(f"{spelt}:ana@example.com")
    assert PSEUDONYMS.of(f"{spelt}:ana@example.com") == once
    assert PSEUDONYMS.of(once.replace("email", spelt)) == once


def test_the_namespace_is_part_of_what_is_hashed() -> None:
    assert PSEUDONYMS.of("customer:1")[-26:] != PSEUDONYMS.of("email:1")[-26:]


def test_other_namespaces_and_pseudonyms_stay() -> None:
    assert PSEUDONYMS.of("crm:0042") == "crm:0042"
    once = PSEUDONYMS.of("email:ana@example.com")
    assert PSEUDONYMS.of(once) == once
    assert PSEUDONYMS.of("email:~ana@example.com") != "email:~ana@example.com", (
        "only what looks like a whole pseudonym is one"
    )


def test_other_keys_make_other_customers() -> None:
    assert Pseudonyms(["email"], KEY[::-1]).of("email:a@b.de") != Pseudonyms(["email"], KEY).of("email:a@b.de")


def test_a_number_that_is_none_keeps_its_digits_alone() -> None:
    anywhere = Pseudonyms(["phone"], KEY)
    assert anywhere.of("phone:030 123-4567") == anywhere.of("phone:0301234567")
    assert anywhere.of("phone:--") != anywhere.of("phone:-")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(KeyTooShort, match=f"shorter than {SHORTEST_KEY} characters"):
        Pseudonyms(["email"], KEY[1:])


@given(st.sampled_from(["email", "phone", "customer"]), st.text(min_size=1, max_size=200))
def test_whatever_is_there_a_pseudonym_comes_out_and_stays(namespace: str, value: str) -> None:
    pseudonym = PSEUDONYMS.of(f"{namespace}:{value}")
    assert len(pseudonym) == len(f"{namespace}:~") + 26
    assert PSEUDONYMS.of(pseudonym) == pseudonym
    assert value not in pseudonym or len(value) < 3
