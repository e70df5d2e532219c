"""What becomes of a delivery by what its channel says."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.alerts.adapters.claimed import Claimed, Result
from services.alerts.channels.channel import MessageRefused, NotSent, Refused, Sent, TryLater, Unclear
from services.alerts.domain.patience import Patience
from services.alerts.entrypoints import outcome
from tests.letters import EPISODE, LETTERS, OPENED
from tests.unit.services.alerts.programmes import SLACK_OF_DELIVERY

SENDING = Claimed(
    id=UUID(int=1),
    conversation=UUID(int=2),
    thread=EPISODE,
    to=SLACK_OF_DELIVERY,
    root=None,
    letter=LETTERS["red"],
    edit=False,
    find=False,
    left=False,
    tries=3,
    lost=0,
    refused=False,
    tried_at=OPENED,
    caused_at=OPENED,
    fence=7,
    lease_until=OPENED + timedelta(seconds=30),
)
LOOKING = replace(SENDING, find=True)
MINUTE = timedelta(minutes=1)
NOW = OPENED + MINUTE


def failed(claimed: Claimed, fault: NotSent, after: timedelta = MINUTE) -> Result:
    return outcome.failed(claimed, fault, OPENED + after, patience=Patience(timedelta(hours=24)), chance=0.5)


@pytest.mark.parametrize(
    ("claimed", "fault", "state", "word", "again"),
    [
        (SENDING, TryLater("away"), "queued", "later", timedelta(seconds=4)),
        (SENDING, TryLater("429", timedelta(seconds=30)), "queued", "later", timedelta(seconds=30)),
        (SENDING, TryLater("429", timedelta(0)), "queued", "later", timedelta(seconds=4)),
        (SENDING, Unclear("lost"), "unclear", "unclear", timedelta(seconds=5)),
        (LOOKING, TryLater("away"), "unclear", "later", timedelta(seconds=4)),
        (LOOKING, Unclear("lost"), "unclear", "unclear", timedelta(seconds=5)),
        (LOOKING, Refused("missing_scope"), "queued", "not-to-be-seen", timedelta(0)),
        (replace(LOOKING, lost=1), Refused("missing_scope"), "queued", "not-to-be-seen", timedelta(0)),
        (replace(LOOKING, lost=2), Refused("missing_scope"), "queued", "not-to-be-seen", timedelta(minutes=15)),
        (replace(LOOKING, lost=3), Refused("missing_scope"), "queued", "not-to-be-seen", timedelta(hours=2)),
        (SENDING, outcome.fault(KeyError("ours")), "unclear", "fault", timedelta(seconds=5)),
        (SENDING, outcome.broken_off(), "unclear", "unclear", timedelta(seconds=5)),
    ],
)
def test_it_goes_on(claimed: Claimed, fault: NotSent, state: str, word: str, again: timedelta) -> None:
    found = failed(claimed, fault)
    assert (found.state, found.outcome, found.again_at) == (state, word, NOW + again)
    assert (found.answer, found.broken) == (fault.reason, False)
    assert found.pause == getattr(fault, "retry_after", None)


def test_what_nobody_can_look_for_is_sent_four_times_and_no_more() -> None:
    found = failed(replace(LOOKING, lost=4), Refused("Add the scope channels:history."))
    assert (found.state, found.outcome, found.broken) == ("failed", "given-up", True)
    assert found.answer is not None
    assert "may be there or not" in found.answer
    assert found.answer.endswith("Add the scope channels:history.")


def test_who_refuses_is_broken_and_asked_again_a_quarter_of_an_hour_later() -> None:
    found = failed(SENDING, Refused("no such channel"))
    assert (found.state, found.outcome, found.broken) == ("queued", "refused", True)
    assert found.again_at == NOW + timedelta(minutes=15)


def test_a_message_that_is_not_liked_for_its_own_sake_breaks_its_receiver_once() -> None:
    assert failed(SENDING, MessageRefused("the text is not liked")).broken, "nobody knows yet that others are"
    again = replace(SENDING, refused=True)
    found = failed(again, MessageRefused("the text is not liked"))
    assert (found.state, found.outcome, found.broken) == ("queued", "refused", False)
    over = failed(replace(again, letter=LETTERS["case-answer"]), MessageRefused("nor now"), after=timedelta(hours=25))
    assert (over.state, over.outcome, over.broken) == ("failed", "given-up", False)


def test_a_receiver_that_refuses_whatever_it_is_sent_is_broken_each_time() -> None:
    again = replace(SENDING, refused=True)
    assert failed(again, Refused("no such channel")).broken
    assert failed(replace(again, letter=LETTERS["case-answer"]), Refused("no"), after=timedelta(hours=25)).broken


def test_a_message_that_cannot_be_changed_breaks_nobody() -> None:
    found = failed(replace(SENDING, edit=True), Refused("it was deleted"))
    assert (found.state, found.broken) == ("failed", False)


@pytest.mark.parametrize("kind", ["recovered", "case-answer", "trouble-over"])
@pytest.mark.parametrize("claimed", [SENDING, LOOKING])
@pytest.mark.parametrize("fault", [TryLater("away"), Unclear("lost")])
def test_it_is_given_up_after_a_day_with_the_last_reason(claimed: Claimed, fault: NotSent, kind: str) -> None:
    found = failed(replace(claimed, letter=LETTERS[kind]), fault, after=timedelta(hours=24))
    assert (found.state, found.outcome, found.answer) == ("failed", "given-up", fault.reason)
    assert found.broken, "nothing has arrived there for a day"


@pytest.mark.parametrize("kind", ["red", "worse", "trouble"])
@pytest.mark.parametrize("fault", [TryLater("away"), Unclear("lost"), Refused("no such channel")])
def test_what_lasts_is_tried_hourly_after_a_day(fault: NotSent, kind: str) -> None:
    found = failed(replace(SENDING, letter=LETTERS[kind]), fault, after=timedelta(hours=24))
    assert (found.state, found.broken) == ("unclear" if isinstance(fault, Unclear) else "queued", True)
    assert found.again_at == OPENED + timedelta(hours=25)


def test_what_arrived_has_its_reference_and_what_is_absent_goes_on_at_once() -> None:
    sent = outcome.arrived(Sent(reference="C1/2", note="shortened"))
    assert (sent.state, sent.reference, sent.answer) == ("delivered", "C1/2", "shortened")
    absent = outcome.absent(NOW)
    assert (absent.state, absent.again_at) == ("queued", NOW)
