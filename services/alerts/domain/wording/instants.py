"""Instants and times for people."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def instant(at: datetime, zone: str) -> str:
    """`Wed 25 Nov 2026, 14:05 (Europe/Berlin)`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"


def span(length: timedelta | float) -> str:
    """The two largest units that say something: `2 h 5 min`, `3 d`, `42 s`, `4.2 s`."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if seconds < 0:
        return "−" + span(-seconds)
    if seconds < 9.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    return parts(_rounded(seconds), count=2)


def window(seconds: int) -> str:
    """How people call a window, behind “the last”: `24 h`, `7 days`, `hour`, `15 min`."""
    if seconds == 3_600:
        return "hour"
    if seconds > 86_400 and seconds % 86_400 == 0:
        return f"{seconds // 86_400} days"
    return f"{seconds // 3_600} h" if seconds % 3_600 == 0 else span(seconds)


def parts(seconds: int, *, count: int) -> str:
    """At most so many units, from the largest that is not zero."""
    said: list[tuple[int, str]] = []
    for name, size in _UNITS:
        many, seconds = divmod(seconds, size)
        if many or said:
            said.append((many, name))
    return " ".join(f"{many} {name}" for many, name in said[:count] if many) or "0 s"


def _rounded(seconds: float) -> int:
    """To the second unit that is shown, so that nothing is cut off: 119 min 59.9 s are two hours."""
    unit = next((below for (_, size), (_, below) in pairwise(_UNITS) if seconds >= size), 1)
    return round(seconds / unit) * unit
