"""How an attempt ends: the one table from what a channel says to what becomes of the delivery (docs/alerts.md)."""

from datetime import datetime, timedelta

from services.alerts.adapters.claimed import Claimed, Result
from services.alerts.channels.channel import MessageRefused, NotSent, Refused, Sent, TryLater, Unclear
from services.alerts.domain.conversation import State, lasts
from services.alerts.domain.patience import RARELY, SELDOM, Patience, look_again, wait
from shared.errors import first_line

UNSEEN = (timedelta(0), timedelta(0), timedelta(minutes=15), timedelta(hours=2))
"""When a message is sent again of which nobody can see whether it has arrived, by how many answers were lost. None at
all is a process that died. Who may have had it four times is sent it no more."""


def arrived(sent: Sent) -> Result:
    """The receiver has it."""
    return Result(state=State.DELIVERED, outcome="delivered", answer=sent.note, reference=sent.reference)


def absent(now: datetime) -> Result:
    """Nothing was found of an unclear message: it is to be sent, as if for the first time."""
    return Result(state=State.QUEUED, outcome="absent", again_at=now)


class Fault(Unclear):
    """A fault of ours in the middle of a call."""


def fault(error: Exception) -> Fault:
    """What nobody has foreseen: the call may have been made or not."""
    said = f"{type(error).__name__}: {first_line(error)}"
    return Fault(f"Alerts has a fault of its own, which its log shows in full: {said}.")


def broken_off() -> Unclear:
    """The call took too long, or the database was away for so long that somebody else may have taken it on."""
    return Unclear("No answer in time; the call was broken off.")


def failed(claimed: Claimed, fault: NotSent, now: datetime, *, patience: Patience, chance: float) -> Result:
    """It did not arrive, or nobody knows. `chance` (0…1) spreads attempts."""
    if isinstance(fault, Refused) and claimed.find:
        return _not_to_be_seen(claimed, fault, now)
    late = patience.given_up(claimed.tried_at or now, now)
    pause = fault.retry_after if isinstance(fault, TryLater) else None
    if late and not lasts(claimed.letter):
        return _given_up(claimed, fault.reason, pause, broken=_breaks(claimed, fault))
    if isinstance(fault, Refused):
        return _refused(claimed, fault, now, late=late)
    unclear = isinstance(fault, Unclear)
    delay = RARELY if late else (look_again if unclear else wait)(claimed.tries, chance)
    return Result(
        state=State.UNCLEAR if claimed.find or unclear else State.QUEUED,
        outcome=_word(fault),
        answer=fault.reason,
        again_at=now + max(delay, pause or delay),
        pause=pause,
        broken=late and not claimed.edit,
    )


def _word(fault: NotSent) -> str:
    if isinstance(fault, Unclear):
        return "fault" if isinstance(fault, Fault) else "unclear"
    return "later"


def _not_to_be_seen(claimed: Claimed, fault: Refused, now: datetime) -> Result:
    """Nobody can say whether it has arrived: rather told twice than not at all, and four times rather than hundreds."""
    if claimed.lost < len(UNSEEN):
        again_at = now + UNSEEN[claimed.lost]
        return Result(state=State.QUEUED, outcome="not-to-be-seen", answer=fault.reason, again_at=again_at)
    said = f"It was sent {claimed.lost} times and each answer was lost, so it may be there or not. {fault.reason}"
    return _given_up(claimed, said)


def _given_up(claimed: Claimed, said: str, pause: timedelta | None = None, *, broken: bool = True) -> Result:
    broken = broken and not claimed.edit
    return Result(state=State.FAILED, outcome="given-up", answer=said, pause=pause, broken=broken)


def _refused(claimed: Claimed, fault: Refused, now: datetime, *, late: bool) -> Result:
    """Somebody has to mend the receiver, and it is looked now and then whether that is done.

    An edit may be refused for the message's sake (deleted, too old): its receiver is not broken for that.
    """
    if claimed.edit:
        return Result(state=State.FAILED, outcome="refused", answer=fault.reason)
    again_at = now + (RARELY if late else SELDOM)
    broken = _breaks(claimed, fault)
    return Result(state=State.QUEUED, outcome="refused", answer=fault.reason, again_at=again_at, broken=broken)


def _breaks(claimed: Claimed, fault: NotSent) -> bool:
    """Whether it says that the receiver is broken. A message that is not liked for its own sake says so once: when it
    is refused again, that is known already, or others have arrived there since."""
    return not (isinstance(fault, MessageRefused) and claimed.refused)
