"""Golden payloads: a file each in tests/golden/webhooks/PROVIDER, with what it becomes. Released ones stay as they are.

`source` is the source as sources.yaml gives it, `map` the text of its mapping; `headers` and `body` are what the
provider sends (`body` a text, or JSON that is written out as one). `events` are the CloudEvents without `specversion`
and without the source's name as `source`; `problems` are path and message, then `ignored` and `unknown`.
Of a notice `asks` are the addresses that are asked, and `fetched` is what they answer.
"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import Mapped
from services.ingest.domain.mapping import Mapping
from services.ingest.domain.provider import Provider
from services.ingest.providers.known import known_providers
from shared.programme.source import Source

GOLDEN = Path(__file__).parents[4] / "golden" / "webhooks"
RECEIVED_AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One payload and what it becomes."""

    source: Source
    body: Any
    headers: dict[str, str] = {}
    fetched: dict[str, Any] = {}
    asks: list[dict[str, str]] = []
    events: list[dict[str, Any]] = []
    problems: list[tuple[str, str]] = []
    ignored: list[str] = []
    unknown: list[str] = []

    @property
    def delivery(self) -> Delivery:
        raw = self.body.encode() if isinstance(self.body, str) else msgspec.json.encode(self.body)
        return Delivery(source=self.source.source, body=raw, headers=self.headers, received_at=RECEIVED_AT)

    @property
    def mapping(self) -> Mapping:
        """The source's, by today's files."""
        assert self.source.provider is not None
        return Mapping(self.source, providers()[self.source.provider])

    def mapped(self, received_at: datetime = RECEIVED_AT) -> Mapped:
        """What the delivery becomes today, with what is fetched for it."""
        mapped = self.mapping.events(msgspec.structs.replace(self.delivery, received_at=received_at))
        for notice in mapped.notices if self.fetched else ():
            found = self.mapping.fetched(notice.said, self.fetched, received_at, now=received_at)
            mapped.events += found.events
            mapped.problems += found.problems
            mapped.ignored += found.ignored
            mapped.unknown += found.unknown
        return mapped

    def told(self, mapped: Mapped) -> "Case":
        """This case with what `mapped` says."""
        events = [msgspec.json.decode(event.raw) for event in mapped.events]
        assert all(event.pop("specversion") == "1.0" for event in events)
        for event in events:
            if event["source"] == self.source.source:
                del event["source"]
        return msgspec.structs.replace(
            self,
            asks=[self.mapping.ask(notice.said, "t0ken").addresses for notice in mapped.notices],
            events=events,
            problems=[(problem.path, problem.message) for problem in mapped.problems],
            ignored=mapped.ignored,
            unknown=mapped.unknown,
        )


@cache
def providers() -> dict[str, Provider]:
    """Today's, read once."""
    return known_providers()


def case(path: Path) -> Case:
    """Read one."""
    return msgspec.json.decode(path.read_bytes(), type=Case)


def all_cases() -> list[Path]:
    """All of them, by provider and name."""
    return sorted(GOLDEN.glob("*/*.json"))
