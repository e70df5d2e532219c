"""Reads journeys/*.yaml: one map a file."""

from collections.abc import Callable

from shared.events.model import DATA_OF, INTERACTION
from shared.programme.measures import measure
from shared.programme.model import (
    InstanceRule,
    Journey,
    Measure,
    MomentOfTruth,
    Person,
    Promise,
    Rule,
    Scalar,
    Stage,
    Touchpoint,
)
from shared.programme.names import known, new
from shared.programme.reading import Spot, Wrong
from shared.programme.values import boolean, choice, duration, filled, identifier, listed, scalar, text


class _Seen:
    """What must differ within one journey, with the place where it stands first."""

    def __init__(self, journey: str) -> None:
        self.journey = journey
        self.places: dict[object, Spot] = {}

    def differs(self, what: str, value: object, spot: Spot) -> None:
        first = self.places.setdefault((what, value), spot)
        if first is not spot:
            raise Wrong(f"another {what} than the one in line {first.line}", "the same")


def journey(spot: Spot) -> Journey:
    """One map."""
    with spot.fields() as fields:
        name = fields.need("journey", new("journey"))
        seen = _Seen(name or "")
        return Journey(
            journey=name,
            name=fields.get("name", text, name),
            perspective=fields.get("perspective", choice(("customer", "employee", "partner")), "customer"),
            personas=fields.get("personas", listed(known("persona")), ()),
            instance=fields.get("instance", _instance, InstanceRule()),
            stages=fields.need("stages", filled(lambda item: _stage(item, seen))),
        )


def _instance(spot: Spot) -> InstanceRule:
    with spot.fields() as fields:
        return InstanceRule(
            by=fields.get("by", text, "instance"),
            opened_on=fields.get("opened_on", listed(_acting), ()),
            closes_on=fields.get("closes_on", listed(_acting), ()),
            abandons_on=fields.get("abandons_on", listed(_leaving), ()),
            idle_after=fields.get("idle_after", duration(1), None),
        )


def _stage(spot: Spot, seen: _Seen) -> Stage:
    with spot.fields() as fields:
        name = fields.need("stage", _distinct(seen, "stage"))
        return Stage(
            stage=name,
            name=fields.get("name", text, name),
            touchpoints=fields.get("touchpoints", listed(lambda item: _touchpoint(item, seen)), ()),
        )


def _touchpoint(spot: Spot, seen: _Seen) -> Touchpoint:
    with spot.fields() as fields:
        name = fields.need("touchpoint", _distinct(seen, "touchpoint"))
        if name:
            spot.page.names.declare_touchpoint(seen.journey, name)
        promised = fields.at("promise") is not None
        return Touchpoint(
            touchpoint=name,
            name=fields.get("name", text, name),
            channels=fields.get("channels", listed(text), ()),
            people=fields.get("people", listed(_person), ()),
            match=fields.get("match", lambda item: _match(item, seen), None),
            promise=fields.get("promise", _promise, None),
            moment_of_truth=fields.get("moment_of_truth", lambda item: _moment(item, promised=promised), None),
        )


def _distinct(seen: _Seen, what: str) -> Callable[[Spot], str]:
    def read(spot: Spot) -> str:
        seen.differs(what, identifier(spot), spot)
        return spot.raw

    return read


def _person(spot: Spot) -> Person:
    with spot.fields() as fields:
        return Person(role=fields.need("role", text), visible=fields.get("visible", boolean, True))


def _match(spot: Spot, seen: _Seen) -> Rule:
    rule = tuple((key.raw, value.read(_allowed(key.raw), ())) for key, value in spot.entries())
    if not rule:
        raise Wrong("at least one field, such as action: delivered")
    seen.differs("match", frozenset(rule), spot)
    spot.page.names.match(_actions(dict(rule)))
    return rule


def _actions(rule: dict[str, tuple[Scalar, ...]]) -> list[str] | None:
    """Of interactions, which alone have any; None for all of them."""
    if INTERACTION not in rule.get("type", (INTERACTION,)):
        return []
    return [str(action) for action in rule["action"]] if "action" in rule else None


def _acting(spot: Spot) -> str:
    action = text(spot)
    spot.page.names.act(spot, leaves=False)
    return action


def _leaving(spot: Spot) -> str:
    action = text(spot)
    spot.page.names.act(spot, leaves=True)
    return action


def _allowed(field: str) -> Callable[[Spot], tuple[Scalar, ...]]:
    one: Callable[[Spot], Scalar] = choice(DATA_OF) if field == "type" else text if field == "action" else scalar

    def read(spot: Spot) -> tuple[Scalar, ...]:
        return filled(one)(spot) if spot.tag == "seq" else (one(spot),)

    return read


def _promise(spot: Spot) -> Promise:
    with spot.fields() as fields:
        promise = Promise(
            says=fields.need("says", text),
            opened_by=fields.need("opened_by", _acting),
            due=fields.get("due", text, "promised_at"),
            kept_by=fields.need("kept_by", _acting),
            grace=fields.get("grace", duration(), 0),
        )
        if fields.sound and promise.opened_by == promise.kept_by:
            raise Wrong(f"two actions, one that opens the promise and one that keeps it, not {promise.kept_by!r} twice")
        return promise


def _moment(spot: Spot, *, promised: bool) -> MomentOfTruth:
    seen = _Seen("")
    with spot.fields() as fields:
        return MomentOfTruth(
            owner=fields.need("owner", known("owner")),
            measures=fields.need("measures", filled(lambda item: _measure(item, seen, promised=promised))),
        )


def _measure(spot: Spot, seen: _Seen, *, promised: bool) -> Measure:
    found = measure(spot)
    seen.differs("measure", (found.metric, found.stat, found.scale, found.window), spot)
    if found.metric == "promise_kept" and not promised:
        raise Wrong("a promise at this touchpoint, which promise_kept counts", "none")
    return found
