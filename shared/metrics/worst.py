"""The roll-up of statuses (domain.md §4.5): the worst decides, averages never do."""

from collections.abc import Sequence

RED, YELLOW, GREEN, UNKNOWN = "red", "yellow", "green", "unknown"


def worst(statuses: Sequence[str]) -> int | None:
    """The place of the status that decides, the first of its kind: a red, else a yellow, else one that is not known.

    All green: the first. None of nothing, whose status is not known.
    """
    for status in (RED, YELLOW, UNKNOWN, GREEN):
        if status in statuses:
            return list(statuses).index(status)
    return None
