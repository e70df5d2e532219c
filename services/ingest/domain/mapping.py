"""A payload becomes events: by its provider's rules and the source's own words."""

from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from services.ingest.domain.cloudevents import cloud_events
from services.ingest.domain.completed import Said, completed
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.fetching import Ask, Fetching
from services.ingest.domain.mapped import MOST_PARTS, UNVERIFIED, Mapped, Ready, too_many
from services.ingest.domain.payload import payload
from services.ingest.domain.proof import Unproven
from services.ingest.domain.provider import Provider, Rule
from services.ingest.domain.received import stamped
from services.ingest.domain.ruled import Drafted, Ruled
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Problem, Refused
from shared.programme.jmes import NotApplicable, compiled
from shared.programme.source import Source

LONGEST_GREETING = 1000
"""Bytes that are read although nobody proved who sent them."""
LONGEST_KIND = 100
MOST_EVENT_BYTES = 1_000_000
"""With what may be added to it, an event fits into a message of Kafka; a longer one would fail all beside it."""


class When(NamedTuple):
    """When a delivery came, which is the time of what has none; and when it is judged, which no time may be after."""

    received_at: datetime
    judged_at: datetime


class Mapping:
    """A source's way from payload to events. Compiled once for a version of the programme."""

    def __init__(self, source: Source, provider: Provider) -> None:
        self._source = source
        self._provider = provider
        self._verified = (source.signature or provider.signature) is not None
        self._mark = {} if self._verified else {UNVERIFIED: True}
        self._items = compiled(provider.items)
        self._kind = compiled(provider.kind)
        self._id = compiled(provider.id)
        self._accept = compiled(provider.accept)
        self._greeting = compiled(provider.greeting)
        own = (Rule(event=source.mapping),) if source.mapping else ()
        fetches = any(rule.fetch is not None for rule in provider.rules)
        self._rules = [Ruled(rule, source) for rule in (provider.rules if fetches else own or provider.rules)]
        self._then = {
            rule.fetching: [Ruled(then, source) for then in own or rule.fetching.then]
            for rule in self._rules
            if rule.fetching is not None
        }

    def events(self, delivery: Delivery) -> Mapped:
        """What the delivery says. Raises Refused, as malformed, for a body that cannot be read at all, and
        Unproven for one that is meant for somebody else."""
        if self._provider.body == "cloudevents":
            return cloud_events(delivery, verified=self._verified)
        value = payload(delivery, self._provider.body)
        beside = {
            "_headers": delivery.headers,
            "_options": self._source.options,
            "_received_at": delivery.received_at.isoformat(),
        }
        if isinstance(value, dict) and not self._accepts({**value, **beside}):
            raise Unproven(f"{self._provider.name} sends it for another account than the source's options name")
        mapped, when = Mapped(), When(delivery.received_at, delivery.received_at)
        digest = sha256(delivery.body).hexdigest()[:32]
        for number, item in enumerate(self._parts(value, mapped)):
            seen = {**item, **beside} if isinstance(item, dict) else item
            self._judge(seen, f"sha256:{digest}/{number}", when, mapped)
        return mapped

    def is_greeting(self, delivery: Delivery) -> bool:
        """Whether it says nothing but that the address is tried out. Long ones are not looked into: they are none."""
        try:
            short = len(delivery.body) <= LONGEST_GREETING
            return short and self._greeting(payload(delivery, self._provider.body)) is True
        except (Refused, NotApplicable):
            return False

    def ask(self, said: Any, token: str) -> Ask:
        """Where to ask for what a notice announces. Raises NotApplicable, also where no rule fetches it any more."""
        return self._fetching(said).ask(said, token)

    def fetched(self, said: Any, answers: dict[str, Any], received_at: datetime, *, now: datetime) -> Mapped:
        """What the provider's API answered `now` to a notice of `received_at`.

        It is marked as the notice would be: what its sender says of whom to ask about counts, too.
        """
        mapped = Mapped()
        try:
            fetching = self._fetching(said)
            parts = fetching.parts(said, answers)
        except NotApplicable as error:
            mapped.problems.append(Problem("", str(error)))
            return mapped
        for name, part in parts:
            seen = {**part, "_options": self._source.options} if isinstance(part, dict) else part
            self._judge(seen, name, When(received_at, now), mapped, by=self._then[fetching])
        return mapped

    def _fetching(self, said: Any) -> Fetching:
        seen = {**said, "_options": self._source.options}
        for rule in self._rules:
            if rule.applies(seen):
                if rule.fetching is not None:
                    return rule.fetching
                break
        raise NotApplicable(f"nothing of {self._provider.name} is fetched for such a notice any more")

    def _accepts(self, value: dict[str, Any]) -> bool:
        try:
            return bool(self._accept(value))
        except NotApplicable:
            return False

    def _parts(self, value: Any, mapped: Mapped) -> list[Any]:
        try:
            parts = self._items(value)
        except NotApplicable as error:
            mapped.problems.append(Problem("", str(error)))
            return []
        if not isinstance(parts, list) or self._provider.items == "@":
            return [parts]
        if len(parts) > MOST_PARTS:
            mapped.problems.append(too_many("parts", len(parts)))
            return []
        return parts

    def _judge(self, item: Any, fallback: str, when: When, mapped: Mapped, *, by: list[Ruled] | None = None) -> None:
        """Judge a part of a delivery, or of what was fetched `by` its own rules."""
        try:
            for rule in self._rules if by is None else by:
                if rule.applies(item):
                    named = fallback if by is not None else str(self._id(item) or fallback)
                    drafted = list(rule.events(item, mapped))
                    if (total := len(mapped.events) + len(drafted)) > MOST_PARTS:
                        mapped.problems.append(too_many("events", total))
                        return
                    for number, one in enumerate(drafted):
                        name = named if number == 0 else f"{named}/{number}"
                        self._finish(one, name, when, mapped)
                    return
            self._unread(self._kind(item), mapped)
        except NotApplicable as error:
            mapped.problems.append(Problem("", str(error)))

    def _unread(self, kind: Any, mapped: Mapped) -> None:
        """What a provider is known to send and nobody reads is ignored; what it cannot have sent is a problem."""
        if kind is None:
            mapped.problems.append(Problem("", f"expected what {self._provider.name} sends"))
        else:
            mapped.ignored.append(f"{self._provider.name} sends it, and nothing reads it: {str(kind)[:LONGEST_KIND]}")

    def _finish(self, one: Drafted, fallback: str, when: When, mapped: Mapped) -> None:
        """Add what the source knows, and judge it as any event is judged."""
        if not isinstance(one.event, dict):
            found = type(one.event).__name__
            mapped.problems.append(Problem("", f"expected the map to yield an event, found {found}"))
            return
        said = Said(fallback, self._source.source, one.subject, one.instance)
        raw = msgspec.json.encode(completed(one.event, self._source, said) | self._mark)
        if len(raw) > MOST_EVENT_BYTES:
            says = f"expected an event of at most {MOST_EVENT_BYTES:,} bytes, found {len(raw):,}"
            mapped.problems.append(Problem("", says))
            return
        try:
            right = read(raw, not_after=when.judged_at + LATEST_AHEAD)
        except Refused as refused:
            mapped.problems += refused.problems
            return
        mapped.events.append(Ready(right.key, raw if right.time is not None else stamped(raw, when.received_at)))
