"""Internet addresses, of both versions."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from services.ingest.domain.redaction.span import Span, outside

_PART = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_v4 = re.compile(rf"(?<![\w.])(?:{_PART}\.){{3}}{_PART}(?!\w|\.\w)")
_v6 = re.compile(r"(?<![\w:.])[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*", re.IGNORECASE)
LONGEST_V6 = 45
FEWEST_DIGITS = 4
"""Below it `::` is punctuation, and `::1` nobody's address; without a decimal digit it may stand between two words."""


def find(text: str) -> Iterator[Span]:
    """Addresses of version 6, then of version 4 where no version 6 has them: `::ffff:192.0.2.1` is one."""
    longer = list(_version_6(text)) if text.count(":") > 1 else []
    shorter = (found.span() for found in _v4.finditer(text)) if text.count(".") > 2 else ()
    yield from sorted([*longer, *outside(shorter, longer)])


def _version_6(text: str) -> Iterator[Span]:
    for found in _v6.finditer(text):
        address = found[0].rstrip(".")
        if address.endswith(":") and not address.endswith("::"):
            address = address[:-1]
        end = found.start() + len(address)
        if len(address) <= LONGEST_V6 and _is_address(address) and not text[end : end + 1].isalnum():
            yield found.start(), end


def _is_address(text: str) -> bool:
    if "::" in text and (sum(map(str.isalnum, text)) < FEWEST_DIGITS or not any(map(str.isdigit, text))):
        return False
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
