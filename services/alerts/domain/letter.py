"""What is to be said to one receiver, before anybody has chosen the words or a channel."""

from datetime import datetime

import msgspec

from shared.events.told.case import CaseOpened
from shared.events.told.moment import MeasureDecided, MomentDecided
from shared.events.told.trouble import TroubleTold


class Link(msgspec.Struct, frozen=True):
    """Where the reader can look further: what the link says, and where it leads."""

    says: str
    url: str


class _Letter(msgspec.Struct, frozen=True, kw_only=True):
    """`zone` is the time zone of who gets it, in which instants are written; `to` his name for people. `owner` answers
    for it now: another one, where the programme has named another since he was told."""

    to: str
    zone: str
    owner: str = ""
    links: tuple[Link, ...] = ()


class Red(_Letter, frozen=True, kw_only=True, tag="red"):
    """A moment of truth is red since `opened_at`. `moment` is what was decided last, which a living message shows."""

    opened_at: datetime
    moment: MomentDecided


class Worse(_Letter, frozen=True, kw_only=True, tag="worse"):
    """It is still red and has become worse than `told`, which is what its owner was told last."""

    opened_at: datetime
    moment: MomentDecided
    told: MomentDecided


class Recovered(_Letter, frozen=True, kw_only=True, tag="recovered"):
    """It is red no more since `closed_at`; `opened` is what was decided when it became red, `turned` are all measures
    that turned red meanwhile, each as it was then.

    `moment.removed`: it is on no map any more, so nobody measures whether it has recovered. `moment.remapped`: its map
    has a new version, by which it is judged anew.
    """

    opened_at: datetime
    closed_at: datetime
    moment: MomentDecided
    opened: MomentDecided
    turned: tuple[MeasureDecided, ...] = ()


class Case(_Letter, frozen=True, kw_only=True, tag="case"):
    """One customer needs help now, by `reply_by` where a rule says so and the calendar is known."""

    case: CaseOpened
    reply_by: datetime | None = None


class Trouble(_Letter, frozen=True, kw_only=True, tag="trouble"):
    """The programme itself has a trouble, or is rid of it (`trouble.over`)."""

    trouble: TroubleTold
    over_at: datetime | None = None


Letter = Red | Worse | Recovered | Case | Trouble
