"""Where a page of a timeline ends, as an opaque word that the next question gives back.

It names a place, not a number of items: what arrives meanwhile moves nothing, so no item comes twice or never.
"""

import binascii
from base64 import b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec


class Place(NamedTuple):
    """Just before this row, the timeline going from the latest to the first."""

    time: datetime
    position: int


class _Written(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Microseconds since 1970, and the position."""

    microseconds: int
    position: int


BEGINNING = Place(datetime(9999, 12, 31, tzinfo=UTC), 2**63 - 1)
"""Before everything: the first page."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write(place: Place) -> str:
    """The place as letters, digits, `-` and `_`."""
    written = _Written((place.time - _EPOCH) // timedelta(microseconds=1), place.position)
    return urlsafe_b64encode(msgspec.json.encode(written)).decode().rstrip("=")


def read(text: str) -> Place:
    """The inverse of `write`. Raises ValueError with what was expected."""
    try:
        written = msgspec.json.decode(_bytes(text), type=_Written)
        if not 0 <= written.position < 2**63:
            raise ValueError
        return Place(_EPOCH + timedelta(microseconds=written.microseconds), written.position)
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, OverflowError, ValueError):
        raise ValueError("expected the `next` of an earlier answer") from None


def _bytes(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
