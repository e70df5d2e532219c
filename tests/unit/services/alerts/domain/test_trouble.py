"""The programme's own troubles: its admin hears of them, and nobody hears of a receiver there where nothing arrives."""

from datetime import timedelta

from msgspec.structs import replace

from services.alerts.domain import letter
from services.alerts.domain.decision import Decision, Reason
from services.alerts.domain.trouble import begun, broken_receiver, decide, mended, over
from tests.letters import HELD, OPENED
from tests.unit.services.alerts.programmes import (
    MAIL,
    MAIL_OF_DELIVERY,
    SLACK,
    SLACK_OF_DELIVERY,
    owner,
    owners,
)

ADMIN = owners(owner("operations", SLACK, MAIL), admin="operations")


def test_the_admin_hears_of_its_beginning() -> None:
    found = decide(begun(HELD, "e"), ADMIN, ())
    assert (found.reason, len(found.deliveries)) == (Reason.TROUBLE_BEGAN, 2)


def test_without_an_admin_nobody_does() -> None:
    assert decide(begun(HELD, "e"), owners(), ()) == Decision(Reason.NO_ADMIN)
    silent = owners(owner("operations"), admin="operations")
    assert decide(begun(HELD, "e"), silent, ()) == Decision(Reason.OWNER_HAS_NO_RECEIVER)


def test_its_end_goes_to_who_was_to_hear_of_it_also_without_an_admin() -> None:
    spell = over(begun(HELD, "e"), replace(HELD, over=True), OPENED + timedelta(hours=1))
    found = decide(spell, owners(), (SLACK_OF_DELIVERY,))
    (one,) = found.deliveries
    assert (one.to, one.reason) == (SLACK_OF_DELIVERY, Reason.TROUBLE_OVER)
    assert isinstance(one.letter, letter.Trouble)
    assert (one.letter.trouble.over, one.letter.over_at) == (True, OPENED + timedelta(hours=1))


def test_one_that_comes_again_is_another_spell() -> None:
    assert begun(HELD, "e").id == begun(HELD, "e").id != begun(HELD, "later").id


def test_a_broken_receiver_is_told_of_elsewhere_with_what_to_do() -> None:
    spell = broken_receiver(SLACK_OF_DELIVERY, "Invite the app.", OPENED)
    found = decide(spell, ADMIN, (), but=SLACK_OF_DELIVERY)
    assert [one.to.place for one in found.deliveries] == [MAIL_OF_DELIVERY.place]
    assert "Invite the app." in spell.trouble.says
    alone = owners(owner("operations", SLACK), admin="operations")
    assert decide(spell, alone, (), but=SLACK_OF_DELIVERY) == Decision(Reason.OWNER_HAS_NO_RECEIVER)


def test_a_receiver_that_is_mended_is_not_said_to_refuse() -> None:
    spell = mended(broken_receiver(SLACK_OF_DELIVERY, "Invite the app.", OPENED), OPENED + timedelta(hours=1))
    assert (spell.trouble.over, spell.trouble.says) == (True, "A message has arrived by slack #delivery.")
