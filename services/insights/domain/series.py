"""What is asked for: whose answers to what, and where they were given."""

from typing import NamedTuple


class Series(NamedTuple):
    """`scale_id`, `persona` and `channel` are None where all of them are meant; `major` is that of the journey's map:
    a figure is made of one major only (domain.md §2.14)."""

    journey: str
    major: int
    touchpoint: str
    metric: str
    perspective: str = "customer"
    scale_id: str | None = None
    persona: str | None = None
    channel: str | None = None
