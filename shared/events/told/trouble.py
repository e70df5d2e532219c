"""`voc.trouble`: the programme itself has a trouble that its admin should hear of (topic voc.troubles)."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["held", "silent-source", "silent-touchpoint", "broken-receiver", "failing-source", "stopped-source"]


class TroubleTold(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble, known by `trouble` as long as it lasts; told when it begins and when it is over.

    `held`: measures are decided without all events, because scoring is behind or history is still being sent;
    `silent-source` and `silent-touchpoint`: nothing has come for three times the longest pause of four weeks;
    `broken-receiver`: an owner cannot be told, which alerts says itself and never stands on the topic;
    `failing-source`: much of what a source sends is refused, which ingest tells; `stopped-source`: ingest reads no more
    of a source's topic, so as not to empty it into the quarantine, or because each try has failed for 15 minutes.
    `what` is its name, `says` a sentence for people: what is wrong, and when it is over what is so now. `removed`: it
    is over because the touchpoint is on no map any more; it may be as silent as before.
    """

    trouble: str
    kind: Kind
    what: str
    says: str
    since: datetime
    over: bool = False
    removed: bool = False
    owner: str | None = None
