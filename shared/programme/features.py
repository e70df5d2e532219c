"""What is known of a customer, as signals name it: `attribute.tier`, `count.placed`, `score.nps.last` …"""

from typing import NamedTuple

from shared.programme.faults import nearest

WORDS: dict[str, tuple[str, ...]] = {
    "attribute": ("attribute.<name>",),
    "count": ("count.<action>",),
    "days_since": ("days_since.<action>",),
    "share_of_channel": ("share_of_channel.<channel>",),
    "amount": ("amount.sum", "amount.mean", "amount.max"),
    "score": ("score.<metric>.last", "score.<metric>.mean"),
    "outcome": ("outcome.<kind>",),
    "promise": ("promise.missed",),
    "tenure_days": ("tenure_days",),
}
"""The first word of a feature, and how all of it is written."""


class Feature(NamedTuple):
    """A feature's parts: `score.nps.last` is (score, nps, last), `tenure_days` has neither name nor stat."""

    kind: str
    name: str = ""
    stat: str = ""

    @property
    def numeric(self) -> bool:
        """Attributes may be anything, all else is a number."""
        return self.kind != "attribute"


def feature(text: str) -> Feature:
    """The parts of a feature. Raises ValueError with what was expected."""
    kind, _, rest = text.partition(".")
    forms = WORDS.get(kind)
    if forms is None:
        known = [form for forms in WORDS.values() for form in forms]
        raise ValueError(f"a feature: one of {', '.join(known)}{nearest(text, known)}")
    if kind == "score":
        name, _, stat = rest.rpartition(".")
        found = Feature(kind, name, stat) if name and stat in ("last", "mean") else None
    elif "<" in forms[0]:
        found = Feature(kind, rest) if rest else None
    else:
        found = Feature(kind, "", rest) if text in forms else None
    if found is None:
        raise ValueError(" or ".join(forms))
    return found
