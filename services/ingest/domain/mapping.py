"""A payload becomes events: by its provider's rules and the source's own words."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.payload import payload
from services.ingest.domain.provider import Provider, Rule
from services.ingest.domain.questionnaire import Questionnaire
from services.ingest.domain.received import stamped
from shared.events.model import DATA_OF
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Problem, Refused
from shared.programme.jmes import Expression, NotApplicable, compiled
from shared.programme.source import Source

UNVERIFIED = "unverified"
"""The extension attribute of events whose sender proved himself by nothing that a stranger could not have copied."""


class Ready(msgspec.Struct, frozen=True):
    """An event that was read and found right: its key in Kafka, and its bytes."""

    key: str
    raw: bytes


class Mapped(msgspec.Struct):
    """What came of a payload. It may be several things at once: a batch whose third item is wrong."""

    events: list[Ready] = []
    problems: list[Problem] = []
    ignored: list[str] = []
    unknown: list[str] = []
    """Questions that the source does not configure: their answers are kept in the event as `unmapped`."""


class Mapping:
    """A source's way from payload to events. Compiled once for a version of the programme."""

    def __init__(self, source: Source, provider: Provider) -> None:
        self._source = source
        self._provider = provider
        self._items = compiled(provider.items)
        self._kind = compiled(provider.kind)
        self._id = compiled(provider.id)
        own = (Rule(event=source.mapping),) if source.mapping else provider.rules
        self._rules = [_Ruled(rule, source) for rule in own]

    def events(self, delivery: Delivery) -> Mapped:
        """What the delivery says. Raises Refused, as malformed, for a body that cannot be read at all."""
        value = payload(delivery, self._provider.body)
        beside = {
            "_headers": delivery.headers,
            "_options": self._source.options,
            "_received_at": delivery.received_at.isoformat(),
        }
        mapped = Mapped()
        for number, item in enumerate(self._parts(value, mapped)):
            seen = {**item, **beside} if isinstance(item, dict) else item
            fallback = f"sha256:{sha256(delivery.body).hexdigest()[:32]}/{number}"
            self._judge(seen, fallback, delivery.received_at, mapped)
        return mapped

    def _parts(self, value: Any, mapped: Mapped) -> list[Any]:
        try:
            parts = self._items(value)
        except NotApplicable as error:
            mapped.problems.append(Problem("", str(error)))
            return []
        return parts if isinstance(parts, list) and self._provider.items != "@" else [parts]

    def _judge(self, item: Any, fallback: str, received_at: datetime, mapped: Mapped) -> None:
        try:
            for rule in self._rules:
                if rule.applies(item):
                    named = str(self._id(item) or fallback)
                    for number, event in enumerate(rule.events(item, mapped)):
                        self._finish(event, named if number == 0 else f"{named}/{number}", received_at, mapped)
                    return
            mapped.ignored.append(f"{self._provider.name} sends it, and nothing reads it: {self._kind(item)}")
        except NotApplicable as error:
            mapped.problems.append(Problem("", str(error)))

    def _finish(self, event: Any, fallback: str, received_at: datetime, mapped: Mapped) -> None:
        """Add what the source knows, and judge it as any event is judged."""
        if not isinstance(event, dict):
            mapped.problems.append(Problem("", f"expected the map to yield an event, found {type(event).__name__}"))
            return
        raw = msgspec.json.encode(self._completed(event, fallback))
        try:
            right = read(raw, not_after=received_at + LATEST_AHEAD)
        except Refused as refused:
            mapped.problems += refused.problems
            return
        mapped.events.append(Ready(right.key, raw if right.time is not None else stamped(raw, received_at)))

    def _completed(self, event: dict[str, Any], fallback: str) -> dict[str, Any]:
        whole = {name: value for name, value in event.items() if value is not None}
        whole |= {name: str(whole[name]) for name in ("id", "subject") if isinstance(whole.get(name), int | float)}
        whole = {"specversion": "1.0", "id": fallback, **whole, "source": self._source.source}
        if self._provider.signature is None and self._source.signature is None:
            whole[UNVERIFIED] = True
        data = whole.get("data")
        kind = DATA_OF.get(str(whole.get("type")))
        if isinstance(data, dict) and kind is not None:
            own = {name: value for name, value in data.items() if value is not None}
            given = {name: getattr(self._source, name) for name in ("journey", "touchpoint", "channel")}
            fields = kind.__struct_fields__
            whole["data"] = {**{n: v for n, v in given.items() if v is not None and n in fields}, **own}
        return whole


class _Ruled:
    """A rule, compiled for a source."""

    def __init__(self, rule: Rule, source: Source) -> None:
        self._when = compiled(rule.when)
        self._ignore = rule.ignore
        self._refuse = rule.refuse
        self._event: Expression | None = compiled(rule.event) if rule.event else None
        self._questionnaire = Questionnaire(rule.sheet, source) if rule.sheet else None
        self._subject = compiled(source.subject) if source.subject else None
        self._instance = compiled(source.instance) if source.instance else None

    def applies(self, item: Any) -> bool:
        return bool(self._when(item))

    def events(self, item: Any, mapped: Mapped) -> Iterator[Any]:
        """The events, not completed yet. Raises NotApplicable."""
        if self._ignore is not None:
            mapped.ignored.append(self._ignore)
        elif self._refuse is not None:
            mapped.problems.append(Problem("", self._refuse))
        elif self._questionnaire is not None:
            filled = self._questionnaire.event(item)
            mapped.problems += filled.problems
            mapped.unknown += filled.unknown
            if not filled.problems:
                yield filled.event
        elif self._event is not None:
            found = self._event(item)
            if found is None:
                mapped.ignored.append("the map yields nothing for it")
            yield from (self._named(one, item) for one in (found if isinstance(found, list) else [found]) if one)

    def _named(self, event: Any, item: Any) -> Any:
        """The source's own words for who and which stand before the provider's, where they find something."""
        if not isinstance(event, dict):
            return event
        if self._subject is not None and (subject := self._subject(item)) is not None:
            event = {**event, "subject": subject}
        kind = DATA_OF.get(str(event.get("type")))
        has_instance = kind is not None and "instance" in kind.__struct_fields__ and isinstance(event.get("data"), dict)
        if self._instance is not None and has_instance and (instance := self._instance(item)) is not None:
            event = {**event, "data": {**event["data"], "instance": instance}}
        return event
