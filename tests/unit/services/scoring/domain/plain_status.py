"""Rule S1 a second time, written plainly from its words and sharing nothing with the rule but them."""

import math
from statistics import NormalDist

Z_ONE = NormalDist().inv_cdf(0.95)
Z_SHORT = NormalDist().inv_cdf(0.975)


def wilson_limits(good: int, n: int, z: float) -> tuple[float, float]:
    share = good / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return centre - half, centre + half


class PlainStatus:
    """Remembers its ticks as a list and looks back over them; shares with high values good."""

    def __init__(self, green: float, red: float, margin: float, worse: int, better: int) -> None:
        self.green, self.red, self.margin = green, red, margin
        self.needed = {"worse": worse, "better": better}
        self.status = "unknown"
        self.wishes: list[str] = []  # what each tick since the last move or silence has pointed at
        self.silent = 0  # ticks in a row without answers enough

    def tick(self, long: tuple[int, int], short: tuple[int, int], *, ticks_in_two_windows: int) -> str:
        if long[1] < 30:
            self.silent += 1
            self.wishes = []
            if self.silent >= ticks_in_two_windows and self.status != "unknown":
                self.status = "unknown"
            return self.status
        self.silent = 0
        value = long[0] / long[1]
        lower, upper = wilson_limits(*long, Z_ONE)
        if short[1] >= 20:
            upper = min(upper, wilson_limits(*short, Z_SHORT)[1])
        if self.status == "unknown":
            self.status = (
                "red" if value < self.red and upper < self.red else "green" if value >= self.green else "yellow"
            )
            return self.status
        self._wish(value, lower, upper)
        return self.status

    def _wish(self, value: float, lower: float, upper: float) -> None:
        order = ["red", "yellow", "green"]
        wish = self._wished(value, lower, upper)
        if wish is None:
            self.wishes = []
            return
        way = "worse" if order.index(wish) < order.index(self.status) else "better"
        if self.wishes and self.wishes[-1] != way:
            self.wishes = []
        self.wishes.append(way)
        if len(self.wishes) >= self.needed[way]:
            self.status, self.wishes = wish, []

    def _wished(self, value: float, lower: float, upper: float) -> str | None:
        if self.status in ("green", "yellow") and upper < self.red:
            return "red"
        if self.status == "green":
            return "yellow" if upper < self.green else None
        if self.status == "yellow":
            good = value >= self.green + self.margin and lower >= self.red and upper >= self.green
            return "green" if good else None
        return "yellow" if value >= self.red + self.margin and upper >= self.red else None
