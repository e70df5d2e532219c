"""The programme itself has a trouble, or is rid of it."""

from services.alerts.domain.letter import Trouble
from services.alerts.domain.wording.card import Card, Fact
from services.alerts.domain.wording.instants import instant, span
from services.alerts.domain.wording.text import one_line
from shared.events.told.trouble import TroubleTold

_KINDS = {
    "held": "Decided without all events",
    "silent-source": "A source has fallen silent",
    "silent-touchpoint": "A touchpoint has fallen silent",
    "broken-receiver": "An owner cannot be told",
    "failing-source": "Much of what a source sends is refused",
    "stopped-source": "A source's topic is not read any more",
}
_OVER = {
    "held": "Decided with all events again",
    "silent-source": "A silent source sends again",
    "silent-touchpoint": "A silent touchpoint is heard again",
    "broken-receiver": "An owner can be told again",
    "failing-source": "What a source sends is not refused any more",
    "stopped-source": "A source's topic is read again",
}
_REMOVED = "A silent touchpoint was taken off the map"


def trouble(letter: Trouble) -> Card:
    """What is said of it, since when, and whether it is over: at its end `says` is what is so now."""
    told = letter.trouble
    what = one_line(told.what)
    facts = [Fact("What", what), Fact("Since", instant(told.since, letter.zone))]
    lines = [one_line(told.says)]
    if told.over and letter.over_at is not None:
        facts.append(Fact("Until", instant(letter.over_at, letter.zone)))
        lines.insert(0, f"It lasted {span(letter.over_at - told.since)}.")
    return Card(
        sign="over" if told.over else "trouble",
        subject=f"{_KINDS[told.kind]}: {what}",
        headline=f"{_title(told)}: {what}",
        lines=tuple(line for line in lines if line),
        facts=(*facts, Fact("Told to", one_line(letter.to))),
        links=letter.links,
        foot="A trouble of the programme itself, told to its admin",
    )


def _title(told: TroubleTold) -> str:
    if not told.over:
        return _KINDS[told.kind]
    return _REMOVED if told.removed else _OVER[told.kind]
