"""What a notice announces and does not say: where it is asked for, and what its answer is looked at as."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import msgspec

from services.ingest.domain.mapped import Mapped, Notice
from services.ingest.domain.provider import Fetch
from shared.events.refusal import Problem
from shared.events.text import holds_nul
from shared.programme.jmes import compiled
from shared.programme.source import Source

FETCHED = "fetched"
NO_API = "it says only that there is an answer: give the source an `api` in sources.yaml, so that it can be fetched"
LONGEST_ID = 500  # bytes: PostgreSQL's index takes no key of several thousand
ODD_ID = f"expected ids of at most {LONGEST_ID} bytes together of what is to be fetched, and nowhere U+0000"
_BESIDE = ("_headers", "_options", "_received_at")


class Ask(msgspec.Struct, frozen=True):
    """What to GET: addresses by name, the answer itself under `fetched`, and the headers that are sent with each."""

    addresses: dict[str, str]
    headers: dict[str, str]


class Fetching:
    """A rule's `fetch`, compiled for a source."""

    def __init__(self, fetch: Fetch, source: Source) -> None:
        self.then = fetch.then
        self._api = source.api
        self._options = source.options
        self._id = compiled(fetch.id)
        self._paths = {FETCHED: compiled(fetch.path), **{name: compiled(path) for name, path in fetch.also.items()}}
        self._headers = fetch.headers
        self._items = compiled(fetch.items)

    def note(self, item: Any, mapped: Mapped) -> None:
        """Note in `mapped` that `item` announces something. Raises NotApplicable."""
        if self._api is None:
            mapped.problems.append(Problem("", NO_API))
            return
        name, paths = self._id(item), {name: path(item) for name, path in self._paths.items()}
        if name is None or None in paths.values():
            mapped.problems.append(Problem("", "expected the ids of what is to be fetched"))
            return
        said = {key: value for key, value in item.items() if key not in _BESIDE}
        if len(str(name).encode()) > LONGEST_ID or holds_nul(msgspec.json.encode([name, said])):
            mapped.problems.append(Problem("", ODD_ID))
            return
        mapped.notices.append(Notice(str(name), said))

    def ask(self, said: Any, token: str) -> Ask:
        """Where to ask. Raises NotApplicable."""
        assert self._api is not None
        seen = {**said, "_options": self._options}
        basic = b64encode(f"{token}:X".encode()).decode()
        return Ask(
            addresses={name: self._api.url + str(path(seen)) for name, path in self._paths.items()},
            headers={
                name: value.replace("{token}", token).replace("{basic}", basic) for name, value in self._headers.items()
            },
        )

    def parts(self, said: Any, answers: dict[str, Any]) -> list[tuple[str, Any]]:
        """The answer's parts, each beside what the notice said; where both say it, the answer counts. Before each
        stands a name for it, which is the same whoever announced it and whatever was fetched beside it.

        Raises NotApplicable.
        """
        path = self._paths[FETCHED]({**said, "_options": self._options})
        found = self._items({"notice": said, **answers})
        beside = {"_notice": said, **{f"_{name}": value for name, value in answers.items() if name != FETCHED}}
        parts = found if isinstance(found, list) else [found]
        return [
            (_digest([path, part]), {**said, **part, **beside} if isinstance(part, dict) else part)
            for part in parts
            if part is not None
        ]


def _digest(value: Any) -> str:
    return f"sha256:{sha256(msgspec.json.encode(value, order='sorted')).hexdigest()[:32]}"
