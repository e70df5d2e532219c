"""Slack or the mail server is away for ten minutes of the test's clock, in every way that the stand-ins know."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.alerts.channels.channel import Channel, MessageRefused, Outgoing, Sent
from shared.programme.model import Owner, Programme, Receiver
from tests.integration.services.alerts.desk import Desk
from tests.letters import CASE, GREEN_NOW, MOMENT, WORSE_NOW

MINUTES = timedelta(minutes=1)
SLACK = Receiver(channel="slack", to="#delivery")
MAIL = Receiver(channel="email", to="delivery@example.com")

SLACKS_WAYS: dict[str, dict[str, Any]] = {
    "away": {"answer": "away"},
    "wholly away": {"answer": "away", "method": None},
    "429": {"answer": "429", "retry_after": 30},
    "wholly 429": {"answer": "429", "retry_after": 30, "method": None},
    "500": {"answer": "500"},
    "500 and kept": {"answer": "500", "kept": True},
    "wholly 500 and kept": {"answer": "500", "kept": True, "method": None},
    "half an answer": {"answer": "half"},
    "half an answer and kept": {"answer": "half", "kept": True},
    "slow": {"answer": "slow", "seconds": 3},
    "slow and kept": {"answer": "slow", "seconds": 3, "kept": True},
    "an error of its own": {"answer": "error", "error": "internal_error"},
}
MAILS_WAYS: dict[str, dict[str, Any]] = {
    "no connection": {"step": "connect", "reply": None},
    "busy": {"step": "connect", "reply": "421 4.3.2 busy"},
    "greylisted": {"step": "rcpt", "reply": "450 4.2.0 come again"},
    "cut before the mail": {"step": "rcpt", "reply": None},
    "mail not taken": {"step": "data", "reply": "451 4.3.0 try again later"},
    "cut in the mail": {"step": "data", "reply": None},
}


def told_by(*receivers: Receiver) -> Programme:
    owners = tuple(
        Owner(owner=name, name=f"{name.title()} team", timezone="UTC", notify=receivers)
        for name in ("delivery", "care")
    )
    return Programme(name="Retail", timezone="UTC", owners=owners)


@pytest.mark.parametrize("way", SLACKS_WAYS)
async def test_slack_is_told_once_when_it_is_back(at_desk: Desk, way: str) -> None:
    await at_desk.apply(told_by(SLACK))
    at_desk.inbox.tell("slack", **SLACKS_WAYS[way])
    at_desk.break_off_after(timedelta(seconds=0.4))  # for those that are slow
    await at_desk.tell(MOMENT, CASE)
    await at_desk.work(10 * MINUTES)
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    at_desk.inbox.tell("pace", on=False)
    await at_desk.work(2 * MINUTES)  # the longest wait is a minute and a fifth
    assert len(at_desk.received()) == 2, at_desk.received()
    assert {state for _, state in await at_desk.states()} == {"delivered"}
    tries = (await at_desk.rows("select max(tries) as most from alerts.deliveries"))[0]["most"]
    assert tries <= 40, "it was pestered"


@pytest.mark.parametrize("way", MAILS_WAYS)
async def test_a_mail_server_is_handed_it_once_when_it_is_back(at_desk: Desk, way: str) -> None:
    await at_desk.apply(told_by(MAIL))
    at_desk.inbox.tell("smtp", **MAILS_WAYS[way])
    await at_desk.tell(MOMENT, CASE)
    await at_desk.work(10 * MINUTES)
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    await at_desk.work(10 * MINUTES)  # of what may have arrived it waits a quarter of an hour
    assert len(at_desk.received()) == 2, at_desk.received()
    assert {state for _, state in await at_desk.states()} == {"delivered"}


async def test_a_mail_whose_last_word_was_lost_goes_again_under_the_same_id(at_desk: Desk) -> None:
    await at_desk.apply(told_by(MAIL))
    at_desk.inbox.tell("smtp", step="after-data", times=1)
    await at_desk.tell(MOMENT)
    await at_desk.work(MINUTES)
    (row,) = await at_desk.rows("select id, tries from alerts.deliveries")
    assert row["tries"] == 3  # sent, looked for in vain, sent again
    ids = [dict(one["headers"])["Message-ID"] for one in at_desk.inbox.view()["mails"]]
    assert ids == [f"<{row['id']}@example.com>"] * 2


async def test_a_mail_whose_last_word_is_lost_each_time_goes_four_times_and_the_admin_hears_of_it(
    at_desk: Desk,
) -> None:
    operations = Owner(owner="operations", name="Operations", timezone="UTC", notify=(SLACK,))
    told = told_by(MAIL)
    await at_desk.apply(replace(told, owners=(*told.owners, operations), admin="operations"))
    at_desk.inbox.tell("smtp", step="after-data")
    await at_desk.tell(MOMENT)
    for minutes, mails in ((5, 2), (15, 3), (180, 4), (180, 4)):
        await at_desk.work(minutes * MINUTES)
        assert len(at_desk.received("email")) == mails
    assert await at_desk.states("email") == [("red", "failed")]
    (admins,) = at_desk.received("slack")
    assert "last word was lost" in admins["text"]


@pytest.mark.parametrize("way", ["away", "wholly 429", "500", "half an answer"])
async def test_a_red_that_is_over_before_slack_is_back_is_told_with_its_end(at_desk: Desk, way: str) -> None:
    await at_desk.apply(told_by(SLACK))
    at_desk.inbox.tell("slack", **SLACKS_WAYS[way])
    await at_desk.tell(MOMENT)
    await at_desk.work(3 * MINUTES)
    await at_desk.tell(WORSE_NOW)
    await at_desk.work(3 * MINUTES)
    await at_desk.tell(GREEN_NOW)
    await at_desk.work(4 * MINUTES)
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    await at_desk.work(2 * MINUTES)
    (one,) = at_desk.received()
    assert "is red no more" in one["text"]
    assert await at_desk.states() == [("red", "overtaken"), ("red", "overtaken"), ("recovered", "delivered")]


async def test_a_red_that_got_there_and_whose_answer_was_lost_has_its_recovery_in_its_thread(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    at_desk.inbox.tell("slack", **SLACKS_WAYS["half an answer and kept"], times=1)
    await at_desk.tell(MOMENT)
    await at_desk.turn()
    await at_desk.tell(GREEN_NOW)
    await at_desk.work(MINUTES)
    red, recovery = at_desk.received()
    assert red["thread"] == recovery["thread"]
    assert await at_desk.states() == [("red", "delivered"), ("recovered", "delivered")]


async def test_a_red_is_tried_for_as_long_as_it_lasts_and_anything_else_is_given_up(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    at_desk.inbox.tell("slack", answer="away", method=None)
    await at_desk.tell(MOMENT, CASE)
    await at_desk.work(timedelta(hours=3))  # the desk's patience is two
    assert await at_desk.states() == [("red", "unclear"), ("case", "failed")]
    rows = await at_desk.rows("select answer from alerts.deliveries")
    assert all("Slack cannot be reached" in row["answer"] or "lost" in row["answer"] for row in rows)
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    await at_desk.work(timedelta(hours=1))
    (red,) = at_desk.received()
    assert "is red" in red["text"]


async def test_a_red_that_was_refused_is_told_when_the_receiver_is_mended(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    at_desk.inbox.tell("slack", answer="error", error="not_in_channel")
    await at_desk.tell(MOMENT, replace(MOMENT, touchpoint="another"))
    await at_desk.work(2 * MINUTES)
    (row,) = await at_desk.rows("select max(tries) as most, min(answer) as answer from alerts.deliveries")
    assert row["most"] == 1, "it was pestered"
    assert "/invite" in row["answer"]
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    at_desk.inbox.tell("pace", on=False)
    await at_desk.work(15 * MINUTES)
    assert await at_desk.states() == [("red", "delivered")] * 2
    assert len(at_desk.received()) == 2


async def test_what_waits_for_a_broken_receiver_goes_as_soon_as_anything_arrives_there(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    at_desk.inbox.tell("slack", answer="error", error="not_in_channel")
    await at_desk.tell(MOMENT, replace(MOMENT, touchpoint="another"))
    await at_desk.work(2 * MINUTES)
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    at_desk.inbox.tell("pace", on=False)
    await at_desk.tell(CASE)
    await at_desk.work(timedelta(seconds=3))
    assert len(at_desk.received()) == 3


async def test_a_message_that_can_be_changed_mends_nobody_who_takes_no_new_one(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    await at_desk.tell(MOMENT)
    await at_desk.work()
    at_desk.inbox.tell("slack", answer="error", error="restricted_action")
    await at_desk.tell(CASE)
    await at_desk.work(MINUTES)
    await at_desk.tell(replace(WORSE_NOW, measures=WORSE_NOW.measures[:1]))
    await at_desk.work(MINUTES)
    edits = await at_desk.rows("select state from alerts.deliveries where edit")
    assert "delivered" in {row["state"] for row in edits}
    assert await at_desk.rows("select from alerts.broken_receivers")


class Choosy:
    """The real channel, behind one who does not like what is said of one moment of truth."""

    living = True
    pace: timedelta | None = None

    def __init__(self, real: Channel, disliked: str) -> None:
        self._real = real
        self._disliked = disliked
        self.within = real.within

    async def send(self, delivery: Outgoing) -> Sent:
        if self._disliked in repr(delivery.letter):
            raise MessageRefused("The text is not liked.")
        return await self._real.send(delivery)

    async def find(self, delivery: Outgoing) -> Sent | None:
        return await self._real.find(delivery)


async def test_a_message_that_is_refused_among_good_ones_breaks_its_receiver_once(at_desk: Desk) -> None:
    admin = Owner(owner="admin", name="Admin", timezone="UTC", notify=(MAIL,))
    shop = told_by(SLACK)
    await at_desk.apply(replace(shop, admin="admin", owners=(*shop.owners, admin)))
    at_desk.channels = {**at_desk.channels, "slack": Choosy(at_desk.channels["slack"], "disliked")}
    clerk = at_desk.dispatcher()
    await at_desk.tell(replace(MOMENT, touchpoint="disliked"))
    for number in range(4):
        await at_desk.tell(replace(MOMENT, touchpoint=f"another-{number}"))
        for _ in range(3):
            await at_desk.turn(clerk)
            at_desk.now.pass_by(20 * MINUTES)
    assert len(at_desk.received("slack")) == 4
    spells = await at_desk.rows("select distinct thread from alerts.conversations where about = 'trouble'")
    assert len(spells) == 1, "the admin hears of it once, and of its end"
    refused = await at_desk.rows("select count(*) as n from alerts.attempts where outcome = 'refused'")
    assert refused[0]["n"] > 2


async def test_a_receiver_that_breaks_again_is_told_of_again_though_only_old_messages_wait_there(
    at_desk: Desk,
) -> None:
    admin = Owner(owner="admin", name="Admin", timezone="UTC", notify=(MAIL,))
    shop = told_by(SLACK)
    await at_desk.apply(replace(shop, admin="admin", owners=(*shop.owners, admin)))
    at_desk.inbox.tell("slack", answer="error", error="not_in_channel")
    await at_desk.tell(MOMENT, replace(MOMENT, touchpoint="another"))
    await at_desk.work(MINUTES)
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    await at_desk.tell(CASE)
    at_desk.now.pass_by(timedelta(seconds=1))
    await at_desk.turn()
    assert len(at_desk.received("slack")) == 1
    at_desk.inbox.tell("slack", answer="error", error="is_archived")
    await at_desk.work(timedelta(hours=1))
    assert len(at_desk.received("slack")) == 1
    over = ["can be told again" in mail["text"] for mail in at_desk.received("email")]
    assert over == [False, True, False]


async def test_an_admin_who_could_not_be_told_when_a_receiver_broke_is_told_when_he_can_be(at_desk: Desk) -> None:
    shop = told_by(SLACK)
    pager = Receiver(channel="pagerduty", to="key")
    deaf = Owner(owner="admin", name="Admin", timezone="UTC", notify=(SLACK, pager))
    at_desk.inbox.tell("slack", answer="error", error="not_in_channel")
    await at_desk.apply(replace(shop, admin="admin", owners=(*shop.owners, deaf)))
    await at_desk.tell(MOMENT)
    await at_desk.work(timedelta(hours=1))
    (begun,) = await at_desk.rows("select since from alerts.broken_receivers")
    await at_desk.apply(replace(shop, admin="admin", owners=(*shop.owners, replace(deaf, notify=(SLACK, pager, MAIL)))))
    await at_desk.work(timedelta(hours=3))
    (mail,) = at_desk.received("email")
    assert "An owner cannot be told: slack #delivery" in mail["text"]
    assert f"{begun['since']:%H:%M}" in mail["text"], "it says since when"


class Faulty:
    """A channel with a fault of ours in it."""

    living = False
    pace: timedelta | None = None
    within = timedelta(seconds=9)

    async def send(self, delivery: Outgoing) -> Sent:
        raise KeyError("ours")

    find = send


async def test_a_fault_of_our_own_is_an_attempt_like_others_and_given_up_like_others(at_desk: Desk) -> None:
    at_desk.channels = {"slack": Faulty()}
    await at_desk.apply(told_by(SLACK))
    await at_desk.tell(CASE)
    faulty = at_desk.dispatcher()
    for _ in range(4):
        await at_desk.turn(faulty)
        at_desk.now.pass_by(timedelta(minutes=40))
    assert await at_desk.states() == [("case", "failed")]
    rows = await at_desk.rows("select outcome, answer from alerts.attempts order by began_at")
    assert [row["outcome"] for row in rows] == ["fault", "fault", "fault", "given-up"]
    assert "KeyError: 'ours'" in rows[0]["answer"]


async def test_a_429_pauses_its_channel_for_all_and_no_other(at_desk: Desk) -> None:
    other = Owner(owner="care", name="Care", timezone="UTC", notify=(Receiver(channel="slack", to="#care"),))
    delivery = told_by(SLACK).owners[0]
    await at_desk.apply(Programme(name="Retail", timezone="UTC", owners=(delivery, other)))
    at_desk.inbox.tell("slack", answer="429", retry_after=45, times=1)
    await at_desk.tell(MOMENT)
    await at_desk.work(timedelta(seconds=2))
    await at_desk.tell(replace(MOMENT, touchpoint="another"), CASE)
    for second in range(0, 42, 3):
        await at_desk.turn(at_desk.dispatcher())  # another process each time
        assert [one["to"] for one in at_desk.received()] == ["#care"], second
        at_desk.now.pass_by(timedelta(seconds=3))
    await at_desk.work(10 * timedelta(seconds=1))
    assert sorted(one["to"] for one in at_desk.received()) == ["#care", "#delivery", "#delivery"]


async def test_a_channel_gets_a_message_a_second_and_no_more(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    await at_desk.tell(*(replace(CASE, case=f"case-{number}") for number in range(20)))
    for second in range(1, 21):
        await at_desk.turn()
        await at_desk.turn(at_desk.dispatcher())
        assert len(at_desk.received()) == second
        at_desk.now.pass_by(timedelta(seconds=1))


async def test_a_red_waits_for_no_case(at_desk: Desk) -> None:
    await at_desk.apply(told_by(SLACK))
    await at_desk.tell(*(replace(CASE, case=f"case-{number}") for number in range(20)))
    at_desk.now.pass_by(timedelta(seconds=1))
    await at_desk.tell(MOMENT)
    await at_desk.turn()
    (first,) = at_desk.received()
    assert "is red" in first["text"]
