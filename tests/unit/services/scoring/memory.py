"""The fold with its state in memory, kept as it is kept in the database: encoded between batches."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from services.scoring.adapters.programmes import Reading
from services.scoring.domain.answers import instances_of_parts
from services.scoring.domain.arrival import Arrival, arrive
from services.scoring.domain.fold import fold
from services.scoring.domain.instance import fire_at, hollow, instances_of
from services.scoring.domain.ledger import Ledger, Telling
from services.scoring.domain.persona import behind
from services.scoring.domain.review import review
from services.scoring.domain.state import Customer, Instance, Response
from services.scoring.domain.timer import fire
from shared.events.event import identity
from shared.events.read import read
from shared.programme.history import BEGINNING, Version
from shared.programme.model import Programme

KINDS = {"customers": Customer, "instances": Instance, "responses": Response}


class Memory:
    """Batches in, counts out; duplicates are dropped as the store drops them."""

    def __init__(self, programme: Programme, *later: tuple[datetime, Programme]) -> None:
        """`later` are further versions of the programme, each with the time from which it holds."""
        applied = [(None, programme), *later]
        versions = [Version(n, since, BEGINNING, "", version) for n, (since, version) in enumerate(applied, 1)]
        self._rules_at = Reading(tuple(versions), {}).at
        self._kept: dict[str, dict[Any, bytes]] = {name: {} for name in KINDS}
        self._seen: set[bytes] = set()
        self.counts: Counter[tuple[Any, ...]] = Counter()
        self.timeline: list[Any] = []
        self.told: list[Telling] = []
        self.left_behind: set[str] = set()
        self._reviewed = 0

    def fold(self, documents: Iterable[dict[str, Any] | bytes], received_at: datetime) -> None:
        arrivals = []
        for document in documents:
            event = read(document if isinstance(document, bytes) else msgspec.json.encode(document))
            name = identity(event.source, event.id)
            if name not in self._seen:
                self._seen.add(name)
                arrivals.append(arrive(event, received_at, self._rules_at))
        ledger = self._loaded_for(arrivals)
        fold(ledger, arrivals, self._rules_at)
        self._save(ledger)

    def fire(self, at: datetime) -> None:
        """Fire every timer whose time has come."""
        for key in list(self._kept["instances"]):
            ledger = Ledger()
            self._load(ledger, "instances", [key])
            due = fire_at(ledger.instances[key])
            if due is not None and due < at:
                self._load(ledger, "customers", [key[0]])
                fire(ledger, key, at, rules_at=self._rules_at)
                self._save(ledger)

    def review(self, at: datetime, *, only: str | None = None) -> None:
        """Look again at everybody who was decided by personas of before."""
        self._reviewed = self._rules_at(at).era.told
        for name in sorted(self._kept["customers"]) if only is None else [only]:
            ledger, rules = Ledger(), self._rules_at(at)
            self._load(ledger, "customers", [name])
            if behind(ledger.customers[name], rules):
                review(ledger, name, rules, at)
                self._save(ledger)

    def state(self) -> dict[str, dict[Any, Any]]:
        """All that is kept, decoded."""
        return {name: {key: msgspec.json.decode(raw) for key, raw in rows.items()} for name, rows in self._kept.items()}

    def _loaded_for(self, arrivals: list[Arrival]) -> Ledger:
        """No more than these events may change, as the database's rows are loaded: what is not named is missing."""
        ledger = Ledger(reviewed=self._reviewed)
        self._load(ledger, "customers", [a.event.customer for a in arrivals])
        parts = [arrival for arrival in arrivals if arrival.response is not None]
        self._load(ledger, "responses", [part.response for part in parts])
        named = instances_of(arrivals) | instances_of_parts(ledger.responses, parts, self._rules_at)
        self._load(ledger, "instances", named)
        return ledger

    def _load(self, ledger: Ledger, name: str, keys: Iterable[Any]) -> None:
        kept = self._kept[name]
        getattr(ledger, name).update(
            {key: msgspec.json.decode(kept[key], type=KINDS[name]) for key in keys if key in kept}
        )

    def _save(self, ledger: Ledger) -> None:
        for name in KINDS:
            for key, value in getattr(ledger, name).items():
                self._kept[name].pop(key, None)
                if name != "instances" or not hollow(value):
                    self._kept[name][key] = msgspec.json.encode(value)
        for (series, quarter, value), n in ledger.counts.items():
            journey, _, *rest = series
            self.counts[(journey, *rest, quarter, value)] += n
        self.timeline += ledger.timeline
        self.told += ledger.told
        self.left_behind |= set(ledger.left_behind)
