"""Who answers for what, by the programme in force."""

from dataclasses import dataclass

from shared.events.told.moment import MomentDecided
from shared.programme.model import Owner, Programme, Receiver
from shared.programme.unheard import WE_SEND_TO, heard

LIVING = ("slack",)
"""Channels whose messages can be changed after they were sent."""


@dataclass(frozen=True, order=True)
class Addressee:
    """One receiver with the words about its owner that a message needs; `address` as the programme has it."""

    channel: str
    address: str
    name: str
    zone: str

    @property
    def cannot(self) -> str | None:
        """Why nothing can be sent there, None where it can."""
        if self.channel in WE_SEND_TO:
            return None
        return (
            f"Alerts cannot send to {self.channel} yet: give the owner {self.name} a receiver of slack or email"
            " beside it."
        )

    @property
    def place(self) -> tuple[str, str]:
        """What tells receivers apart, whoever's they are."""
        return (self.channel, self.address)


class Directory:
    """The owners of one version of the programme."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme

    def of_moment(self, decided: MomentDecided) -> Owner | None:
        """The owner of a moment of truth: whom the map names now, else whom it named when it was decided."""
        return self.owner(self.name_of_moment(decided))

    def name_of_moment(self, decided: MomentDecided) -> str:
        """What that owner is called in the programme."""
        return self._named(decided) or decided.owner

    def owner(self, name: str) -> Owner | None:
        return self._programme.owner(name)

    @property
    def admin(self) -> Owner | None:
        """Who hears of the programme's own troubles; None where nobody was named."""
        return self.owner(self._programme.admin) if self._programme.admin else None

    def _named(self, decided: MomentDecided) -> str | None:
        journey = self._programme.journey(decided.journey)
        for touchpoint in journey.touchpoints if journey else ():
            if touchpoint.touchpoint == decided.touchpoint and touchpoint.moment_of_truth:
                return touchpoint.moment_of_truth.owner
        return None


def receivers(owner: Owner | None) -> tuple[Addressee, ...]:
    """Where an owner is told, each place once."""
    if owner is None:
        return ()
    found = (_addressee(owner, receiver) for receiver in owner.notify)
    return tuple({one.place: one for one in found}.values())


def unheard(owner: Owner | None) -> str | None:
    """Why nobody at all hears what is said to an owner, None where somebody does."""
    if owner is None:
        return "The programme has no such owner any more: add it to owners.yaml, or name another one."
    found = receivers(owner)
    if not found:
        return "It has no receiver: give it one under notify in owners.yaml."
    return None if heard(owner) else found[0].cannot


def _addressee(owner: Owner, receiver: Receiver) -> Addressee:
    return Addressee(receiver.channel, receiver.to, owner.name, owner.timezone)
