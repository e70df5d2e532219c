"""Slack, against a stand-in that checks what Slack checks: the contract of channel.py, step by step."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.alerts.channels.channel import NotSent, Outgoing, Refused, Sent, TryLater, Unclear
from services.alerts.channels.slack import Slack, slack
from services.alerts.domain.letter import Case
from tests.inbox import TOKEN, Inbox
from tests.letters import CASE, LETTERS, WHO, outgoing
from tests.processes import free_port

RED = outgoing(LETTERS["red"])


def answered(number: int, root: Sent, kind: str = "recovered") -> Outgoing:
    """A reply in the thread of `root`."""
    return outgoing(LETTERS[kind], number=number, root=root.reference)


async def raised(call: Awaitable[Any]) -> NotSent:
    with pytest.raises(NotSent) as caught:
        await call
    return caught.value


def standing(inbox: Inbox) -> list[dict[str, Any]]:
    """The messages of all channels."""
    return [message for channel in inbox.view()["slack"] for message in channel["messages"]]


@pytest.mark.parametrize("kind", LETTERS)
async def test_every_letter_is_a_message_that_slack_takes(channel: Slack, inbox: Inbox, kind: str) -> None:
    sent = await channel.send(outgoing(LETTERS[kind]))
    (received,) = inbox.messages()
    assert (received["kind"], received["to"]) == ("slack", "#delivery")
    assert received["thread"] == sent.reference
    assert sent.note is None
    for link in LETTERS[kind].links:
        assert f"{link.says}: {link.url}" in received["text"]


async def test_an_episode_is_one_living_message_with_its_news_in_the_thread(channel: Slack, inbox: Inbox) -> None:
    root = await channel.send(RED)
    before = standing(inbox)[0]["blocks"]
    await channel.send(answered(2, root, "worse"))
    await channel.send(replace(answered(3, root), edit=True))
    await channel.send(answered(4, root))
    living, worse, recovered = standing(inbox)
    assert living["edited"]
    assert "red no more" in living["text"]
    assert not {b["block_id"] for b in before} & {b["block_id"] for b in living["blocks"]}, "Slack asks for new ones"
    assert [m["thread"] for m in (living, worse, recovered)] == [None, living["ts"], living["ts"]]
    assert (worse["broadcast"], recovered["broadcast"]) == (True, False)
    assert {message["thread"] for message in inbox.messages()} == {root.reference}


async def test_a_sent_message_is_found_by_its_delivery_and_no_other(channel: Slack) -> None:
    assert await channel.find(RED) is None
    root = await channel.send(RED)
    reply = await channel.send(answered(2, root))
    assert await channel.find(RED) == root
    assert await channel.find(answered(2, root)) == reply
    assert await channel.find(answered(3, root)) is None
    edit = replace(answered(4, root), edit=True)
    await channel.send(edit)
    assert await channel.find(RED) == root, "an edited message keeps its stamp"
    assert await channel.find(edit) is None, "an edit is made again"


async def test_it_is_found_behind_many_others(channel: Slack, inbox: Inbox) -> None:
    root = await channel.send(RED)
    for place in range(230):
        assert inbox.api("chat.postMessage", channel="#delivery", text=f"talk {place}")["ok"]
    assert await channel.find(RED) == root


@pytest.mark.parametrize("answer", ["away", "half", "500", "slow"])
@pytest.mark.parametrize("kept", [True, False])
async def test_what_became_of_a_lost_answer_is_found_out(channel: Slack, inbox: Inbox, answer: str, kept: bool) -> None:
    inbox.tell("slack", answer=answer, kept=kept, times=1, seconds=4.0)
    assert isinstance(await raised(channel.send(RED)), Unclear)
    found = await channel.find(RED)
    assert (found is not None) is kept
    if found is None:
        await channel.send(RED)
    assert len(standing(inbox)) == 1, "told once"


async def test_a_lost_answer_of_a_reply_is_found_in_its_thread(channel: Slack, inbox: Inbox) -> None:
    root = await channel.send(RED)
    inbox.tell("slack", answer="half", kept=True, times=1)
    await raised(channel.send(answered(2, root)))
    found = await channel.find(answered(2, root))
    assert found is not None
    assert found.reference != root.reference


async def test_where_it_cannot_be_looked_up_now_it_is_later(channel: Slack, inbox: Inbox) -> None:
    await channel.send(RED)
    inbox.tell("slack", answer="500", method="conversations.history", times=1)
    assert isinstance(await raised(channel.find(RED)), TryLater)


async def test_where_it_may_never_be_looked_up_it_says_what_to_do(channel: Slack, inbox: Inbox) -> None:
    await channel.send(RED)
    inbox.tell("slack", answer="error", error="missing_scope", method="conversations.list", times=1)
    refused = await raised(channel.find(RED))
    assert isinstance(refused, Refused)
    assert "could not be asked" in refused.reason
    assert "scope" in refused.reason


async def test_where_an_earlier_message_stood_is_known_without_asking_for_all_channels(
    channel: Slack, inbox: Inbox
) -> None:
    earlier = await channel.send(RED)
    lost = outgoing(LETTERS["red"], number=2)
    inbox.tell("slack", answer="half", kept=True, times=1)
    assert isinstance(await raised(channel.send(lost)), Unclear)
    inbox.tell("slack", answer="429", method="conversations.list")
    assert await channel.find(replace(lost, earlier=earlier.reference)) is not None
    assert isinstance(await raised(channel.find(lost)), TryLater)


async def test_a_429_is_obeyed(channel: Slack, inbox: Inbox) -> None:
    inbox.tell("slack", answer="429", retry_after=37, times=1)
    later = await raised(channel.send(RED))
    assert isinstance(later, TryLater)
    assert later.retry_after == timedelta(seconds=37)


async def test_slack_slows_down_one_channel_and_not_the_others(channel: Slack, inbox: Inbox) -> None:
    inbox.tell("pace", on=True)
    for number in range(3):
        await channel.send(outgoing(LETTERS["red"], number=number, address="#quick"))
    later = await raised(channel.send(outgoing(LETTERS["red"], number=4, address="#quick")))
    assert isinstance(later, TryLater)
    assert later.retry_after == timedelta(seconds=1)
    await channel.send(outgoing(LETTERS["red"], number=5, address="#other"))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("#missing-one", "invite"),
        ("#archived-one", "unarchive"),
        ("#private-one", "/invite"),
        ("#Not A Name", "owners.yaml"),
        ("@ana", "owners.yaml"),
    ],
)
async def test_a_channel_that_cannot_be_written_to_is_named_with_what_to_do(
    channel: Slack, address: str, says: str
) -> None:
    refused = await raised(channel.send(outgoing(LETTERS["red"], address=address)))
    assert isinstance(refused, Refused)
    assert says in refused.reason


async def test_a_wrong_token_and_none_are_named(inbox: Inbox) -> None:
    async with slack(token="xoxb-wrong", api_url=inbox.slack_api) as wrong, slack(token=None) as none:
        assert "VOC_SLACK_TOKEN" in (await raised(wrong.send(RED))).reason
        for call in (none.send(RED), none.find(RED)):
            refused = await raised(call)
            assert isinstance(refused, Refused)
            assert "VOC_SLACK_TOKEN" in refused.reason


async def test_a_person_is_written_to_by_id(channel: Slack, inbox: Inbox) -> None:
    direct = outgoing(LETTERS["red"], address="U024BE7LH")
    root = await channel.send(direct)
    assert root.reference.startswith("D")
    assert await channel.find(direct) == root
    await channel.send(replace(direct, thread=replace(direct.thread, root=root.reference), edit=True))
    assert standing(inbox)[0]["edited"]


async def test_a_refused_connection_has_surely_not_arrived() -> None:
    async with slack(token=TOKEN, api_url=f"http://127.0.0.1:{free_port()}/api/") as nobody:
        assert isinstance(await raised(nobody.send(RED)), TryLater)


async def test_what_slack_finds_fault_with_is_sent_once_as_a_floor_card(channel: Slack, inbox: Inbox) -> None:
    inbox.tell("slack", answer="error", error="msg_blocks_too_long", times=1)
    sent = await channel.send(RED)
    assert sent.note is not None
    assert "msg_blocks_too_long" in sent.note
    (floor,) = standing(inbox)
    assert "The parcel arrives is red" in floor["blocks"][0]["text"]["text"]
    assert not [block for block in floor["blocks"] if "fields" in block]
    inbox.tell("slack", answer="error", error="invalid_blocks")
    assert isinstance(await raised(channel.send(outgoing(LETTERS["red"], number=2))), Refused)


async def test_customers_cannot_call_anybody_nor_break_the_limits(channel: Slack, inbox: Inbox) -> None:
    long = "&<!channel>&<@U1>" * 4_000
    letter = Case(**WHO, case=replace(CASE, comment=long, rule=long, customer=long, persona=long, instance=long))
    sent = await channel.send(outgoing(letter))
    assert sent.note is None, "it fits without the floor card"
    (message,) = standing(inbox)
    said = str(message["blocks"]) + message["text"]
    assert "<!channel>" not in said
    assert "<@U1>" not in said
    assert "&lt;!channel&gt;" in said
    root = replace(outgoing(letter).thread, root=sent.reference)
    await channel.send(replace(outgoing(letter, number=2), thread=root, edit=True))  # chat.update counts bytes


async def test_a_recovery_is_told_also_where_the_red_was_deleted(channel: Slack, inbox: Inbox) -> None:
    root = await channel.send(RED)
    id, _, ts = root.reference.partition("/")
    inbox.tell("slack/deleted", channel=id, ts=ts)
    edit = await raised(channel.send(replace(answered(2, root), edit=True)))
    assert isinstance(edit, Refused)
    assert "deleted" in edit.reason
    sent = await channel.send(answered(3, root))
    assert sent.note is not None
    assert "red no more" in standing(inbox)[0]["text"]
    assert await channel.find(answered(3, root)) == Sent(reference=sent.reference)


async def test_an_answer_that_names_no_message_is_unclear(channel: Slack, inbox: Inbox) -> None:
    inbox.tell("slack", answer="error", error="fatal_error", kept=True, times=1)
    assert isinstance(await raised(channel.send(RED)), Unclear)
    assert await channel.find(RED) is not None


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    async with slack(token=TOKEN, api_url=inbox.slack_api) as channel:
        await channel.send(RED)


async def test_an_address_that_is_none_is_named_by_its_setting() -> None:
    async with slack(token=TOKEN, api_url="slack.com/api") as channel:
        refused = await raised(channel.send(RED))
    assert isinstance(refused, Refused)
    assert "VOC_SLACK_API_URL" in refused.reason
