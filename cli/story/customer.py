"""Draws a customer as the read API has it: who, what was promised, what happened."""

from typing import Any

from rich.markup import escape
from rich.tree import Tree

_STATES = {"kept": "green", "missed": "red", "open": "yellow"}
_SHOWN = 6


def customer(page: dict[str, Any]) -> Tree:
    """Persona, promises, and the last of the timeline."""
    also = ", ".join(name for name in page["identifiers"] if name != page["subject"])
    tree = Tree(f"[bold]{escape(page['subject'])}[/]" + (f" [dim]also {escape(also)}[/]" if also else ""))
    tree.add(_persona(page))
    promises = tree.add("promises")
    for promise in page["promises"][:_SHOWN]:
        promises.add(_promise(promise))
    timeline = tree.add("timeline, the latest first")
    for item in page["timeline"]["items"][:_SHOWN]:
        where = f" [dim]{escape(item['touchpoint'])}[/]" if item["touchpoint"] else ""
        timeline.add(f"{_when(item['time'])}  {escape(item['summary'].removesuffix('.'))}{where}")
    return tree


def _persona(page: dict[str, Any]) -> Tree:
    """Which, why, and how such a customer is to be handled."""
    sure = f", {page['confidence']:.0%} sure" if page.get("confidence") is not None else ""
    tree = Tree(f"persona [bold]{escape(page['persona'])}[/] since {_when(page['since'])}{sure}")
    for reason in page.get("reasons", ()):
        said = f"{reason['feature']} is {_value(reason['value'])}"
        tree.add(f"{escape(said)} [dim]weight {reason['weight']:g}, adds {reason['contribution']:.2f}[/]")
    if treatment := page["treatment"]:
        node = tree.add(f"treatment: [bold]{escape(treatment['strategy'])}[/]")
        for what in ("do", "avoid"):
            if treatment.get(what):
                node.add(f"{what}: {escape(', '.join(treatment[what]))}")
    elif page.get("treatment_skipped"):
        tree.add(f"treatment: left out, it needs more confidence than {page['confidence']:.0%}")
    return tree


def _value(value: object) -> str:
    return (
        "not known"
        if value is None
        else f"{value:.2f}".rstrip("0").rstrip(".")
        if isinstance(value, float)
        else f"{value}"
    )


def _promise(promise: dict[str, Any]) -> str:
    state = promise["state"]
    what = promise["says"] or promise["touchpoint"]
    order = f" [dim]{escape(promise['instance'])}[/]" if promise["instance"] else ""
    decided = f" {_when(promise['decided_at'])}" if state == "kept" else ""
    return f"{escape(what)}{order}: due {_when(promise['due_at'])}, [{_STATES[state]}]{state}[/]{decided}"


def _when(instant: str) -> str:
    return instant[:16].replace("T", " ")
