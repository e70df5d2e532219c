"""Slack's Web API as far as an app that posts needs it: what is asked, what is kept, what is answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from deploy.local.inbox import limits
from deploy.local.inbox.channels import Channel, Channels
from deploy.local.inbox.kept import Kept
from deploy.local.inbox.message import Posted
from deploy.local.inbox.slack_call import Answer, Call, SlackError
from deploy.local.inbox.slack_history import page, shown

TEAM, BOT_USER, BOT, APP = "T0LOCALVC", "U0LOCALVC", "B0LOCALVC", "A0LOCALVC"


class Slack:
    """The methods by their names. Raises SlackError for what the real one answers with `ok: false`."""

    def __init__(self, kept: Kept, channels: Channels, *, token: str, clock: Callable[[], datetime]) -> None:
        self._kept = kept
        self._channels = channels
        self._token = token
        self._clock = clock
        self._last_ts = 0
        self._methods: dict[str, Callable[[Call], Answer]] = {
            "auth.test": self._auth,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.getPermalink": self._permalink,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.list": self._list,
            "conversations.open": self._open,
        }

    def let_in(self, call: Call) -> None:
        """Whether there is such a method, and whether the token is ours."""
        if call.method not in self._methods:
            raise SlackError("unknown_method", req_method=call.method)
        if not call.token:
            raise SlackError("not_authed")
        if call.token != self._token:
            raise SlackError("invalid_auth")

    def answer(self, call: Call) -> Answer:
        """Do it."""
        return {"ok": True, **self._methods[call.method](call)}

    def channel_of(self, call: Call) -> str | None:
        """Which channel a call is about, for the pace."""
        found = self._channels.named(call.text("channel") or "")
        return found.id if found else None

    def _auth(self, _call: Call) -> Answer:
        return {
            "url": "https://local.slack.invalid/",
            "team": "The local stack",
            "user": "voc",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
        }

    def _post(self, call: Call) -> Answer:
        channel = self._writable(call)
        text, blocks = self._content(call)
        parent = self._parent(channel, call.text("thread_ts"))
        message = Posted(
            channel=channel.id,
            ts=self._next_ts(),
            text=text[: limits.POST_TEXT],
            blocks=blocks,
            metadata=_metadata(call),
            thread_ts=parent,
            broadcast=parent is not None and call.flag("reply_broadcast"),
        )
        self._kept.put(message)
        return {"channel": channel.id, "ts": message.ts, "message": shown(message, metadata=True)}

    def _update(self, call: Call) -> Answer:
        """Without metadata a message keeps what it had."""
        channel = self._channels.by_id(call.text("channel") or "")
        if channel is None:
            raise SlackError("channel_not_found")
        text, blocks = self._content(call)
        if limits.update_bytes(text) > limits.UPDATE_BYTES:
            raise SlackError("msg_too_long")
        message = self._kept.posted(channel.id, call.text("ts") or "")
        if message is None:
            raise SlackError("message_not_found")
        metadata = _metadata(call) if "metadata" in call.arguments else message.metadata
        edited = replace(message, text=text, blocks=blocks, metadata=metadata, edited=self._next_ts())
        self._kept.put(edited)
        return {"channel": channel.id, "ts": edited.ts, "text": text, "message": shown(edited, metadata=True)}

    def _permalink(self, call: Call) -> Answer:
        channel, ts = call.text("channel") or "", call.text("message_ts") or ""
        if self._channels.by_id(channel) is None:
            raise SlackError("channel_not_found")
        if self._kept.posted(channel, ts) is None:
            raise SlackError("message_not_found")
        where = f"archives/{channel}/p{ts.replace('.', '')}"
        return {"channel": channel, "permalink": f"https://local.slack.invalid/{where}"}

    def _history(self, call: Call) -> Answer:
        """Newest first, without what stands in threads only."""
        channel = self._readable(call)
        found = [m for m in self._kept.all_posted(channel.id) if m.thread_ts is None or m.broadcast]
        return page(call, found[::-1])

    def _replies(self, call: Call) -> Answer:
        """A thread, its parent first."""
        channel, ts = self._readable(call), call.text("ts") or ""
        found = [m for m in self._kept.all_posted(channel.id) if ts in (m.ts, m.thread_ts)]
        if not found:
            raise SlackError("thread_not_found")
        return page(call, found, always=ts)

    def _list(self, call: Call) -> Answer:
        listed = [channel for channel in self._channels.all() if channel.listed]
        if call.flag("exclude_archived"):
            listed = [channel for channel in listed if channel.fault != "is_archived"]
        at = int(call.text("cursor") or 0) if (call.text("cursor") or "0").isdecimal() else 0
        limit = call.number("limit", 100, most=1000)
        more = str(at + limit) if at + limit < len(listed) else ""
        channels = [_described(channel) for channel in listed[at : at + limit]]
        return {"channels": channels, "response_metadata": {"next_cursor": more}}

    def _open(self, call: Call) -> Answer:
        channel = self._channels.named(call.text("users") or "")
        if channel is None or not channel.id.startswith("D"):
            raise SlackError("user_not_found")
        return {"channel": {"id": channel.id}}

    def _writable(self, call: Call) -> Channel:
        channel = self._channels.named(call.text("channel") or "")
        if channel is None:
            raise SlackError("channel_not_found")
        if channel.fault:
            raise SlackError(channel.fault)
        return channel

    def _readable(self, call: Call) -> Channel:
        channel = self._channels.by_id(call.text("channel") or "")
        if channel is None or channel.fault == "channel_not_found":
            raise SlackError("channel_not_found")
        if channel.fault == "not_in_channel":
            raise SlackError("not_in_channel")
        return channel

    def _content(self, call: Call) -> tuple[str, list[dict[str, Any]]]:
        """The text and the blocks that come with it."""
        text, blocks = call.text("text") or "", call.json("blocks", fault="invalid_blocks_format")
        if blocks is None:
            blocks = []
        if not text and not blocks:
            raise SlackError("no_text")
        if found := limits.faults(blocks):
            said = [f"{what} [json-pointer:{where}]" for where, what in found]
            errors = [f"[ERROR] {each}" for each in said]
            raise SlackError("invalid_blocks", errors=said, response_metadata={"messages": errors})
        if limits.too_long(blocks):
            raise SlackError("msg_blocks_too_long")
        return text, blocks

    def _parent(self, channel: Channel, thread_ts: str | None) -> str | None:
        """Replies to a reply belong to its parent."""
        if thread_ts is None:
            return None
        parent = self._kept.posted(channel.id, thread_ts)
        if parent is None:
            raise SlackError("thread_not_found")
        return parent.thread_ts or parent.ts

    def _next_ts(self) -> str:
        """Microseconds, never the same twice."""
        self._last_ts = max(int(self._clock().timestamp() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


def _metadata(call: Call) -> dict[str, Any] | None:
    found = call.json("metadata", fault="invalid_metadata_format")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise SlackError("invalid_metadata_format")
    if not (isinstance(found.get("event_type"), str) and isinstance(found.get("event_payload"), dict)):
        raise SlackError("invalid_metadata_schema")
    return found


def _described(channel: Channel) -> Answer:
    archived, member = channel.fault == "is_archived", channel.fault != "not_in_channel"
    described = {"is_channel": True, "is_archived": archived, "is_member": member}
    return {"id": channel.id, "name": channel.name, **described}
