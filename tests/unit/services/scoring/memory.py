"""The fold with its state in memory, kept as it is kept in the database: encoded between batches."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from services.scoring.domain.arrival import arrive
from services.scoring.domain.fold import fold
from services.scoring.domain.instance import fire_at, hollow
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.rules import Rules
from services.scoring.domain.state import Customer, Instance, Response
from services.scoring.domain.timer import fire
from shared.events.event import identity
from shared.events.read import read
from shared.programme.model import Programme

KINDS = {"customers": Customer, "instances": Instance, "responses": Response}


class Memory:
    """Batches in, counts out; duplicates are dropped as the store drops them."""

    def __init__(self, programme: Programme) -> None:
        self._rules = Rules(1, programme)
        self._kept: dict[str, dict[Any, bytes]] = {name: {} for name in KINDS}
        self._seen: set[bytes] = set()
        self.counts: Counter[tuple[Any, ...]] = Counter()
        self.timeline: list[Any] = []

    def fold(self, documents: Iterable[dict[str, Any] | bytes], received_at: datetime) -> None:
        arrivals = []
        for document in documents:
            event = read(document if isinstance(document, bytes) else msgspec.json.encode(document))
            name = identity(event.source, event.id)
            if name not in self._seen:
                self._seen.add(name)
                arrivals.append(arrive(event, received_at, lambda _: self._rules))
        ledger = self._load()
        fold(ledger, arrivals, lambda _: self._rules)
        self._save(ledger)

    def fire(self, at: datetime) -> None:
        """Fire every timer whose time has come."""
        ledger = self._load()
        for key, run in ledger.instances.items():
            due = fire_at(run)
            if due is not None and due < at:
                fire(ledger, key, at, version=1)
        self._save(ledger)

    def state(self) -> dict[str, dict[Any, Any]]:
        """All that is kept, decoded."""
        return {name: {key: msgspec.json.decode(raw) for key, raw in rows.items()} for name, rows in self._kept.items()}

    def _load(self) -> Ledger:
        loaded: dict[str, Any] = {
            name: {key: msgspec.json.decode(raw, type=kind) for key, raw in self._kept[name].items()}
            for name, kind in KINDS.items()
        }
        return Ledger(**loaded)

    def _save(self, ledger: Ledger) -> None:
        for name in KINDS:
            kept = {
                key: value for key, value in getattr(ledger, name).items() if name != "instances" or not hollow(value)
            }
            self._kept[name] = {key: msgspec.json.encode(value) for key, value in kept.items()}
        for (series, quarter, value), n in ledger.counts.items():
            journey, _, *rest = series
            self.counts[(journey, *rest, quarter, value)] += n
        self.timeline += ledger.timeline
