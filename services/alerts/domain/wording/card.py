"""What a message says, before a channel draws it: nothing here is escaped, every channel escapes in its own way."""

from typing import Literal

import msgspec

from services.alerts.domain.letter import Link

Sign = Literal["red", "yellow", "green", "unknown", "case", "trouble", "over"]


class Fact(msgspec.Struct, frozen=True):
    """A line of the table: what it is, and how it stands."""

    name: str
    value: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """`headline` alone says the news; `lines` tell it in sentences, `facts` have the figures, `verbatim` is what the
    customer wrote. `subject` is the same for all messages of a thread; `foot` says where it comes from.

    `facts` come in order of weight: where there is no room, the last ones go first.
    """

    sign: Sign
    subject: str
    headline: str
    lines: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    verbatim: str | None = None
    links: tuple[Link, ...] = ()
    foot: str
