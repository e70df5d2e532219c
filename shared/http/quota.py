"""How much a key may send, and how that is written: `500/s`, `30000/m`, `1000000/h`."""

import re
from math import ceil

import msgspec

RATE = "events a time, such as 500/s, 30000/m or 1000000/h"

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_rate = re.compile(r"(\d{1,9})\s*/\s*([smhd])", re.ASCII)


class Quota(msgspec.Struct, frozen=True):
    """So many events a second for ever, and so many of them at once after a pause."""

    rate: float
    burst: int

    @property
    def window(self) -> int:
        """Seconds, whole and at least one, in which a whole burst comes again."""
        return max(1, ceil(round(self.burst / self.rate, 6)))

    def __str__(self) -> str:
        unit, seconds = next((u, s) for u, s in _SECONDS.items() if self.rate * s >= 1 or u == "d")
        return f"{self.rate * seconds:.10g}/{unit}, {self.burst} at once"


def quota(rate: str, burst: int | None = None) -> Quota:
    """The quota of a written rate; without a burst, what one of its units brings may come at once.

    Raises ValueError with what was expected.
    """
    found = _rate.fullmatch(rate.strip())
    if found is None or int(found[1]) < 1:
        raise ValueError(f"expected {RATE}, found {rate!r}")
    if burst is not None and not 1 <= burst <= 1_000_000_000:
        raise ValueError(f"expected from 1 to 1000000000 events at once, found {burst}")
    return Quota(rate=int(found[1]) / _SECONDS[found[2]], burst=burst or int(found[1]))
