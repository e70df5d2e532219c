"""What is kept of a customer, an instance of a journey and a survey response, as it stands in the database.

All of it is the same for any order of arrival, but for what hangs on the persona and which cases were opened. Fields
are only ever added.
Instants of stamps are compared as (time, source, id). Nothing here can refer to itself, so the collector of cycles is
spared all of it (`gc=False`).
"""

from datetime import datetime
from typing import Any

import msgspec

from shared.events.event import Stamp
from shared.programme.weigh.features import Features


class Pending(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A change of persona that another evaluation must confirm: to whom (None: to nobody), and since when."""

    persona: str | None
    at: datetime


class Decided(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """How a customer came to a persona: by the rules of version `programme`. `won`: as the best candidate, and not for
    want of one. `told` counts what was told of it on voc.personas, `treated` stands for the treatment told last,
    negative where it was skipped for want of confidence."""

    told: int = 0
    programme: int = 0
    treated: int = 0
    won: bool = False
    pending: Pending | None = None


UNDECIDED = Decided()


class Customer(Features, kw_only=True, omit_defaults=True, gc=False):
    """A person as far as events tell. `first_at` and `last_at` are event times; `reviewed_at` is that of a decision
    without an event, by a version that began after the last one, until an event is later."""

    last_at: datetime
    persona: str
    since: datetime
    decided: Decided = UNDECIDED
    reviewed_at: datetime | None = None
    identifiers: dict[str, Stamp] = {}


Series = tuple[str, int, str, str, str, str, str, str]
"""(journey, major, touchpoint, perspective, metric, scale, persona, channel)"""

Cell = tuple[Series, int, int]
"""Where an answer counts: its series, the quarter-hour (whole quarters since 1970) and the value."""


class Opened(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An event that gave a promise. `fire_at` is when its timer may fire: the due time plus the programme's grace.
    `perspective` is whose journey it was given in, None for a customer's."""

    stamp: Stamp
    due_at: datetime
    fire_at: datetime
    major: int
    perspective: str | None = None


class Promise(msgspec.Struct, omit_defaults=True, gc=False):
    """One promise as decided now. `state` is open, kept or missed; a decided one counts with `persona`, that of its
    customer when it was first counted. `case`: its miss has opened a case."""

    opened: Stamp
    due_at: datetime
    fire_at: datetime
    major: int
    state: str
    decided_at: datetime | None = None
    persona: str | None = None
    case: bool = False
    perspective: str | None = None


class PromiseBook(msgspec.Struct, omit_defaults=True, gc=False):
    """All that was said about one promise of one instance, so that late events can settle it again.

    `fired` are the due times, by the opener's stamp, whose timer has found the promise unkept.
    """

    opened: list[Opened] = []
    closed: list[Stamp] = []
    fired: list[tuple[Stamp, datetime]] = []
    promises: list[Promise] = []


class Moment(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One scored moment of an instance, for peak and end: the score on 0–100, in millionths."""

    stamp: Stamp
    touchpoint: str
    metric: str
    score: int


class Instance(msgspec.Struct, omit_defaults=True, gc=False):
    """One customer's run through one journey. `status` is open, completed or abandoned; expiry is for readers.

    `first_at` and `last_at` are of its own events, None while it only holds answers whose parts name it together.
    """

    first_at: datetime | None = None
    last_at: datetime | None = None
    steps: int = 0
    closed: Stamp | None = None
    abandoned: Stamp | None = None
    status: str = "open"
    moments: dict[str, Moment] = {}
    promises: dict[str, PromiseBook] = {}


class Field(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A field of a survey response and the part that gave it."""

    value: Any
    stamp: Stamp


class Response(msgspec.Struct, omit_defaults=True, gc=False):
    """A survey response as its parts have told it so far, and where each metric of it counts.

    `more` are further fields, by the names that the programme of a part's time asks for. `first` is the earliest part,
    `off_map` where the whole response counts as off the map, if it does. `cases` are the rules that have opened one.
    """

    fields: dict[str, Field] = {}
    answers: dict[str, Field] = {}
    cells: dict[str, Cell] = {}
    more: dict[str, Field] = {}
    first: Stamp | None = None
    off_map: Cell | None = None
    cases: list[str] = []
