"""How an attempt ends: the one table from what a channel says to what becomes of the delivery (docs/alerts.md)."""

from datetime import datetime

from services.alerts.adapters.claimed import Claimed, Result
from services.alerts.channels.channel import NotSent, Refused, Sent, TryLater, Unclear
from services.alerts.domain.conversation import State
from services.alerts.domain.patience import Patience, look_again, wait


def arrived(sent: Sent) -> Result:
    """The receiver has it."""
    return Result(state=State.DELIVERED, outcome="delivered", answer=sent.note, reference=sent.reference)


def absent(now: datetime) -> Result:
    """Nothing was found of an unclear message: it is to be sent, as if for the first time."""
    return Result(state=State.QUEUED, outcome="absent", again_at=now)


def failed(claimed: Claimed, fault: NotSent, now: datetime, *, patience: Patience, chance: float) -> Result:
    """It did not arrive, or nobody knows. `chance` (0…1) spreads attempts."""
    if isinstance(fault, Refused):
        return _refused(claimed, fault, now)
    pause = fault.retry_after if isinstance(fault, TryLater) else None
    if patience.given_up(claimed.tried_at or now, now):
        return Result(state=State.FAILED, outcome="given-up", answer=fault.reason, pause=pause)
    if isinstance(fault, Unclear):
        again_at = now + look_again(claimed.tries, chance)
        return Result(state=State.UNCLEAR, outcome="unclear", answer=fault.reason, again_at=again_at)
    delay = wait(claimed.tries, chance)
    state = State.UNCLEAR if claimed.find else State.QUEUED
    again_at = now + max(delay, pause or delay)
    return Result(state=state, outcome="later", answer=fault.reason, again_at=again_at, pause=pause)


def _refused(claimed: Claimed, fault: Refused, now: datetime) -> Result:
    """Where nobody may look whether a message has arrived it is sent once more: rather told twice than not at all."""
    if claimed.find:
        return Result(state=State.QUEUED, outcome="not-to-be-seen", answer=fault.reason, again_at=now)
    # An edit may be refused for the message's sake (deleted, too old): its receiver is not broken for that.
    return Result(state=State.FAILED, outcome="refused", answer=fault.reason, broken=not claimed.edit)
