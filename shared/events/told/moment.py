"""`voc.moment`: the status of a moment of truth, or of one of its measures, has changed (topic voc.moments)."""

from datetime import datetime
from typing import Literal

import msgspec

Status = Literal["green", "yellow", "red", "unknown"]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A value in the metric's unit with its two-sided 95 % interval and how many it is of; no answers have no value."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """One persona or channel now, and in the window before."""

    name: str
    now: Figure
    before: Figure


class MeasureDecided(msgspec.Struct, frozen=True, kw_only=True):
    """One measure as it was decided by rule S1 (domain.md §4.1), with its evidence; percent, points or seconds.

    `lower` is L, `upper` is U*; for durations, where low is good, `lower` is the greater lower limit of both windows
    and `upper` the long window's. None: unbounded, or too few answers. `short` is the short window's figure.
    `before` is the window before this one. `persona` and `channel` moved most against it, given where it went worse.
    `since` is when it took its status. `window` and `short_window` in seconds. `scale` is the one it is measured on,
    `declared_scale` the one that the map names: where that is None, it is the one most answered, which may change.
    """

    metric: str
    stat: str | None = None
    scale: str | None = None
    declared_scale: str | None = None
    window: int
    short_window: int | None = None
    status: Status
    previous: Status
    since: datetime
    initial: bool = False
    incomplete: bool = False
    figure: Figure
    short: Figure | None = None
    lower: float | None = None
    upper: float | None = None
    before: Figure | None = None
    persona: Split | None = None
    channel: Split | None = None
    red_below: float | None = None
    yellow_below: float | None = None
    red_above: float | None = None
    yellow_above: float | None = None
    at_least: int


class MomentDecided(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of truth: the worst of its measures. Told when its status or that of any measure changes, when another
    owner answers for it, and while it is red when its owner is told elsewhere.

    `deciding` is the place in `measures` of the one that decides. `removed`: it is on no map any more, and its status
    is unknown from now on. `remapped`: so it is because its map has a new major version, which begins anew; `major` is
    the former one. `rule` is the version of the rule, `programme` that of the thresholds.
    """

    journey: str
    journey_name: str
    touchpoint: str
    touchpoint_name: str
    major: int
    perspective: str = "customer"
    owner: str
    status: Status
    previous: Status
    since: datetime
    decided_at: datetime
    initial: bool = False
    incomplete: bool = False
    removed: bool = False
    remapped: bool = False
    deciding: int | None = None
    measures: tuple[MeasureDecided, ...] = ()
    programme: int
    rule: str
