"""What differs between two programmes, in the words of their files."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from shared.programme.model import (
    CaseRule,
    Goal,
    Governance,
    InstanceRule,
    Journey,
    Measure,
    MomentOfTruth,
    Owner,
    Person,
    Persona,
    Privacy,
    Programme,
    Promise,
    Source,
    Stage,
    Surveys,
    Touchpoint,
    Treatment,
)
from shared.programme.wording import wording

Kind = Literal["added", "removed", "changed"]

NAMED_BY: dict[type, str] = {
    Journey: "journey",
    Stage: "stage",
    Touchpoint: "touchpoint",
    Persona: "persona",
    Owner: "owner",
    Source: "source",
    Goal: "name",
    CaseRule: "name",
    Measure: "metric",
    Person: "role",
}
"""What is listed by a name of its own, and the field that holds it."""

NOUNS: dict[type, str] = {Goal: "goal", CaseRule: "case", Measure: "measure", Person: "person"}
IN_PARTS = (Governance, InstanceRule, MomentOfTruth, Privacy, Promise, Surveys, Treatment)
"""What is compared field by field where it stands on both sides."""


class Change(msgspec.Struct, frozen=True):
    """One difference. `where` leads to it, outermost first; `before` and `after` are empty where they say nothing."""

    kind: Kind
    where: tuple[str, ...]
    before: str = ""
    after: str = ""


def differences(before: Programme | None, after: Programme) -> tuple[Change, ...]:
    """All changes from `before` (None: there was nothing) to `after`, in the order of the files."""
    if before is not None:
        return tuple(_fields(before, after, ()))
    nothing = Programme(name=after.name, timezone=after.timezone)
    return tuple(Change("added", change.where, after=change.after) for change in _fields(nothing, after, ()))


def _fields(before: Any, after: Any, where: tuple[str, ...]) -> Iterator[Change]:
    for field in after.__struct_fields__:
        yield from _value(field, getattr(before, field), getattr(after, field), where)


def _value(field: str, before: Any, after: Any, where: tuple[str, ...]) -> Iterator[Change]:
    if before == after:
        return
    if _named(before) or _named(after):
        yield from _list(field, before, after, where)
    elif isinstance(before, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _value(key, before.get(key), after.get(key), (*where, field))
    elif isinstance(before, IN_PARTS) and after is not None:
        yield from _fields(before, after, (*where, field))
    else:
        kind: Kind = "added" if before in (None, ()) else "removed" if after in (None, ()) else "changed"
        yield Change(kind, (*where, field), wording(field, before), wording(field, after))


def _list(field: str, before: Iterable[Any], after: Iterable[Any], where: tuple[str, ...]) -> Iterator[Change]:
    old, new = _by_label(before), _by_label(after)
    for label, item in old.items():
        if label not in new:
            yield from _whole("removed", item, (*where, label))
    for label, item in new.items():
        if label in old:
            yield from _fields(old[label], item, (*where, label))
        else:
            yield from _whole("added", item, (*where, label))
    stayed, order = [label for label in old if label in new], [label for label in new if label in old]
    if stayed != order:
        yield Change("changed", (*where, f"order of {field}"), ", ".join(stayed), ", ".join(order))


def _whole(kind: Kind, item: Any, where: tuple[str, ...]) -> Iterator[Change]:
    """A thing that came or went, and of a map all that came or went with it."""
    said = wording("", item) if isinstance(item, Measure) else ""
    yield Change(kind, where, said if kind == "removed" else "", said if kind == "added" else "")
    for child in _inside(item):
        yield from _whole(kind, child, (*where, _label(child)))


def _inside(item: Any) -> tuple[Any, ...]:
    if isinstance(item, Touchpoint):
        return item.moment_of_truth.measures if item.moment_of_truth else ()
    return item.stages if isinstance(item, Journey) else item.touchpoints if isinstance(item, Stage) else ()


def _by_label(items: Iterable[Any]) -> dict[str, Any]:
    """Items by their labels; the second of the same name is `… again`."""
    found: dict[str, Any] = {}
    for item in items:
        label = _label(item)
        while label in found:
            label += " again"
        found[label] = item
    return found


def _label(item: Any) -> str:
    name = NAMED_BY[type(item)]
    stat = f" {item.stat}" if isinstance(item, Measure) and item.stat else ""
    return f"{NOUNS.get(type(item), name)} {getattr(item, name)}{stat}"


def _named(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and type(value[0]) in NAMED_BY
