"""Which touchpoint an event reaches. A slow, obvious reading of the rules must agree with the compiled one."""

from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from shared.events.model import Feedback, Interaction
from shared.programme.match import Matched, Matcher
from shared.programme.model import Journey, Programme, Rule, Scalar, Stage, Touchpoint


def touchpoint(name: str, rule: Mapping[str, tuple[Scalar, ...]] | None = None) -> Touchpoint:
    return Touchpoint(touchpoint=name, name=name, match=None if rule is None else tuple(rule.items()))


def journey(name: str, *touchpoints: Touchpoint, major: int = 1) -> Journey:
    half = len(touchpoints) // 2
    stages = (
        Stage(stage="first", name="First", touchpoints=touchpoints[:half]),
        Stage(stage="second", name="Second", touchpoints=touchpoints[half:]),
    )
    return Journey(journey=name, name=name, stages=stages, major=major)


def matcher(*journeys: Journey) -> Matcher:
    return Matcher(Programme(name="p", timezone="UTC", journeys=journeys))


DELIVERED = {"type": ("voc.interaction",), "action": ("delivered", "picked-up")}
SHOP = journey(
    "shop",
    touchpoint("door", DELIVERED),
    touchpoint("desk", {"type": ("voc.interaction",), "action": ("returned",), "channel": ("store",)}),
    touchpoint("page", {"attributes.page": ("product",)}),
    touchpoint("told"),
    major=3,
)
HELP = journey("help", touchpoint("desk", {"type": ("voc.interaction",)}), touchpoint("told"))
COMPILED = matcher(SHOP, HELP)


def test_a_rule_holds_where_all_its_fields_do() -> None:
    assert COMPILED.match("voc.interaction", {"action": "picked-up"}) == Matched("shop", 3, "door")
    assert COMPILED.match("voc.interaction", {"action": "returned", "channel": "store"}) == Matched("shop", 3, "desk")
    assert COMPILED.match("voc.interaction", {"action": "returned", "channel": "web"}) == Matched("help", 1, "desk")
    assert COMPILED.match("voc.outcome", {"action": "delivered"}) is None


def test_with_a_journey_only_that_one_is_looked_at() -> None:
    assert COMPILED.match("voc.interaction", {"action": "delivered"}, "help") == Matched("help", 1, "desk")
    assert COMPILED.match("voc.interaction", {"action": "delivered"}, "nowhere") is None


def test_a_named_touchpoint_wins() -> None:
    assert COMPILED.match("voc.feedback", {}, None, "told") == Matched("shop", 3, "told")
    assert COMPILED.match("voc.feedback", {}, "help", "told") == Matched("help", 1, "told")
    assert COMPILED.match("voc.interaction", {"action": "delivered"}, None, "desk") == Matched("shop", 3, "desk")


def test_a_named_touchpoint_that_is_on_no_map_is_no_answer_but_a_rule_may_be() -> None:
    assert COMPILED.match("voc.feedback", {}, None, "cellar") is None
    assert COMPILED.match("voc.interaction", {"action": "delivered"}, "shop", "cellar") == Matched("shop", 3, "door")


def test_fields_inside_a_field() -> None:
    assert COMPILED.match("voc.outcome", {"attributes": {"page": "product"}}) == Matched("shop", 3, "page")
    assert COMPILED.match("voc.outcome", {"attributes": "product"}) is None


def test_typed_data_and_fields_that_no_type_knows() -> None:
    rules = matcher(journey("j", touchpoint("vip", {"lane": ("fast",)}), touchpoint("by-act", {"action": ("ask",)})))
    raw = b'{"type":"voc.feedback","data":{"lane":"fast"}}'
    assert rules.match("voc.feedback", Feedback(), raw=raw) == Matched("j", 1, "vip")
    assert rules.match("voc.feedback", Feedback(), raw=b'{"data":{"action":"ask"}}') == Matched("j", 1, "by-act")
    assert rules.match("voc.interaction", Interaction(action="ask"), raw=b"{}") == Matched("j", 1, "by-act")


def test_true_is_not_one() -> None:
    rules = matcher(journey("j", touchpoint("one", {"n": (1,)}), touchpoint("yes", {"n": (True,)})))
    assert rules.match("voc.interaction", {"n": True}) == Matched("j", 1, "yes")
    assert rules.match("voc.interaction", {"n": 1.0}) == Matched("j", 1, "one")
    assert rules.match("voc.interaction", {"n": [1]}) is None


WORDS = st.sampled_from(["a", "b", "c"])
RULES = st.dictionaries(
    st.sampled_from(["type", "action", "channel", "x.y"]),
    st.lists(WORDS, min_size=1, max_size=2).map(tuple),
    min_size=1,
)
MAPS = st.lists(st.lists(st.none() | RULES, max_size=4), max_size=3)
DATA = st.fixed_dictionaries(
    {}, optional={"action": WORDS | st.integers(), "channel": WORDS, "x": st.fixed_dictionaries({"y": WORDS}) | WORDS}
)


@given(
    MAPS,
    st.sampled_from(["a", "b", "z"]),
    DATA,
    st.none() | st.sampled_from(["j0", "j1", "j9"]),
    st.none() | st.just("t1"),
)
def test_the_compiled_reading_is_the_obvious_one(
    maps: list[list[dict[str, tuple[Scalar, ...]] | None]],
    kind: str,
    data: dict[str, Any],
    named: str | None,
    at: str | None,
) -> None:
    journeys = [
        journey(f"j{place}", *(touchpoint(f"t{number}", rule) for number, rule in enumerate(rules)))
        for place, rules in enumerate(maps)
    ]
    assert matcher(*journeys).match(kind, data, named, at) == _obvious(journeys, kind, data, named, at)


@given(MAPS, st.sampled_from(["a", "b", "z"]), DATA, DATA, st.none() | WORDS, st.none() | st.just("t1"))
def test_names_alone_decide_where_they_are_said_to(
    maps: list[list[dict[str, tuple[Scalar, ...]] | None]],
    kind: str,
    data: dict[str, Any],
    other: dict[str, Any],
    action: str | None,
    at: str | None,
) -> None:
    compiled = matcher(
        *(
            journey(f"j{place}", *(touchpoint(f"t{number}", rule) for number, rule in enumerate(rules)))
            for place, rules in enumerate(maps)
        )
    )
    if compiled.by_names_alone(kind, action, None, at):
        named = {} if action is None else {"action": action}
        found = [compiled.match(kind, {**either, **named}, None, at) for either in (data, other)]
        assert found[0] == found[1]


def test_names_alone_decide_where_no_rule_before_asks_for_more() -> None:
    alone = [touchpoint("a", {"action": ("x",)}), touchpoint("b", {"channel": ("web",)})]
    assert matcher(journey("j", *alone)).by_names_alone("voc.interaction", "x", None, None)
    assert not matcher(journey("j", *reversed(alone))).by_names_alone("voc.interaction", "x", None, None)


def _obvious(
    journeys: list[Journey], kind: str, data: dict[str, Any], named: str | None, at: str | None
) -> Matched | None:
    looked_at = [journey for journey in journeys if named in (None, journey.journey)]
    steps = [(journey, step) for journey in looked_at for step in journey.touchpoints]
    by_name = [(journey, step) for journey, step in steps if step.touchpoint == at]
    by_rule = [(journey, step) for journey, step in steps if step.match and _holds(step.match, {"type": kind} | data)]
    for found, step in by_name + by_rule:
        return Matched(found.journey, found.major, step.touchpoint)
    return None


def _holds(rule: Rule, event: dict[str, Any]) -> bool:
    return all(_at(event, field) in allowed for field, allowed in rule)


def _at(event: Any, field: str) -> Any:
    for name in field.split("."):
        event = event.get(name) if isinstance(event, dict) else None
    return event


def test_what_is_matched_is_made_once() -> None:
    first, second = (COMPILED.match("voc.interaction", {"action": "delivered"}) for _ in range(2))
    assert first is second
    assert msgspec.json.encode(first) == b'["shop",3,"door"]'
