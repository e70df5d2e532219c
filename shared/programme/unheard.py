"""Owners whom nothing can reach: no mistake in a file, and hardly what anybody wants."""

from collections.abc import Iterator

import msgspec

from shared.programme.model import Owner, Programme

WE_SEND_TO = ("slack", "email")
"""The channels that alerts can send to; a receiver of another one waits until they can."""


class Unheard(msgspec.Struct, frozen=True, kw_only=True):
    """An owner who hears nothing: `lacks` says why, `follows` what becomes of what it should hear."""

    owner: str
    lacks: str
    follows: str

    def __str__(self) -> str:
        give = f"Give it one of {' or '.join(WE_SEND_TO)} under notify."
        return f"owner {self.owner}: {self.lacks}. {self.follows}. {give}"


def unheard(programme: Programme) -> Iterator[Unheard]:
    """All of them, in the order of owners.yaml. Whether an `env:NAME` is set is known where alerts run, not here."""
    for owner in programme.owners:
        if not heard(owner):
            yield Unheard(owner=owner.owner, lacks=_lacks(owner), follows=_follows(owner, programme))


def heard(owner: Owner) -> bool:
    """Whether alerts can send to one of its receivers."""
    return any(receiver.channel in WE_SEND_TO for receiver in owner.notify)


def _lacks(owner: Owner) -> str:
    channels = dict.fromkeys(receiver.channel for receiver in owner.notify)
    return f"alerts cannot send to {', '.join(channels)} yet" if channels else "it has no receiver"


def _follows(owner: Owner, programme: Programme) -> str:
    """By what alerts do: the admin is told of it, once, where there is one who can be told."""
    nobody = "Its reds and cases reach nobody"
    admin = programme.owner(programme.admin) if programme.admin else None
    if admin is None:
        return f"{nobody}, and nobody is told so: programme.yaml names no admin"
    if admin == owner:
        return f"{nobody}, nor do the troubles of the programme, whose admin it is"
    if not heard(admin):
        return f"{nobody}, and nobody is told so: the admin ({admin.owner}) cannot be told either"
    return f"{nobody}; the admin ({admin.owner}) is told so"
