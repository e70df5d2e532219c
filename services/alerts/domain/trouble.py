"""A trouble of the programme itself: its admin hears when it begins, and the same people when it is over."""

from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from services.alerts.domain import letter
from services.alerts.domain.decision import Decision, Planned, Reason
from services.alerts.domain.directory import Addressee, Directory, receivers
from shared.events.told.trouble import TroubleTold


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """A trouble from its beginning to its end; one that comes again is another spell."""

    id: UUID
    trouble: TroubleTold
    over_at: datetime | None = None


def begun(trouble: TroubleTold, event: str) -> Spell:
    """The spell that an event begins. Read again, it has the same id."""
    return Spell(id=uuid5(NAMESPACE_URL, f"voc:trouble:{event}"), trouble=trouble)


def over(spell: Spell, trouble: TroubleTold, at: datetime) -> Spell:
    """The spell at its end."""
    return msgspec.structs.replace(spell, trouble=trouble, over_at=at)


def broken_receiver(to: Addressee, reason: str, at: datetime) -> Spell:
    """The trouble that nothing arrives at a receiver, in the words of whoever refused it."""
    name = f"{to.channel} {to.address}"
    told = TroubleTold(
        trouble=f"receiver/{to.channel}/{to.address}",
        kind="broken-receiver",
        what=name,
        says=f"{to.name} cannot be told by {name}. {reason}",
        since=at,
    )
    return begun(told, f"{told.trouble} {at.isoformat()}")


def unheard_owner(name: str, reason: str, at: datetime) -> Spell:
    """The trouble that there is something to be said to an owner, and no way to say it."""
    told = TroubleTold(
        trouble=f"owner/{name}",
        kind="broken-receiver",
        what=f"owner {name}",
        says=f"What the owner {name} should hear of, nobody is told. {reason}",
        since=at,
    )
    return begun(told, f"{told.trouble} {at.isoformat()}")


def mended(spell: Spell, at: datetime) -> Spell:
    """The end of a broken receiver: something has arrived there, or is on its way to an owner."""
    what = spell.trouble.what
    of_owner = spell.trouble.trouble.startswith("owner/")
    says = f"Messages go to the {what} again." if of_owner else f"A message has arrived by {what}."
    return over(spell, msgspec.structs.replace(spell.trouble, says=says, over=True), at)


def decide(spell: Spell, owners: Directory, told: Iterable[Addressee], *, but: Addressee | None = None) -> Decision:
    """Who hears of a trouble, or of its end. `but` is the receiver that it is about: nothing arrives there."""
    if spell.over_at is not None:
        return Decision(Reason.TROUBLE_OVER, tuple(_planned(one, spell, Reason.TROUBLE_OVER) for one in told))
    if owners.admin is None:
        return Decision(Reason.NO_ADMIN)
    those = [one for one in receivers(owners.admin) if but is None or one.place != but.place]
    if not those:
        return Decision(Reason.OWNER_HAS_NO_RECEIVER)
    return Decision(Reason.TROUBLE_BEGAN, tuple(_planned(one, spell, Reason.TROUBLE_BEGAN) for one in those))


def _planned(one: Addressee, spell: Spell, reason: Reason) -> Planned:
    said = letter.Trouble(to=one.name, zone=one.zone, trouble=spell.trouble, over_at=spell.over_at)
    return Planned(one, said, reason)
