"""Whether a source fails: much of what it sends is refused. Its beginning and its end are told, each once.

It begins with 10 refusals in 15 minutes that are at least a fifth of what came, and is over after an hour in which
nothing was refused, or less than a fiftieth: so one that goes to and fro is told of once an hour at most. How much came
in all is known of webhooks and bridges; elsewhere refusals alone decide. An event names whatever source its sender
likes, so those of `/v1/events`, and what scoring and alerts set aside, count together: one trouble a door.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from shared.events.set_aside import Door
from shared.events.told.trouble import Kind, TroubleTold

KIND: Kind = "failing-source"
BEGINS_WITHIN, OVER_AFTER = timedelta(minutes=15), timedelta(hours=1)
LEAST, BEGINS_AT, LASTS_ABOVE = 10, 0.2, 0.02
_COUNTED: tuple[Door, ...] = ("webhook", "bridge")
_LONGEST_REASON = 300

SENT = {
    "events": "events",
    "webhook": "deliveries",
    "bridge": "records",
    "scoring": "events that were let in",
    "alerts": "messages",
}
SENDERS = {
    "events": "the senders of POST /v1/events",
    "webhook": "an unknown webhook",
    "bridge": "an unknown topic",
    "scoring": "the senders of POST /v1/events",
    "alerts": "scoring",
}
NEXT = {
    "events": "Mend the sender, and send again what is not replayed.",
    "webhook": "Mend its entry in sources.yaml or the survey, apply the programme, then replay.",
    "bridge": "Mend its entry in sources.yaml, apply the programme, then replay.",
    "scoring": "Scoring cannot fold them: look at its log, mend the cause, then replay.",
    "alerts": "Alerts cannot read them: bring it to the release of scoring.",
}


class Count(NamedTuple):
    """What came and was taken, and what was refused."""

    taken: int
    refused: int

    @property
    def share(self) -> float:
        """Of what was refused."""
        return self.refused / max(1, self.taken + self.refused)


class Traffic(NamedTuple):
    """Of one source by one door: of the last 15 minutes and of the last hour; since when of these 15 something is
    refused, and why the last one was."""

    door: Door
    source: str
    lately: Count
    hour: Count
    since: datetime
    reason: str

    @property
    def trouble(self) -> str:
        """What it is known by as long as it lasts."""
        return f"{KIND}/{self.door}/{self.source}" if self.source else f"{KIND}/{self.door}"


def counted_as(door: Door, source: str) -> str:
    """The source under whose name it counts; empty: the door's own."""
    return source if door in _COUNTED else ""


def begins(traffic: Traffic) -> bool:
    """Whether a source that was well fails now."""
    enough = traffic.door not in _COUNTED or traffic.lately.share >= BEGINS_AT
    return traffic.lately.refused >= LEAST and enough


def lasts(traffic: Traffic | None) -> bool:
    """Whether one that fails still does; None where nothing came of it for an hour."""
    if traffic is None or traffic.hour.refused == 0:
        return False
    return traffic.door not in _COUNTED or traffic.hour.share >= LASTS_ABOVE


def news(known: Mapping[str, TroubleTold], seen: Iterable[Traffic]) -> list[TroubleTold]:
    """What is to be told, where `known` are the troubles that last: those that begin and those that are over."""
    by_trouble = {traffic.trouble: traffic for traffic in seen}
    begun = [_begun(one) for name, one in by_trouble.items() if name not in known and begins(one)]
    over = [_over(told, by_trouble.get(name)) for name, told in known.items() if not lasts(by_trouble.get(name))]
    return begun + over


def _begun(traffic: Traffic) -> TroubleTold:
    refused, sent = traffic.lately.refused, SENT[traffic.door]
    all_of_it = traffic.lately.taken + refused
    many = f"{refused:,} of {all_of_it:,}" if traffic.door in _COUNTED else f"{refused:,}"
    name = traffic.source or SENDERS[traffic.door]
    cannot = {"scoring": "could not be folded", "alerts": "could not be read"}.get(traffic.door, "were refused")
    found = f"--source '{traffic.source}'" if traffic.source else f"--door {traffic.door}"
    return TroubleTold(
        trouble=traffic.trouble,
        kind=KIND,
        what=name,
        says=f"{many} {sent} of {name} {cannot} in 15 minutes, the last one because: {_cut(traffic.reason)}."
        f" `voc quarantine list {found}` shows them; nothing is lost. {NEXT[traffic.door]}",
        since=traffic.since,
    )


def _over(told: TroubleTold, traffic: Traffic | None) -> TroubleTold:
    taken = 0 if traffic is None else traffic.hour.taken
    came = f"{taken:,} came and were taken in the last hour" if taken else "nothing of it was refused for an hour"
    says = f"{told.what} is well again: {came}. What was refused before waits in the quarantine to be replayed."
    return msgspec.structs.replace(told, says=says, over=True)


def _cut(reason: str) -> str:
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"
