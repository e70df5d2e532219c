"""A time to wait."""

import msgspec


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """A time to wait. With `business`, only seconds inside the owner's opening hours count."""

    seconds: int
    business: bool = False
