"""Whom to tell what, and why: decided from values, with a named reason for everything, telling nobody among them."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import msgspec

from services.alerts.domain.directory import LIVING, Addressee, Directory, receivers
from services.alerts.domain.episode import Change, Episode, What
from services.alerts.domain.letter import Letter, Recovered, Red, Worse
from services.alerts.domain.links import Links
from shared.programme.model import Owner


class Reason(StrEnum):
    """Why somebody is told, or nobody is."""

    BECAME_RED = "became-red"
    WAS_RED_ALREADY = "was-red-already"  # the first decision of a moment of truth, `initial`
    GOT_WORSE = "got-worse"
    NEW_OWNER = "new-owner"  # it is red already, and who answers for it now was not told yet
    SHOWS_THE_LATEST = "shows-the-latest"  # the living message is changed, nobody is called
    TOLD_OF_THE_RED = "told-of-the-red"  # whoever was to hear of the red is told of its end
    CASE_OPENED = "case-opened"
    TROUBLE_BEGAN = "trouble-began"
    TROUBLE_OVER = "trouble-over"
    NOT_RED = "not-red"
    OLDER_THAN_KNOWN = "older-than-known"
    SEEN_BEFORE = "seen-before"
    OWNER_UNKNOWN = "owner-unknown"
    OWNER_HAS_NO_RECEIVER = "owner-has-no-receiver"
    NO_ADMIN = "no-admin"


class Planned(msgspec.Struct, frozen=True):
    """One thing to be said to one receiver. `edit`: it changes what was said before."""

    to: Addressee
    letter: Letter
    reason: Reason
    edit: bool = False


class Decision(msgspec.Struct, frozen=True):
    """`reason` is that of the whole; `deliveries` are empty where nobody is told."""

    reason: Reason
    deliveries: tuple[Planned, ...] = ()


def decide(change: Change, owners: Directory, told: Iterable[Addressee], links: Links) -> Decision:
    """Who hears of a change of an episode. `told` are all who were to hear of its red."""
    episode, before = change.episode, tuple(told)
    if episode is None:
        return Decision(Reason.NOT_RED)
    owner = owners.of_moment(change.decided)
    write = _Writer(episode, links, owner)
    if change.what is What.CLOSED:
        return Decision(Reason.TOLD_OF_THE_RED, _end(write, before))
    if change.what is What.GREEN:
        shown = _shown(write, before)
        return Decision(Reason.SHOWS_THE_LATEST if shown else Reason.NOT_RED, shown)
    if change.what is What.OPENED:
        reason = Reason.WAS_RED_ALREADY if episode.initial else Reason.BECAME_RED
        red = tuple(Planned(one, write.red(one), reason) for one in receivers(owner))
        return Decision(reason if red else nobody(owner), red)
    return _still_red(change, write, receivers(owner), before)


def nobody(owner: Owner | None) -> Reason:
    """Why nobody hears of what is an owner's."""
    return Reason.OWNER_UNKNOWN if owner is None else Reason.OWNER_HAS_NO_RECEIVER


def _end(write: "_Writer", before: tuple[Addressee, ...]) -> tuple[Planned, ...]:
    said = [Planned(one, write.recovered(one), Reason.TOLD_OF_THE_RED) for one in before]
    return (*said, *_shown(write, before))


def _shown(write: "_Writer", before: tuple[Addressee, ...]) -> tuple[Planned, ...]:
    """The end, in the messages that told of the red."""
    edits = (Planned(one, write.recovered(one), Reason.SHOWS_THE_LATEST, edit=True) for one in _living(before))
    return tuple(edits)


def _still_red(change: Change, write: "_Writer", now: tuple[Addressee, ...], before: tuple[Addressee, ...]) -> Decision:
    """Its owner hears of what is worse, or of all of it where he was not told yet; messages show the latest."""
    places = {one.place for one in before}
    said = [Planned(one, write.red(one), Reason.NEW_OWNER) for one in now if one.place not in places]
    if change.what is What.WORSE:
        worse = [one for one in now if one.place in places]
        said += [Planned(one, write.worse(one, change), Reason.GOT_WORSE) for one in worse]
    shown = [Planned(one, write.red(one), Reason.SHOWS_THE_LATEST, edit=True) for one in _living(before)]
    return Decision(Reason.GOT_WORSE if change.what is What.WORSE else Reason.SHOWS_THE_LATEST, (*said, *shown))


def _living(addressees: tuple[Addressee, ...]) -> list[Addressee]:
    return [one for one in addressees if one.channel in LIVING]


class _Writer:
    """Letters about one episode as it is now, and about its `owner` of now."""

    def __init__(self, episode: Episode, links: Links, owner: Owner | None) -> None:
        self._episode = episode
        self._owner = owner.name if owner is not None else ""
        self._links = links.of_episode(episode.id, episode.journey)

    def red(self, one: Addressee) -> Red:
        return Red(**self._to(one))

    def worse(self, one: Addressee, change: Change) -> Worse:
        return Worse(**self._to(one), told=change.told or self._episode.opened)

    def recovered(self, one: Addressee) -> Recovered:
        episode = self._episode
        closed_at = episode.closed_at or episode.latest.decided_at
        return Recovered(**self._to(one), closed_at=closed_at, opened=episode.opened, turned=episode.turned)

    def _to(self, one: Addressee) -> dict[str, Any]:
        """What every letter about the episode has."""
        episode = self._episode
        return {
            "to": one.name,
            "zone": one.zone,
            "owner": self._owner,
            "links": self._links,
            "opened_at": episode.opened_at,
            "moment": episode.latest,
        }
