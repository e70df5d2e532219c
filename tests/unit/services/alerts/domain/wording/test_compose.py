"""What each letter says: the news in the headline, the evidence in the facts, nothing false at the edges."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.alerts.domain.letter import Case, Recovered, Red, Trouble, Worse
from services.alerts.domain.wording.card import Card
from services.alerts.domain.wording.compose import compose
from services.alerts.domain.wording.text import clean, one_line
from shared.events.told.moment import Figure, Status
from tests.letters import (
    CASE,
    CSAT,
    GREEN_NOW,
    HELD,
    HELD_OVER,
    LETTERS,
    MOMENT,
    OPENED,
    PROMISE,
    SPELL,
    WHO,
    WORSE_NOW,
)


def said(card: Card) -> str:
    """All of it in one text."""
    facts = (f"{fact.name}: {fact.value}" for fact in card.facts)
    return "\n".join((card.headline, *card.lines, *facts, card.verbatim or "", card.foot))


def test_a_red_says_all_that_its_owner_needs() -> None:
    text = said(compose(LETTERS["red"]))
    for needed in (
        "The parcel arrives is red",
        "Journey: From order to door",
        "For: customers",
        "Owner: Delivery team",
        "Red since: Wed 25 Nov 2026, 14:05 (Europe/Berlin)",
        "78.4 % (95 % interval 74.2–82.1 %), n = 412",
        "red below 85 %",
        "The 24 h before: 93.1 % (n = 1,398)",
        "Persona that moved most: planner: 61 % (n = 140), before 92 % (n = 151)",
        "Channel that moved most: courier: 76.2 % (n = 380), before 93 % (n = 1,300)",
    ):
        assert needed in text
    assert [link.says for link in compose(LETTERS["red"]).links] == ["The journey", "This red spell"]


@pytest.mark.parametrize(("whose", "says"), [("employee", "employees"), ("partner", "partners"), ("robot", "robot")])
def test_it_says_whose_journey_it_is(whose: str, says: str) -> None:
    card = compose(Red(**WHO, opened_at=OPENED, moment=replace(MOMENT, perspective=whose)))
    assert f"For: {says}" in said(card)


def test_the_subject_of_an_episode_never_changes() -> None:
    kinds = ("red", "worse", "recovered", "removed")
    assert len({compose(LETTERS[kind]).subject for kind in kinds}) == 1


def test_worse_compares_with_what_was_told_last() -> None:
    card = compose(LETTERS["worse"])
    assert "Now also red: Satisfaction (CSAT) is 49 %" in card.lines[0]
    assert "61 % in the last 24 h; it was 78.4 % when you were told" in card.lines[1]
    assert len(card.lines) == 2, "what has not changed is not told again"


def test_worse_opens_with_what_is_newly_red_and_shows_its_figures() -> None:
    better = replace(PROMISE, figure=Figure(value=84.1, low=80.0, high=87.5, n=398), previous="red")
    card = compose(
        Worse(**WHO, opened_at=OPENED, moment=replace(WORSE_NOW, measures=(better, WORSE_NOW.measures[1])), told=MOMENT)
    )
    assert card.lines[0].startswith("Now also red: Satisfaction (CSAT) is 49 % in the last 7 days (n = 131)")
    assert any(fact.name == "Satisfaction (CSAT), last 7 days" for fact in card.facts)


def test_a_measure_that_is_no_longer_red_is_not_called_so() -> None:
    told = replace(MOMENT, measures=(PROMISE, replace(CSAT, status="red")))
    card = compose(Worse(**WHO, opened_at=OPENED, moment=replace(WORSE_NOW, measures=(PROMISE, CSAT)), told=told))
    assert "Satisfaction" not in said(card)


def test_a_recovery_says_how_long_it_was_red_and_what_it_is_now() -> None:
    card = compose(LETTERS["recovered"])
    assert card.lines[0] == "It was red for 5 h 12 min."
    assert card.lines[1].startswith("Promise kept is 91.2 %; it was 78.4 % when it turned red")
    assert "Red until: Wed 25 Nov 2026, 19:17 (Europe/Berlin)" in said(card)


@pytest.mark.parametrize(
    ("status", "removed", "headline", "sign"),
    [
        ("green", False, "is green again", "green"),
        ("yellow", False, "is red no more, it is yellow", "yellow"),
        ("unknown", False, "too little has come to judge it", "unknown"),
        ("unknown", True, "is on the map no more", "unknown"),
    ],
)
def test_a_recovery_claims_no_more_than_is_known(status: Status, removed: bool, headline: str, sign: str) -> None:
    moment = replace(GREEN_NOW, status=status, removed=removed)
    card = compose(Recovered(**WHO, opened_at=OPENED, closed_at=OPENED, moment=moment, **SPELL))
    assert headline in card.headline
    assert card.sign == sign


def test_a_new_version_of_the_map_is_no_removal() -> None:
    card = compose(LETTERS["remapped"])
    assert card.headline == "The parcel arrives is judged anew: its map has a new version"
    assert "no more" not in said(card)
    assert card.lines[1] == "Promise kept was 78.4 % when it turned red; by the new map all is counted anew."


def test_a_measure_that_went_from_the_map_is_not_told_as_recovered() -> None:
    moment = replace(GREEN_NOW, measures=(CSAT,), deciding=0)
    card = compose(Recovered(**WHO, opened_at=OPENED, closed_at=OPENED, moment=moment, **SPELL))
    assert "it is measured here no more" in card.lines[1]


def test_first_looks_and_gaps_are_admitted() -> None:
    lines = compose(LETTERS["red-first-look"]).lines
    assert any("may have been red for longer" in line for line in lines)
    assert any("may be incomplete" in line for line in lines)


def test_nothing_is_made_up_where_figures_are_missing() -> None:
    bare = replace(PROMISE, figure=Figure(), before=None, persona=None, channel=None, short=None, short_window=None)
    for moment in (replace(MOMENT, measures=(bare,)), replace(MOMENT, measures=(), deciding=None)):
        for letter in (
            Red(**WHO, opened_at=OPENED, moment=moment),
            Worse(**WHO, opened_at=OPENED, moment=moment, told=moment),
            Recovered(**WHO, opened_at=OPENED, closed_at=OPENED, moment=moment, opened=moment, turned=moment.measures),
        ):
            assert "None" not in said(compose(letter))


def test_a_case_says_who_what_how_and_until_when() -> None:
    card = compose(LETTERS["case-answer"])
    text = said(card)
    for needed in (
        "Very unhappy: email:ana@example.com needs an answer",
        "Answered 2 on a scale from 0 to 10 (NPS) on Wed 25 Nov 2026, 14:05 (Europe/Berlin).",
        "Reply within 8 business hours, by Thu 26 Nov 2026, 09:05 (Europe/Berlin).",
        "Persona: planner",
        "Treatment: Say early, keep the date",
        "Do: proactive-delay-notice",
        "Avoid: upsell-before-delivery",
        "Which one: order-4711",
    ):
        assert needed in text
    assert card.verbatim is not None
    assert card.verbatim.startswith("Third time this month & nobody <told> me.\n")
    assert "ana@" not in card.subject, "subjects are shown on locked screens"


def test_a_broken_promise_is_no_answer() -> None:
    card = compose(LETTERS["case-promise"])
    assert card.lines[0].startswith(
        "Our promise “On the promised day”, due Wed 25 Nov 2026, 11:05 (Europe/Berlin), has"
    )
    assert card.verbatim is None


@pytest.mark.parametrize(("business", "says"), [(True, "90 business minutes"), (False, "1 h 30 min")])
def test_the_time_to_reply_is_told_as_it_was_written(business: bool, says: str) -> None:
    card = compose(Case(**WHO, case=replace(CASE, reply_within=5_400, business=business)))
    assert card.lines[1] == f"Reply within {says}."


def test_a_trouble_that_is_over_says_how_long_it_lasted() -> None:
    begun, over = compose(LETTERS["trouble"]), compose(LETTERS["trouble-over"])
    assert begun.subject == over.subject
    assert "It lasted 47 min." in over.lines
    assert compose(Trouble(**WHO, trouble=HELD_OVER, over_at=OPENED + timedelta(0))).sign == "over"


def test_a_trouble_does_not_contradict_itself() -> None:
    begun, over, gone = (said(compose(LETTERS[name])) for name in ("trouble", "trouble-over", "trouble-off-the-map"))
    assert "Nothing can be decided" not in begun
    assert HELD.says in begun
    assert HELD.says not in over
    assert "A silent touchpoint was taken off the map: The parcel arrives" in gone
    assert "heard again" not in gone


def test_texts_from_outside_cannot_break_a_line_or_turn_the_reading() -> None:
    evil = "a\r\nBcc: x\u202e\u2066\x00\x1b[31m\u2028b\tc"
    assert clean(evil) == "a\nBcc: x[31mb c"
    assert one_line(evil) == "a Bcc: x[31mb c"
    card = compose(Red(**WHO, opened_at=OPENED, moment=replace(MOMENT, touchpoint_name=evil, journey_name=evil)))
    assert "\n" not in card.headline + card.subject
