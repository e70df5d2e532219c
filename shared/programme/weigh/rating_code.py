"""Personas compiled into one Python function, because every event is weighed: a fifth of what closures take.

It says in straight lines what `feature_value` and `membership` say one by one, and tests hold the two together. Names
and numbers of a programme are never part of the text: they are passed in by place, as `k0`, `k1` …
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.programme.features import feature
from shared.programme.model import Condition, Persona
from shared.programme.weigh.features import Features
from shared.programme.weigh.membership import among, holds
from shared.programme.weigh.rating import Rating

Rate = Callable[[Features, datetime], tuple[Rating, ...]]
Ending = Callable[["Text", Sequence[Persona]], list[str]]
"""Writes what follows, once `s0`, `c0`, `e0` … are score, coverage and whether it is excluded, of each persona."""

_HEAD = """\
def weigh(customer, at, holder=None):
    attributes, actions, channels = customer.attributes, customer.actions, customer.channels
    amounts, scores, outcomes = customer.amounts, customer.scores, customer.outcomes
"""
_DAYS = "((at - {since}).total_seconds() / 86400.0 if at > {since} else 0.0)"
_VALUES = {
    ("attribute", ""): "None if (known := attributes.get({name})) is None else known.value",
    ("count", ""): "0 if (known := actions.get({name})) is None else known.count",
    ("days_since", ""): f"None if (known := actions.get({{name}})) is None else {_DAYS.format(since='known.last_at')}",
    ("share_of_channel", ""): "channels.get({name}, 0) / sum(channels.values()) if channels else None",
    ("amount", "sum"): "amounts.sum / 10_000 if amounts else 0.0",
    ("amount", "mean"): "amounts.sum / (10_000 * amounts.n) if amounts else None",
    ("amount", "max"): "amounts.largest / 10_000 if amounts else None",
    ("score", "last"): "None if (known := scores.get({name})) is None else known.last",
    ("score", "mean"): "None if (known := scores.get({name})) is None or not known.n else known.sum / (100 * known.n)",
    ("outcome", ""): "outcomes.get({name}, 0)",
    ("promise", "missed"): "customer.promises_missed",
    ("tenure_days", ""): _DAYS.format(since="customer.first_at"),
}


class Text:
    """Lines of the function, and the constants that it is given."""

    def __init__(self) -> None:
        self.lines = [_HEAD]
        self.constants: dict[str, Any] = {"Rating": Rating}

    def constant(self, value: Any) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name


def compiled(personas: Sequence[Persona]) -> Rate:
    """P2 of domain.md §5.1 for each of these personas, in their order."""
    rate: Rate = compiled_to(personas, _ratings)
    return rate


def compiled_to(personas: Sequence[Persona], ending: Ending) -> Any:
    """A function of (customer, at, holder) that weighs each of these personas and ends as told."""
    text = Text()
    conditions = [c for p in personas for c in (*p.must, *p.must_not, *(s.condition for s in p.signals))]
    names = {name: f"v{place}" for place, name in enumerate(dict.fromkeys(c.feature for c in conditions))}
    for name, local in names.items():
        kind, named, stat = feature(name)
        template = _VALUES[kind, stat]
        text.lines.append(f"    {local} = {template.format(name=text.constant(named))}\n")
    for place, persona in enumerate(personas):
        _persona(text, persona, names, place)
    text.lines += [f"    {line}\n" for line in ending(text, personas)]
    space = dict(text.constants)
    exec(compile("".join(text.lines), "<personas>", "exec"), space)
    return space["weigh"]


def _ratings(text: Text, personas: Sequence[Persona]) -> list[str]:
    given = [
        f"Rating({text.constant(persona.persona)}, {persona.priority}, s{place}, c{place}, e{place}), "
        for place, persona in enumerate(personas)
    ]
    return [f"return ({''.join(given)})"]


def _persona(text: Text, persona: Persona, names: dict[str, str], place: int) -> None:
    """Gates: what is not known meets no `must` and fails no `must_not`. Signals: it says nothing."""
    failed = [f"{names[c.feature]} is None or not ({_holds(text, c, names)})" for c in persona.must]
    failed += [f"{names[c.feature]} is not None and ({_holds(text, c, names)})" for c in persona.must_not]
    text.lines.append("    available = share = 0.0\n")
    for signal in persona.signals:
        local, weight = names[signal.condition.feature], text.constant(float(signal.weight))
        text.lines.append(f"    if {local} is not None:\n        available += {weight}\n")
        text.lines += [f"        {line}\n" for line in _share(text, signal.condition, local, weight)]
    total = text.constant(sum(signal.weight for signal in persona.signals))
    text.lines.append(f"    s{place}, c{place} = share / available if available else 0.0, available / {total}\n")
    text.lines.append(f"    e{place} = {' or '.join(failed) or 'False'}\n")


def _share(text: Text, condition: Condition, local: str, weight: str) -> list[str]:
    if condition.start is None or condition.end is None:
        return [f"if {_flag(text, condition, local)}: share += {weight}"]
    start, end = text.constant(condition.start), text.constant(condition.end)
    span = text.constant(condition.end - condition.start)
    outside, inside = ("<=", ">=") if condition.end > condition.start else (">=", "<=")
    numeric = "" if feature(condition.feature).numeric else f"not {_number(local)} or "
    return [
        f"if {numeric}{local} {outside} {start}: pass",
        f"elif {local} {inside} {end}: share += {weight}",
        f"else: share += {weight} * (({local} - {start}) / {span})",
    ]


def _holds(text: Text, condition: Condition, names: dict[str, str]) -> str:
    local = names[condition.feature]
    if condition.start is not None:
        return f"{text.constant(holds(condition))}({local})"
    return _flag(text, condition, local)


def _flag(text: Text, condition: Condition, local: str) -> str:
    """Whether a value that is known is what is asked for. Features but attributes are numbers."""
    options = condition.one_of if condition.one_of is not None else (condition.equals,)
    if condition.one_of is None and condition.equals is None:
        bounds = [(condition.at_least, ">="), (condition.at_most, "<=")]
        compared = [f"{local} {sign} {text.constant(bound)}" for bound, sign in bounds if bound is not None]
        return " and ".join(compared if feature(condition.feature).numeric else [_number(local), *compared])
    if options in ((True,), (False,)) and isinstance(options[0], bool):
        return f"{local} is {options[0]}"
    if all(isinstance(option, str) for option in options):
        return f"{local}.__class__ is str and {local} in {text.constant(frozenset(options))}"
    return f"{text.constant(among([o for o in options if o is not None]))}({local})"


def _number(local: str) -> str:
    return f"({local}.__class__ is int or {local}.__class__ is float)"
