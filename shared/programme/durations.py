"""How times are written in a programme: `30s`, `15m`, `24h`, `7d`, `8 business hours`, `1 in 30d`."""

import re

from shared.programme.model import Allowance, Delay

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST = 3660 * 86_400  # ten years: beyond it a unit was mistaken
DURATION = "a duration such as 15m, 24h or 7d (s, m, h, d, w; at most 3660d)"
DELAY = "a delay such as 30m, 24h or 8 business hours"
ALLOWANCE = "so many in a duration, such as 1 in 30d"

_plain = re.compile(r"(\d{1,12})\s*([smhdw])", re.ASCII)
_business = re.compile(r"(\d{1,12})\s+business\s+(minute|hour)s?", re.ASCII)
_allowance = re.compile(r"(\d{1,6})\s+in\s+(.+)", re.ASCII)


def seconds(text: str) -> int:
    """A duration in seconds. Raises ValueError with what was expected."""
    found = _plain.fullmatch(text.strip())
    total = int(found[1]) * SECONDS[found[2]] if found else LONGEST + 1
    if total > LONGEST:
        raise ValueError(DURATION)
    return total


def delay(text: str) -> Delay:
    """A delay, in business time where it says so. Raises ValueError with what was expected."""
    found = _business.fullmatch(text.strip())
    if found is None:
        try:
            return Delay(seconds=seconds(text))
        except ValueError:
            raise ValueError(DELAY) from None
    total = int(found[1]) * (60 if found[2] == "minute" else 3600)
    if total > LONGEST:
        raise ValueError(DELAY)
    return Delay(seconds=total, business=True)


def allowance(text: str) -> Allowance:
    """`TIMES in DURATION`. Raises ValueError with what was expected."""
    found = _allowance.fullmatch(text.strip())
    try:
        if found is None or int(found[1]) < 1:
            raise ValueError
        return Allowance(times=int(found[1]), seconds=seconds(found[2]))
    except ValueError:
        raise ValueError(ALLOWANCE) from None


def written(total: int, *, business: bool = False) -> str:
    """The shortest way to write so many seconds: the inverse of `seconds` and `delay`."""
    if business:
        return f"{total // 3600} business hours" if total % 3600 == 0 else f"{total // 60} business minutes"
    unit = next((unit for unit in "dhm" if total and total % SECONDS[unit] == 0), "s")
    return f"{total // SECONDS[unit]}{unit}"
