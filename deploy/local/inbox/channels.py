"""Which conversations there are, and their ids, which stay the same for ever."""

import hashlib
import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from deploy.local.inbox.kept import Kept

Fault = Literal["channel_not_found", "is_archived", "not_in_channel"]
NAME = re.compile(r"[\w-]{1,80}")
BY_PREFIX: Mapping[str, Fault] = {
    "missing-": "channel_not_found",
    "archived-": "is_archived",
    "private-": "not_in_channel",
}
"""Names that begin so are not as they should be, so that one can see what then happens."""


class Channel(msgspec.Struct, frozen=True):
    """A conversation and, where it cannot be written to, the error that Slack then answers."""

    id: str
    name: str
    fault: Fault | None = None

    @property
    def listed(self) -> bool:
        return self.id.startswith("C") and self.fault != "channel_not_found"


class Channels:
    """`known` None: every well-formed name exists. `faults` is what people have set by the controls."""

    def __init__(self, kept: Kept, known: frozenset[str] | None) -> None:
        self._kept = kept
        self._known = known
        self.faults: dict[str, Fault | None] = {}
        for name in known or ():
            kept.name_channel(id_of(name), name)

    def named(self, address: str) -> Channel | None:
        """By `#name` or `name`, by the id of a channel or of a person; None where there is none."""
        if address.startswith("U") and address.isalnum() and address.isupper():
            self._kept.name_channel(direct := "D" + address[1:], address)
            return Channel(direct, address)
        if (found := self._kept.channels().get(address)) is not None:
            return self._channel(address, found)
        name = address.removeprefix("#")
        if not NAME.fullmatch(name) or name != name.lower() or self._unknown(name):
            return None
        self._kept.name_channel(id_of(name), name)
        return self._channel(id_of(name), name)

    def by_id(self, channel: str) -> Channel | None:
        """History is asked by id only."""
        found = self._kept.channels().get(channel)
        return None if found is None else self._channel(channel, found)

    def all(self) -> list[Channel]:
        return [self._channel(id, name) for id, name in self._kept.channels().items()]

    def _channel(self, id: str, name: str) -> Channel:
        usual = next((fault for prefix, fault in BY_PREFIX.items() if name.startswith(prefix)), None)
        return Channel(id, name, self.faults.get(name, usual))

    def _unknown(self, name: str) -> bool:
        return self._known is not None and name not in self._known


def id_of(name: str) -> str:
    """`C` and ten letters and digits, made of the name."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return "C" + "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte % 32] for byte in digest) + "VC"
