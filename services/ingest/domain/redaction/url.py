"""Addresses of pages: with a scheme, or beginning with www."""

import re
from collections.abc import Iterator

from services.ingest.domain.redaction.span import Span

_url = re.compile(
    r"(?<![a-z0-9])(?:[a-z][a-z0-9+.-]{1,30}://|www\d?\.)[^\s<>\"«»“”„`（）【】「」。，、；]+", re.IGNORECASE
)
_AFTER = ".,;:!?'’)]}*_…"
"""What ends a sentence rather than an address."""


def find(text: str) -> Iterator[Span]:
    """Addresses to their end, queries and what hides in them included."""
    if "://" not in text and "www" not in text.lower():
        return
    for found in _url.finditer(text):
        address = found[0].rstrip(_AFTER)
        rest = address.partition("://")[2] if "://" in address else address[len("www.") :]
        if any(char.isalnum() for char in rest):
            yield found.start(), found.start() + len(address)
