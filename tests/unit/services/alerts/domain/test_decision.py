"""Who hears of what, with a reason; and who does not."""

from msgspec.structs import replace

from services.alerts.domain.decision import Decision, Reason, decide
from services.alerts.domain.directory import Addressee, Directory
from services.alerts.domain.episode import Change, change
from services.alerts.domain.letter import Recovered, Red, Worse
from services.alerts.domain.wording.card import Fact
from services.alerts.domain.wording.compose import compose
from shared.events.told.moment import MomentDecided
from shared.programme.model import Receiver
from tests.letters import GREEN_NOW, MOMENT, WORSE_NOW
from tests.unit.services.alerts.programmes import (
    LINKS,
    MAIL,
    MAIL_OF_DELIVERY,
    SLACK,
    SLACK_OF_DELIVERY,
    owner,
    owners,
)

DELIVERY = owners(owner("delivery", SLACK, MAIL))
BOTH = (SLACK_OF_DELIVERY, MAIL_OF_DELIVERY)


def changes(*decided: MomentDecided) -> Change:
    """The last of these, each following the one before."""
    found = change(None, decided[0], "event-0")
    for number, one in enumerate(decided[1:], 1):
        found = change(found.episode, one, f"event-{number}")
    return found


def said(decision: Decision) -> list[tuple[Addressee, str, str, bool]]:
    return [(one.to, type(one.letter).__name__, one.reason.value, one.edit) for one in decision.deliveries]


def decided(change: Change, owners: Directory = DELIVERY, told: tuple[Addressee, ...] = ()) -> Decision:
    return decide(change, owners, told, LINKS)


def test_a_red_goes_to_all_receivers_of_its_owner() -> None:
    found = decided(changes(MOMENT))
    assert found.reason is Reason.BECAME_RED
    assert said(found) == [(one, "Red", "became-red", False) for one in BOTH]
    (letter, _) = (one.letter for one in found.deliveries)
    assert isinstance(letter, Red)
    assert (letter.to, letter.zone, letter.opened_at) == ("Delivery team", "Europe/Berlin", MOMENT.since)
    assert "http://board/journeys/order-to-door" in [link.url for link in letter.links]


def test_a_red_of_the_first_decision_says_so() -> None:
    assert decided(changes(replace(MOMENT, initial=True))).reason is Reason.WAS_RED_ALREADY


def test_yellow_and_green_tell_nobody() -> None:
    for status in ("yellow", "green", "unknown"):
        assert decided(change(None, replace(MOMENT, status=status), "e")) == Decision(Reason.NOT_RED)


def test_worse_is_said_to_who_was_told_and_the_living_message_changes() -> None:
    found = decided(changes(MOMENT, WORSE_NOW), told=BOTH)
    assert said(found) == [
        (SLACK_OF_DELIVERY, "Worse", "got-worse", False),
        (MAIL_OF_DELIVERY, "Worse", "got-worse", False),
        (SLACK_OF_DELIVERY, "Red", "shows-the-latest", True),
    ]
    assert isinstance(found.deliveries[0].letter, Worse)
    assert found.deliveries[0].letter.told == MOMENT


def test_new_figures_change_the_living_message_and_call_nobody() -> None:
    found = decided(changes(MOMENT, replace(MOMENT, decided_at=WORSE_NOW.decided_at)), told=BOTH)
    assert said(found) == [(SLACK_OF_DELIVERY, "Red", "shows-the-latest", True)]


def test_the_end_is_told_to_whoever_was_to_hear_of_the_red_whatever_the_programme_says_now() -> None:
    for now in (DELIVERY, owners(owner("other", Receiver(channel="slack", to="#other"))), owners()):
        found = decided(changes(MOMENT, GREEN_NOW), owners=now, told=BOTH)
        assert said(found) == [
            (SLACK_OF_DELIVERY, "Recovered", "told-of-the-red", False),
            (MAIL_OF_DELIVERY, "Recovered", "told-of-the-red", False),
            (SLACK_OF_DELIVERY, "Recovered", "shows-the-latest", True),
        ]
        assert isinstance(found.deliveries[0].letter, Recovered)
        assert found.deliveries[0].letter.opened == MOMENT


def test_the_living_message_becomes_green_and_calls_nobody() -> None:
    green = replace(GREEN_NOW, status="green", previous="yellow")
    found = decided(changes(MOMENT, GREEN_NOW, green), told=BOTH)
    assert said(found) == [(SLACK_OF_DELIVERY, "Recovered", "shows-the-latest", True)]
    letter = found.deliveries[0].letter
    assert isinstance(letter, Recovered)
    assert (letter.moment, letter.closed_at) == (green, GREEN_NOW.since)
    assert "is green again" in compose(letter).headline
    assert decided(changes(MOMENT, GREEN_NOW, green), told=(MAIL_OF_DELIVERY,)) == Decision(Reason.NOT_RED)


def test_the_end_is_told_of_each_measure_that_turned_red() -> None:
    found = decided(changes(MOMENT, WORSE_NOW, GREEN_NOW), told=BOTH)
    card = compose(found.deliveries[0].letter)
    assert "Satisfaction (CSAT) is 68 %; it was 49 % when it turned red (red below 60 %)." in card.lines


def test_a_new_owner_hears_of_all_of_it_and_the_old_one_of_its_end_only() -> None:
    new = owners(owner("delivery", MAIL), owner("carriers", SLACK), of_arrival="carriers")
    found = decided(changes(MOMENT, WORSE_NOW), owners=new, told=(MAIL_OF_DELIVERY,))
    of_carriers = Addressee("slack", "#delivery", "Carriers team", "Europe/Berlin")
    assert said(found) == [(of_carriers, "Red", "new-owner", False)]


def test_a_living_message_names_who_answers_now() -> None:
    other = Receiver(channel="slack", to="#carriers")
    new = owners(owner("delivery", SLACK), owner("carriers", other), of_arrival="carriers")
    told, edited = decided(changes(MOMENT, MOMENT), owners=new, told=(SLACK_OF_DELIVERY,)).deliveries
    assert (told.to.address, edited.to.address) == ("#carriers", "#delivery")
    for one in (told, edited):
        assert Fact("Owner", "Carriers team") in compose(one.letter).facts


def test_whom_the_map_names_now_comes_before_whom_it_named() -> None:
    found = decided(changes(MOMENT), owners=owners(owner("carriers", SLACK), of_arrival="carriers"))
    assert [one.to.name for one in found.deliveries] == ["Carriers team"]


def test_nobody_to_tell_has_a_reason() -> None:
    assert decided(changes(MOMENT), owners=owners()) == Decision(Reason.OWNER_UNKNOWN)
    assert decided(changes(MOMENT), owners=owners(owner("delivery"))) == Decision(Reason.OWNER_HAS_NO_RECEIVER)


def test_a_place_that_is_named_twice_is_told_once() -> None:
    assert len(decided(changes(MOMENT), owners=owners(owner("delivery", SLACK, SLACK))).deliveries) == 1


def test_every_letter_can_be_written() -> None:
    for change_ in (changes(MOMENT), changes(MOMENT, WORSE_NOW), changes(MOMENT, GREEN_NOW)):
        for one in decided(change_, told=BOTH).deliveries:
            assert compose(one.letter).headline
