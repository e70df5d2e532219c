"""Windows as people write them."""

from shared.programme.durations import SECONDS, written

LONGEST_IN_HOURS = 3 * SECONDS["d"]


def window_written(seconds: int) -> str:
    """`24h`, `48h`, `7d`: whole hours below three days, as programmes have it, else the shortest way."""
    if seconds < LONGEST_IN_HOURS and seconds % SECONDS["h"] == 0:
        return f"{seconds // SECONDS['h']}h"
    return written(seconds)
