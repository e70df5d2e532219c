"""Which touchpoint of the map an event belongs to. On scoring's hot path: a few dictionary reads an event.

A touchpoint that the event names wins; else the first `match` of the map that holds. What is in no map is off it: None.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from shared.events.unknown import unknown_field
from shared.programme.model import Journey, Programme, Rule, Scalar


class Matched(NamedTuple):
    """Where an event belongs."""

    journey: str
    major: int
    touchpoint: str


Path = tuple[str, ...]
Check = tuple[Path, tuple[Scalar, ...]]


class Candidate(NamedTuple):
    """What is left to check of a rule once type and action agree."""

    checks: tuple[Check, ...]
    matched: Matched


class Matcher:
    """A programme compiled for matching. It is never changed, so threads may share it."""

    def __init__(self, programme: Programme) -> None:
        self._named: dict[tuple[str | None, str], Matched] = {}
        everything: list[tuple[Rule, Matched]] = []
        self._tables: dict[str | None, _Table] = {}
        for journey in programme.journeys:
            rules = list(self._name(journey))
            self._tables[journey.journey] = _Table(rules)
            everything += rules
        self._tables[None] = _Table(everything)
        self._rules = [dict(rule) for rule, _ in everything]

    def match(
        self,
        type: str,  # CloudEvents' name for it
        data: dict[str, Any] | msgspec.Struct,
        journey: str | None = None,
        touchpoint: str | None = None,
        raw: bytes | None = None,
    ) -> Matched | None:
        """The touchpoint of an event, None if it is off the map.

        `data` is the event's data, decoded or typed; `raw` the whole event, read only where a rule asks for a field
        that the type does not know. With `journey` only that journey is looked at. A touchpoint that is on no map
        may still be caught by a rule.
        """
        if touchpoint is not None:
            named = self._named.get((journey, touchpoint))
            if named is not None:
                return named
        table = self._tables.get(journey)
        return None if table is None else table.first(type, data, raw)

    def by_names_alone(self, type: str, action: str | None, journey: str | None, touchpoint: str | None) -> bool:
        """Whether an event with these names is matched the same whatever else its data holds. `action` is None where
        the event has none that is a name."""
        if touchpoint is not None and (journey, touchpoint) in self._named:
            return True
        table = self._tables.get(journey)
        return table is None or table.by_names_alone(type, action)

    def fields_for(self, type: str) -> set[str]:
        """The fields of data that are looked at to match events of this type."""
        asking = (rule for rule in self._rules if type in rule.get("type", (type,)))
        return {name for rule in asking for name in rule if name != "type"}

    def _name(self, journey: Journey) -> Iterable[tuple[Rule, Matched]]:
        for touchpoint in journey.touchpoints:
            matched = Matched(journey.journey, journey.major, touchpoint.touchpoint)
            self._named[(journey.journey, touchpoint.touchpoint)] = matched
            self._named.setdefault((None, touchpoint.touchpoint), matched)
            if touchpoint.match is not None:
                yield touchpoint.match, matched


class _Table:
    """Rules by every (type, action) that some rule names; None stands for any other."""

    def __init__(self, rules: list[tuple[Rule, Matched]]) -> None:
        wanted = [(dict(rule), matched) for rule, matched in rules]
        self._types = {kind for rule, _ in wanted for kind in rule.get("type", ())}
        self._actions = {action for rule, _ in wanted for action in rule.get("action", ())}
        self._cells = {
            (kind, action): tuple(_candidates(wanted, kind, action))
            for kind in (*self._types, None)
            for action in (*self._actions, None)
        }
        self._acting = {kind for kind in (*self._types, None) if any(_acts(rule, kind) for rule, _ in wanted)}

    def first(self, kind: str, data: dict[str, Any] | msgspec.Struct, raw: bytes | None) -> Matched | None:
        known = kind if kind in self._types else None
        action = field(data, ("action",), raw) if known in self._acting else None
        if not isinstance(action, str) or action not in self._actions:
            action = None
        for checks, matched in self._cells[(known, action)]:
            if not checks or all(_among(field(data, path, raw), allowed) for path, allowed in checks):
                return matched
        return None

    def by_names_alone(self, kind: str, action: str | None) -> bool:
        """Whether type and action decide by themselves which rule holds first."""
        known = kind if kind in self._types else None
        if known in self._acting and action is None:
            return False  # the raw event may have one
        candidates = self._cells[(known, action if known in self._acting and action in self._actions else None)]
        return not candidates or not candidates[0].checks


def _candidates(
    rules: list[tuple[dict[str, tuple[Scalar, ...]], Matched]], kind: Any, action: Any
) -> Iterable[Candidate]:
    for rule, matched in rules:
        if kind in rule.get("type", (kind,)) and action in rule.get("action", (action,)):
            rest = (item for item in rule.items() if item[0] not in ("type", "action"))
            yield Candidate(tuple((tuple(field.split(".")), allowed) for field, allowed in rest), matched)


def _acts(rule: dict[str, tuple[Scalar, ...]], kind: Any) -> bool:
    return "action" in rule and kind in rule.get("type", (kind,))


def field(data: dict[str, Any] | msgspec.Struct, path: Path, raw: bytes | None) -> Any:
    """What stands at a path of an event's data, also in fields that its type does not know; None where nothing does."""
    if isinstance(data, dict):
        found: Any = data.get(path[0])
    elif path[0] in data.__struct_fields__:
        found = getattr(data, path[0])
    else:
        found = None if raw is None else unknown_field(raw, path[0])
    for name in path[1:]:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _among(value: Any, allowed: tuple[Scalar, ...]) -> bool:
    """Equality as JSON knows it: true is not 1."""
    return any(value == option and isinstance(value, bool) is isinstance(option, bool) for option in allowed)
