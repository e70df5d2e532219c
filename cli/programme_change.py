"""Prints differences between programmes as a tree: what they are about, and a line a change."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from shared.programme.diff import Change, Kind

SIGNS: dict[Kind, tuple[str, str]] = {
    "added": ("+", "green"),
    "removed": ("-", "red"),
    "changed": ("~", "yellow"),
}


def show(console: Console, changes: Sequence[Change]) -> None:
    """Print the changes; a sentence if there are none."""
    if not changes:
        console.print("No changes.")
    above: tuple[str, ...] = ()
    for change in changes:
        for depth in range(_shared(above, change.where), len(change.where) - 1):
            console.print(Text(f"{'  ' * depth}{change.where[depth]}", style="bold"), soft_wrap=True)
        console.print(line(change), soft_wrap=True)
        above = change.where


def line(change: Change) -> Text:
    """`~ red_below: 60 → 65`, indented by how deep it stands."""
    sign, style = SIGNS[change.kind]
    text = Text("  " * (len(change.where) - 1)).append(f"{sign} {change.where[-1]}", style=style)
    values = " → ".join(value or "nothing" for value in (change.before, change.after))
    alone = change.after if change.kind == "added" else change.before
    said = values if change.kind == "changed" else alone
    if change.where[-1] == "major":
        said += " (its series begin anew)"
    return text.append(f": {said}") if said else text


def _shared(above: tuple[str, ...], where: tuple[str, ...]) -> int:
    """How many of the headings that `where` stands under are printed already."""
    pairs = zip(above, where[:-1], strict=False)
    return next((depth for depth, (one, other) in enumerate(pairs) if one != other), min(len(above), len(where) - 1))
