"""Since when personas are what they are: most versions of a programme change maps and leave personas alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from shared.programme.history import Version
from shared.programme.model import Persona


class Era(NamedTuple):
    """Of one version: when it begins to hold (None: since ever), and the ids of the versions since which personas are
    `judged` by the same rules, and since which all that is `told` of them is the same; 0 since the first."""

    begins_at: datetime | None = None
    judged: int = 0
    told: int = 0


FIRST = Era()


def eras(versions: Sequence[Version]) -> dict[int, Era]:
    """The era of each version, by its id; `versions` in the order in which they begin to hold."""
    found: dict[int, Era] = {}
    judged = told = 0
    for before, version in zip((None, *versions), versions, strict=False):
        if before is not None:
            former, now = before.programme.personas, version.programme.personas
            told = told if former == now else version.id
            judged = judged if list(map(_rules, former)) == list(map(_rules, now)) else version.id
        found[version.id] = Era(version.valid_from, judged, told)
    return found


def _rules(persona: Persona) -> tuple[Any, ...]:
    """What decides of a persona: not its name, nor its treatment."""
    return (persona.persona, persona.default, persona.signals, persona.must, persona.must_not, persona.priority)
