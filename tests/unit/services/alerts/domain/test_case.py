"""One customer needs help: who hears of it, and by when somebody should answer."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from services.alerts.domain import letter
from services.alerts.domain.case import decide, reply_by, thread_of
from services.alerts.domain.decision import Decision, Reason
from tests.letters import CASE
from tests.unit.services.alerts.programmes import LINKS, MAIL, SLACK, owner, owners

AT = datetime(2026, 11, 25, 17, 50, tzinfo=UTC)


def test_a_case_goes_to_all_receivers_of_its_owner() -> None:
    found = decide(CASE, AT, owners(owner("care", SLACK, MAIL)), LINKS)
    assert found.reason is Reason.CASE_OPENED
    assert [(one.to.channel, one.reason) for one in found.deliveries] == [
        ("slack", Reason.CASE_OPENED),
        ("email", Reason.CASE_OPENED),
    ]
    said = found.deliveries[0].letter
    assert isinstance(said, letter.Case)
    assert (said.case, said.links[0].url) == (CASE, "http://board/customers/email:ana@example.com")


def test_nobody_to_tell_has_a_reason() -> None:
    assert decide(CASE, AT, owners(), LINKS) == Decision(Reason.OWNER_UNKNOWN)
    assert decide(CASE, AT, owners(owner("care")), LINKS) == Decision(Reason.OWNER_HAS_NO_RECEIVER)


def test_a_plain_time_counts_from_when_the_case_was_opened() -> None:
    plain = replace(CASE, reply_within=4 * 3600, business=False)
    assert reply_by(plain, AT) == AT + timedelta(hours=4)


def test_business_hours_are_not_guessed() -> None:
    assert reply_by(replace(CASE, reply_within=4 * 3600, business=True), AT) is None
    assert reply_by(replace(CASE, reply_within=None), AT) is None


def test_a_case_has_one_thread_for_ever() -> None:
    assert thread_of("a") == thread_of("a") != thread_of("b")
