"""By what a programme judges who is of which persona: whether two of them can differ about anybody."""

from typing import Any

from shared.programme.model import Programme


def judged(programme: Programme) -> list[tuple[Any, ...]]:
    """What decides of each persona, in order: not its name, nor its treatment."""
    return [(p.persona, p.default, p.signals, p.must, p.must_not, p.priority) for p in programme.personas]
