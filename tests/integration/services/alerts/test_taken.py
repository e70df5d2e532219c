"""What scoring tells becomes episodes, cases, troubles and deliveries: in whatever order and however often it comes."""

from datetime import timedelta

from msgspec.structs import replace

from shared.programme.model import Owner, Programme, Receiver
from tests.integration.services.alerts.desk import Desk
from tests.letters import CASE, GREEN_NOW, HELD, MOMENT, OPENED, WORSE_NOW

DELIVERY = Owner(
    owner="delivery",
    name="Delivery team",
    timezone="UTC",
    notify=(Receiver(channel="slack", to="#delivery"), Receiver(channel="email", to="delivery@example.com")),
)
OPERATIONS = Owner(
    owner="operations",
    name="Operations",
    timezone="UTC",
    notify=(Receiver(channel="slack", to="#operations"), Receiver(channel="email", to="ops@example.com")),
)
RETAIL = Programme(name="Retail", timezone="UTC", owners=(DELIVERY, OPERATIONS), admin="operations")
SECOND = timedelta(seconds=1)


async def test_a_topic_that_is_read_late_tells_what_is_red_now(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    long_red = replace(MOMENT, since=OPENED - timedelta(days=500), decided_at=OPENED - timedelta(days=499))
    assert await at_desk.tell(long_red, replace(GREEN_NOW, touchpoint="other")) == ["became-red", "not-red"]
    await at_desk.work(SECOND)
    assert len(at_desk.received()) == 2
    (row,) = await at_desk.rows("select opened_at, noticed_at from alerts.episodes")
    assert row["opened_at"] == OPENED - timedelta(days=500)


async def test_what_is_older_than_what_is_known_changes_nothing(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    assert await at_desk.tell(MOMENT, sequence=10) == ["became-red"]
    assert await at_desk.tell(GREEN_NOW, sequence=9) == ["older-than-known"]
    assert await at_desk.tell(GREEN_NOW, sequence=10) == ["older-than-known"]
    assert await at_desk.tell(GREEN_NOW, sequence=11) == ["told-of-the-red"]


async def test_a_spell_after_a_spell_is_another_episode_in_another_thread(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    for decided in (MOMENT, GREEN_NOW, MOMENT, GREEN_NOW):
        await at_desk.tell(decided)
        await at_desk.work(3 * SECOND)
    threads = [one["thread"] for one in at_desk.received("slack")]
    assert threads[0] == threads[1] != threads[2] == threads[3]
    (row,) = await at_desk.rows("select count(*) as n from alerts.episodes where closed_at is not null")
    assert row["n"] == 2


async def test_the_end_reaches_who_was_told_though_the_programme_has_changed(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    await at_desk.tell(MOMENT)
    await at_desk.work(SECOND)
    at_desk.now.pass_by(timedelta(minutes=5))
    moved = replace(DELIVERY, notify=(Receiver(channel="slack", to="#carriers"),))
    await at_desk.apply(replace(RETAIL, owners=(moved, OPERATIONS)))
    at_desk.now.pass_by(SECOND)
    assert await at_desk.tell(WORSE_NOW) == ["got-worse"]
    await at_desk.work(3 * SECOND)
    assert [one["to"] for one in at_desk.received("slack")] == ["#delivery", "#carriers"]
    await at_desk.tell(GREEN_NOW)
    await at_desk.work(3 * SECOND)
    ends = [one["to"] for one in at_desk.received() if "is red no more" in one["text"]]
    in_slack = ["#carriers", "#carriers", "#delivery", "#delivery"]  # a reply, and the living message
    assert sorted(ends) == [*in_slack, "delivery@example.com"]


async def test_the_living_message_follows_and_calls_nobody(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    await at_desk.tell(MOMENT)
    await at_desk.work(SECOND)
    (deciding, other) = MOMENT.measures
    figures = replace(deciding.figure, value=70.25)
    await at_desk.tell(replace(MOMENT, measures=(replace(deciding, figure=figures), other)))
    await at_desk.work(SECOND)
    (one,) = at_desk.received("slack")
    assert "70.2" in one["text"]
    assert len(at_desk.received("email")) == 1
    await at_desk.tell(GREEN_NOW)
    await at_desk.work(3 * SECOND)
    living, reply = at_desk.received("slack")
    assert "is red no more" in living["text"]
    assert "is red no more" in reply["text"]


async def test_the_living_message_is_green_when_its_moment_is_at_last(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    green = replace(GREEN_NOW, status="green", previous="yellow")
    told = []
    for decided in (MOMENT, GREEN_NOW, green, green):
        told += await at_desk.tell(decided)
        await at_desk.work(3 * SECOND)
    assert told == ["became-red", "told-of-the-red", "shows-the-latest", "not-red"]
    assert len(at_desk.received()) == 4, "nobody is called"
    living, _ = at_desk.received("slack")
    assert "is green again" in living["text"]


async def test_a_message_that_was_deleted_breaks_nobody(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    await at_desk.tell(MOMENT)
    await at_desk.work(SECOND)
    at_desk.inbox.tell("slack", answer="error", error="message_not_found", method="chat.update")
    await at_desk.tell(replace(MOMENT, decided_at=OPENED + SECOND))
    await at_desk.work(SECOND)
    assert await at_desk.rows("select from alerts.deliveries where edit and state = 'failed'")
    assert not await at_desk.rows("select from alerts.broken_receivers")
    assert len(at_desk.received()) == 2


async def test_a_case_goes_to_its_owner_once_however_often_it_is_told(at_desk: Desk) -> None:
    care = Owner(owner="care", name="Care", timezone="UTC", notify=(Receiver(channel="slack", to="#care"),))
    await at_desk.apply(replace(RETAIL, owners=(care,), admin=None))
    assert await at_desk.tell(CASE, CASE) == ["case-opened", "seen-before"]
    await at_desk.work(SECOND)
    (one,) = at_desk.received()
    assert one["to"] == "#care"


async def test_a_broken_receiver_is_told_of_once_elsewhere_and_when_it_is_mended(at_desk: Desk) -> None:
    await at_desk.apply(RETAIL)
    at_desk.inbox.tell("slack", answer="error", error="is_archived")
    await at_desk.tell(MOMENT, replace(MOMENT, touchpoint="another"))
    await at_desk.work(10 * SECOND)
    # Both of operations' receivers are to hear of it; its Slack channel is as broken, of which its mailbox hears.
    mails = [one for one in at_desk.received("email") if one["to"] == "ops@example.com"]
    assert sorted("#delivery" in one["text"] for one in mails) == [False, True]
    assert all("unarchive" in one["text"] for one in mails)
    (refused,) = {
        row["answer"]
        for row in await at_desk.rows("select answer from alerts.deliveries where state = 'queued' and kind = 'red'")
    }
    assert "is_archived" in refused
    at_desk.inbox.http.delete("/stand-in").raise_for_status()
    at_desk.inbox.tell("pace", on=False)
    await at_desk.tell(GREEN_NOW)
    await at_desk.work(10 * SECOND)
    assert not await at_desk.rows("select from alerts.broken_receivers where address = '#delivery'")
    over = [one for one in at_desk.received("email") if one["to"] == "ops@example.com"]
    assert len(over) > len(mails)


async def test_a_receiver_that_alerts_cannot_send_to_is_seen_and_breaks_nothing(at_desk: Desk) -> None:
    pager = replace(
        DELIVERY, notify=(Receiver(channel="pagerduty", to="key"), Receiver(channel="slack", to="#delivery"))
    )
    await at_desk.apply(replace(RETAIL, owners=(pager, OPERATIONS)))
    await at_desk.tell(MOMENT)
    await at_desk.work(SECOND)
    assert await at_desk.states("pagerduty") == [("red", "failed")]
    assert await at_desk.states("slack") == [("red", "delivered")]
    (row,) = await at_desk.rows("select answer from alerts.deliveries where state = 'failed'")
    assert "pagerduty" in row["answer"]


async def test_the_admin_hears_of_an_owner_whom_nothing_can_reach_and_when_something_can(at_desk: Desk) -> None:
    pager = replace(DELIVERY, notify=(Receiver(channel="pagerduty", to="key"),))
    await at_desk.apply(replace(RETAIL, owners=(pager, OPERATIONS)))
    await at_desk.tell(MOMENT, replace(MOMENT, touchpoint="another"))
    await at_desk.tell(replace(CASE, owner="gone"))
    await at_desk.work(3 * SECOND)
    mails = [one["text"] for one in at_desk.received("email")]
    assert sorted("pagerduty" in text for text in mails) == [False, True], "once an owner"
    assert all("nobody is told" in text for text in mails)
    await at_desk.apply(RETAIL)
    at_desk.now.pass_by(SECOND)
    assert await at_desk.tell(WORSE_NOW) == ["got-worse"]
    await at_desk.work(10 * SECOND)
    (over,) = [one for one in at_desk.received("email") if "can be told again" in one["text"]]
    assert over["to"] == "ops@example.com"
    assert "delivery@example.com" in [one["to"] for one in at_desk.received("email")]
    (row,) = await at_desk.rows("select channel, address from alerts.broken_receivers")
    assert (row["channel"], row["address"]) == ("owner", "gone")


async def test_troubles_go_to_the_admin_and_without_one_to_nobody(at_desk: Desk) -> None:
    await at_desk.apply(replace(RETAIL, admin=None))
    assert await at_desk.tell(HELD, replace(HELD, over=True)) == ["no-admin", "trouble-over"]
    at_desk.now.pass_by(SECOND)
    await at_desk.apply(RETAIL)
    at_desk.now.pass_by(SECOND)
    assert await at_desk.tell(HELD, HELD) == ["trouble-began", "seen-before"]
    await at_desk.work(3 * SECOND)
    assert await at_desk.tell(replace(HELD, over=True)) == ["trouble-over"]
    await at_desk.work(3 * SECOND)
    assert sorted(one["to"] for one in at_desk.received()) == ["#operations"] * 2 + ["ops@example.com"] * 2
