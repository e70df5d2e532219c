"""Addresses of pages: where they begin, and where they end."""

import pytest

from services.ingest.domain.redaction.url import find

FOUND = [
    "https://shop.example/reset?mail=ana@example.com&t=1#top",
    "HTTP://SHOP.EXAMPLE",
    "ftp://ana:secret@files.example:21/x",
    "www.example.de/konto",
    "WWW.example.de",
    "http://[2001:db8::1]:8080/x",
    "myapp+v2://open/4711",
    "https://пример.рф/путь",
]


@pytest.mark.parametrize("address", FOUND)
@pytest.mark.parametrize("around", ["{}", "see {}.", "({}),", "<{}>", '"{}"', "{}?!", "看{}，", "[{}]"])
def test_it_is_found_to_its_end(address: str, around: str) -> None:
    text = around.format(address)
    assert [text[start:end] for start, end in find(text)] == [address]


@pytest.mark.parametrize(
    "text", ["http://", "www.", "www. ", "://x", "and/or", "shop.example/x", "C:/x", "https://.", "1://x"]
)
def test_it_is_none(text: str) -> None:
    assert not list(find(text))
