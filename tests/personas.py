"""A shop's personas, as values and, for whoever decides them a second time, as plain words."""

from typing import Any

import msgspec

from shared.programme.model import CaseRule, Delay, Persona, PromiseMissed, ScoreIs
from tests.programmes import RETAIL

WRITTEN: list[dict[str, Any]] = [
    {
        "persona": "planner",
        "name": "The planner",
        "priority": 1,
        "treatment": {"strategy": "Say early, keep the date", "do": ["early-notice"], "avoid": ["upsell"]},
        "signals": [
            {"condition": {"feature": "share_of_channel.web", "at_least": 0.6}, "weight": 2},
            {"condition": {"feature": "tenure_days", "from": 0.2, "to": 2}, "weight": 3},
        ],
        "must_not": [{"feature": "score.nps.last", "at_most": 2}],
    },
    {
        "persona": "regular",
        "name": "The regular",
        "priority": 2,
        "treatment": {"strategy": "Know them"},
        "signals": [
            {"condition": {"feature": "count.placed", "at_least": 2}, "weight": 2},
            {"condition": {"feature": "days_since.delivered", "from": 2, "to": 0.5}, "weight": 1},
            {"condition": {"feature": "score.csat.mean", "at_least": 3, "at_most": 5}, "weight": 1},
        ],
        "must": [{"feature": "promise.missed", "at_most": 1}],
    },
    {
        "persona": "let-down",
        "name": "Let down",
        "priority": 2,
        "signals": [
            {"condition": {"feature": "promise.missed", "from": 0, "to": 2}, "weight": 2},
            {"condition": {"feature": "score.nps.mean", "at_most": 6}, "weight": 1},
            {"condition": {"feature": "count.chatted", "at_least": 1}, "weight": 1},
        ],
    },
    {"persona": "everyday", "name": "Everyday", "priority": 4, "default": True, "treatment": {"strategy": "Simply"}},
]

PERSONAS = msgspec.convert(WRITTEN, tuple[Persona, ...])
CASES = (
    CaseRule(
        name="would warn others",
        when=ScoreIs(metric="nps", comparison="<=", value=3),
        owner="care",
        reply_within=Delay(seconds=28_800, business=True),
    ),
    CaseRule(
        name="very unhappy with a delivery",
        when=ScoreIs(metric="csat", comparison="<", value=2),
        owner="delivery",
        journey="order-to-door",
        touchpoint="parcel-arrives",
        fresh=86_400,
    ),
    CaseRule(name="still waiting", when=PromiseMissed(), owner="care", journey="order-to-door", fresh=86_400),
)
SORTED = msgspec.structs.replace(RETAIL, personas=PERSONAS, cases=CASES)
"""RETAIL whose customers are told apart, and whose worst moments open cases."""
