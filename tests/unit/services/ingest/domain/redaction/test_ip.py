"""Internet addresses of both versions, and the numbers that are none."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.domain.redaction.ip import find

NONE = [
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.02.2026",
    "v1.2.3.4",
    "1.2.3.4a",
    "10:15:30",
    "std::vector",
    "a::b",
    "::",
    "::1",
    "dead::beef",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "2001:db8::1::2",
    "2001:db8:::1",
]


@given(st.ip_addresses())
@example(IPv6Address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
@example(IPv6Address("dead::beef"))
def test_every_address_is_found(address: IPv4Address | IPv6Address) -> None:
    text = f"von {address}, {address.exploded}:"
    found = [text[start:end] for start, end in find(text)]
    said = "::" in str(address) and (sum(map(str.isalnum, str(address))) < 4 or not any(map(str.isdigit, str(address))))
    assert found == ([address.exploded] if said else [str(address), address.exploded])


@pytest.mark.parametrize("text", NONE)
def test_it_is_none(text: str) -> None:
    assert not list(find(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[192.0.2.1]:80", ["192.0.2.1"]),
        ("192.0.2.1/24.", ["192.0.2.1"]),
        ("::ffff:192.0.2.1", ["::ffff:192.0.2.1"]),
        ("IP:192.0.2.1", ["192.0.2.1"]),
        ("2001:db8::1.", ["2001:db8::1"]),
        ("2001:DB8:0:0:0:0:0:1,192.0.2.1", ["2001:DB8:0:0:0:0:0:1", "192.0.2.1"]),
        ("fe80::1%eth0", ["fe80::1"]),
    ],
)
def test_it_is_found_with_what_belongs_to_it(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find(text)] == found
