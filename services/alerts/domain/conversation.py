"""A conversation: what one receiver is told about one episode, case or trouble, in order and never out of date."""

from enum import StrEnum
from uuid import UUID

import msgspec

from services.alerts.domain.letter import Letter, Recovered, Red, Trouble, Worse


class State(StrEnum):
    """Where a delivery is. The last three are final."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNCLEAR = "unclear"
    DELIVERED = "delivered"
    FAILED = "failed"
    OVERTAKEN = "overtaken"


WAITING = (State.QUEUED, State.CLAIMED, State.SENDING, State.UNCLEAR)


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that has not come to its end."""

    id: UUID
    letter: Letter
    edit: bool
    state: State


class Send(msgspec.Struct, frozen=True):
    """Send `letter` as delivery `id`; `overtaken` need not be said any more."""

    id: UUID
    letter: Letter
    edit: bool
    overtaken: tuple[UUID, ...] = ()


class Find(msgspec.Struct, frozen=True):
    """Look first whether delivery `id` has arrived: an earlier attempt ended without a known result."""

    id: UUID
    letter: Letter
    edit: bool


class Rest(msgspec.Struct, frozen=True):
    """There is nothing to say."""

    overtaken: tuple[UUID, ...] = ()


Step = Send | Find | Rest


def next_step(waiting: tuple[Waiting, ...], *, told: bool) -> Step:
    """The next thing to do in a conversation whose deliveries wait in this order, and of which none is under way.

    One at a time, so that nothing overtakes on the wire. A later state overtakes what waits: the last thing is said,
    and it says all. `told`: the receiver has had a message already. Who has not is told of a spell in one message,
    also when it is over by now (`Recovered` says from when to when); who has, in a reply.
    """
    for one in waiting:
        if one.state in (State.SENDING, State.UNCLEAR):  # its lease has ended, or nobody would ask
            return Find(one.id, one.letter, one.edit)
    said = [one for one in waiting if not one.edit]
    edits = [one for one in waiting if one.edit]
    if said:
        last = said[-1]
        letter = last.letter if told else _first(last.letter, waiting[-1].letter)
        done = tuple(one.id for one in said[:-1]) + (() if told else tuple(one.id for one in edits))
        return Send(last.id, letter, edit=False, overtaken=done)
    if edits and told:
        return Send(edits[-1].id, edits[-1].letter, edit=True, overtaken=tuple(one.id for one in edits[:-1]))
    return Rest(tuple(one.id for one in edits))


def _first(letter: Letter, latest: Letter) -> Letter:
    """The first message of a conversation: nobody was told of a red that could have become worse, or of its end."""
    if isinstance(letter, Recovered) and isinstance(latest, Recovered):
        return latest
    if isinstance(letter, Red | Worse) and isinstance(latest, Red | Worse | Recovered):
        letter = Red(
            to=letter.to,
            zone=letter.zone,
            owner=letter.owner,
            links=letter.links,
            opened_at=letter.opened_at,
            moment=latest.moment,
        )
    return letter


def lasts(letter: Letter) -> bool:
    """Whether what it says is so until something newer overtakes it: then it is tried for as long as that."""
    return isinstance(letter, Red | Worse) or (isinstance(letter, Trouble) and not letter.trouble.over)


def kind_of(letter: Letter) -> str:
    """What a letter is called in tables, answers and metrics."""
    if isinstance(letter, Trouble) and letter.trouble.over:
        return "trouble-over"
    return type(letter).__name__.lower()
