"""The stand-in for Slack's Web API, asked as apps ask: JSON, forms, queries, tokens, errors as HTTP 200."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from tests.inbox import TOKEN, Inbox

STAMP = {"event_type": "voc_delivery", "event_payload": {"delivery": "1"}}


def post(inbox: Inbox, channel: str = "#delivery", text: str = "hello", **more: Any) -> dict[str, Any]:
    answer = inbox.api("chat.postMessage", channel=channel, text=text, **more)
    assert answer["ok"], answer
    return answer


def error(answer: dict[str, Any]) -> str:
    assert answer["ok"] is False
    return str(answer["error"])


def test_who_comes_without_the_right_token_is_turned_away(inbox: Inbox) -> None:
    assert inbox.http.post("/api/auth.test").json() == {"ok": False, "error": "not_authed"}
    assert error(inbox.api("auth.test", token="xoxb-other")) == "invalid_auth"
    assert error(inbox.api("chat.postMessage", token="xoxb-other", channel="#delivery", text="x")) == "invalid_auth"
    assert inbox.http.post("/api/auth.test", data={"token": TOKEN}).json()["ok"]
    assert inbox.api("auth.test")["bot_id"]
    assert error(inbox.api("chat.shout")) == "unknown_method"
    assert inbox.messages() == []


def test_forms_say_the_same_as_json(inbox: Inbox) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    blocks = [{"type": "divider"}]
    form = {"channel": "delivery", "text": "a form", "blocks": json.dumps(blocks), "metadata": json.dumps(STAMP)}
    posted = inbox.http.post("/api/chat.postMessage", data=form, headers=headers).json()
    assert posted["ok"], posted
    assert posted["message"]["blocks"] == blocks
    assert posted["message"]["metadata"] == STAMP


@pytest.mark.parametrize(
    ("content_type", "body", "says"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[1]", "json_not_object"),
        ("text/plain", b"hello", "invalid_post_type"),
    ],
)
def test_a_body_that_cannot_be_read_is_named(inbox: Inbox, content_type: str, body: bytes, says: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": content_type}
    answer = inbox.http.post("/api/chat.postMessage", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (200, says)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"channel": "#delivery"}, "no_text"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": "#missing-it", "text": "x"}, "channel_not_found"),
        ({"channel": "#archived-it", "text": "x"}, "is_archived"),
        ({"channel": "#private-it", "text": "x"}, "not_in_channel"),
        ({"channel": "#Upper", "text": "x"}, "channel_not_found"),
        ({"channel": "C0NEVERSEEN", "text": "x"}, "channel_not_found"),
        ({"channel": "#delivery", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": "#delivery", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "#delivery", "text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ({"channel": "#delivery", "text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": "#delivery", "text": "x", "metadata": [1]}, "invalid_metadata_format"),
        ({"channel": "#delivery", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
    ],
)
def test_what_cannot_be_posted_is_named(inbox: Inbox, arguments: dict[str, Any], says: str) -> None:
    assert error(inbox.api("chat.postMessage", **arguments)) == says
    assert inbox.messages() == []


def test_faults_of_blocks_are_told_with_their_places(inbox: Inbox) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    answer = inbox.api("chat.postMessage", channel="#delivery", text="x", blocks=[header])
    said = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["errors"] == [said]
    assert answer["response_metadata"] == {"messages": [f"[ERROR] {said}"]}
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5
    assert error(inbox.api("chat.postMessage", channel="#delivery", text="x", blocks=long)) == "msg_blocks_too_long"


def test_a_long_text_is_cut_when_posted_and_refused_when_edited(inbox: Inbox) -> None:
    posted = post(inbox, text="x" * 50_000)
    assert len(posted["message"]["text"]) == 40_000
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    assert inbox.api("chat.update", **where, text="&" * 800)["ok"]
    assert error(inbox.api("chat.update", **where, text="&" * 801)) == "msg_too_long"


def test_ids_are_stable_and_good_for_the_name(inbox: Inbox) -> None:
    one, again, other = post(inbox, "#delivery"), post(inbox, "delivery"), post(inbox, "#care")
    assert one["channel"] == again["channel"] != other["channel"]
    assert post(inbox, one["channel"])["channel"] == one["channel"]
    assert len({one["ts"], again["ts"], other["ts"]}) == 3


def test_an_edit_keeps_metadata_that_it_does_not_name(inbox: Inbox) -> None:
    posted = post(inbox, metadata=STAMP)
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    assert inbox.api("chat.update", **where, text="new")["message"]["metadata"] == STAMP
    other = {"event_type": "other", "event_payload": {}}
    assert inbox.api("chat.update", **where, text="new", metadata=other)["message"]["metadata"] == other
    assert error(inbox.api("chat.update", channel=posted["channel"], ts="1.2", text="x")) == "message_not_found"
    assert error(inbox.api("chat.update", channel="#delivery", ts=posted["ts"], text="x")) == "channel_not_found"


def test_metadata_is_shown_to_who_asks_for_it(inbox: Inbox) -> None:
    posted = post(inbox, metadata=STAMP)
    (plain,) = inbox.api("conversations.history", channel=posted["channel"])["messages"]
    assert "metadata" not in plain
    (full,) = inbox.api("conversations.history", channel=posted["channel"], include_all_metadata=1)["messages"]
    assert full["metadata"] == STAMP


def test_threads_have_their_own_history(inbox: Inbox) -> None:
    root = post(inbox)
    hidden = post(inbox, text="hidden", thread_ts=root["ts"])
    shown = post(inbox, text="shown", thread_ts=hidden["ts"], reply_broadcast=True)
    history = inbox.api("conversations.history", channel=root["channel"])["messages"]
    assert [message["ts"] for message in history] == [shown["ts"], root["ts"]], "newest first"
    assert history[0]["subtype"] == "thread_broadcast"
    replies = inbox.api("conversations.replies", channel=root["channel"], ts=root["ts"])["messages"]
    assert [message["ts"] for message in replies] == [root["ts"], hidden["ts"], shown["ts"]]
    assert {message.get("thread_ts") for message in replies[1:]} == {root["ts"]}, "a reply to a reply is one"
    since = inbox.api("conversations.replies", channel=root["channel"], ts=root["ts"], oldest=hidden["ts"])
    assert [message["ts"] for message in since["messages"]] == [root["ts"], shown["ts"]]
    assert error(inbox.api("conversations.replies", channel=root["channel"], ts="1.2")) == "thread_not_found"


def test_slacks_own_client_pages_through_it(inbox: Inbox) -> None:
    client = WebClient(TOKEN, base_url=inbox.slack_api)
    sent = [client.chat_postMessage(channel="#pages", text=f"{place}")["ts"] for place in range(26)]
    pages = client.conversations_history(channel=_id(client, "pages"), limit=10)
    seen = [message["ts"] for page in pages for message in page["messages"]]
    assert seen == sent[::-1]
    latest = client.conversations_history(channel=_id(client, "pages"), oldest=sent[2], latest=sent[5])
    assert [message["ts"] for message in latest["messages"]] == [sent[4], sent[3]]
    link = client.chat_getPermalink(channel=_id(client, "pages"), message_ts=sent[0])["permalink"]
    assert link.endswith(f"p{sent[0].replace('.', '')}")


def _id(client: WebClient, name: str) -> str:
    pages = client.conversations_list(limit=1, exclude_archived=True)
    found: str = next(c["id"] for page in pages for c in page["channels"] if c["name"] == name)
    return found


def test_who_is_too_fast_waits(inbox: Inbox) -> None:
    inbox.tell("pace", on=True)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    said = {"channel": "#fast", "text": "x"}
    answers = [inbox.http.post("/api/chat.postMessage", json=said, headers=headers) for _ in range(5)]
    assert answers[0].status_code == 200
    late = answers[-1]
    assert (late.status_code, late.headers["Retry-After"], late.json()["error"]) == (429, "1", "ratelimited")


@pytest.mark.parametrize("answer", ["away", "half"])
def test_an_answer_can_break_off(inbox: Inbox, answer: str) -> None:
    inbox.tell("slack", answer=answer, kept=True, times=1)
    with pytest.raises(httpx.TransportError):
        inbox.api("chat.postMessage", channel="#delivery", text="x")
    assert len(inbox.messages()) == 1
    post(inbox)


def test_channels_become_as_they_are_told(inbox: Inbox) -> None:
    inbox.tell("slack/channel", name="#delivery", fault="is_archived")
    assert error(inbox.api("chat.postMessage", channel="#delivery", text="x")) == "is_archived"
    inbox.tell("slack/channel", name="delivery")
    post(inbox)


@pytest.mark.parametrize("said", [{"answer": "sulk"}, {"answer": "429", "pause": 3}, {}])
def test_controls_say_what_they_expected(inbox: Inbox, said: dict[str, Any]) -> None:
    refused = inbox.http.put("/stand-in/slack", json=said)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"]


def test_only_the_channels_that_are_named_exist_and_all_outlives_a_restart(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, VOC_INBOX_CHANNELS="#delivery, care").start()
    posted = post(inbox)
    assert error(inbox.api("chat.postMessage", channel="#elsewhere", text="x")) == "channel_not_found"
    before = inbox.messages()
    inbox.stop()
    inbox.start()
    assert inbox.messages() == before
    assert inbox.api("chat.update", channel=posted["channel"], ts=posted["ts"], text="edited")["ok"]
    assert inbox.messages()[0]["text"] == "edited"
    names = [channel["name"] for channel in inbox.api("conversations.list")["channels"]]
    assert names == ["care", "delivery"]
    inbox.stop()
