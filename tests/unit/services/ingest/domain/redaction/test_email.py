"""E-mail addresses, and what only looks like one."""

import pytest

from services.ingest.domain.redaction.email import LONGEST_LOCAL, find

FOUND = [
    "ana@example.com",
    "Ana.Maria+shop@mail.example.co.uk",
    "o'brien@example.ie",
    "+49170@sms.example",
    "jürgen@bücher.example",
    "анна@пример.рф",
    "用户@例子.中国",
    "ana＠example.com",
    "a@b.de",
    "ana@mail-1.example.xn--p1ai",
    "x" * LONGEST_LOCAL + "@example.com",
]
NONE = [
    "ana@example",
    "@ana",
    "ana@",
    "ana @ example.com",
    "@example.com",
    "5@home",
    "a@b.c",
    "a@1.2",
    "...@example.com",
    "ana(at)example.com",
]


@pytest.mark.parametrize("address", FOUND)
@pytest.mark.parametrize("around", ["{}", "an {}.", "<{}>", "({}),", "mail={}&x", "“{}”", "**{}**", "'{}'", "an {}-"])
def test_it_is_found_and_nothing_else(address: str, around: str) -> None:
    text = around.format(address)
    assert [text[start:end] for start, end in find(text)] == [address]


@pytest.mark.parametrize("text", NONE)
def test_it_is_none(text: str) -> None:
    assert not list(find(text))


def test_the_words_around_an_address_without_blanks_stay() -> None:
    text = "请联系ana@example.com谢谢"
    assert [text[start:end] for start, end in find(text)] == ["ana@example.com"]


def test_a_domain_ends_where_it_can() -> None:
    text = "ana@example.com.2 and bea@example.org-"
    assert [text[start:end] for start, end in find(text)] == ["ana@example.com", "bea@example.org"]


def test_two_that_touch_are_two() -> None:
    text = "ana@example.com,bea@example.com;cy@example.com"
    assert len(list(find(text))) == 3
