"""Messages as `conversations.history` and `.replies` give them, a page at a time."""

from typing import Any

from deploy.local.inbox.message import Posted
from deploy.local.inbox.slack_call import Answer, Call, SlackError

_MOST = 999


def shown(message: Posted, *, metadata: bool) -> dict[str, Any]:
    """Without `include_all_metadata` Slack keeps the metadata to itself."""
    found: dict[str, Any] = {
        "type": "message",
        "user": "U0LOCALVC",
        "bot_id": "B0LOCALVC",
        "app_id": "A0LOCALVC",
        "team": "T0LOCALVC",
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks,
    }
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    if message.broadcast:
        found["subtype"] = "thread_broadcast"
    if message.edited:
        found["edited"] = {"user": "U0LOCALVC", "ts": message.edited}
    if metadata and message.metadata is not None:
        found["metadata"] = message.metadata
    return found


def page(call: Call, messages: list[Posted], *, always: str | None = None) -> Answer:
    """Those after `oldest` and before `latest`, in this order; `always` is the parent that every page begins with."""
    oldest, latest = _instant(call, "oldest", 0.0), _instant(call, "latest", float("inf"))
    within = [m for m in messages if oldest < float(m.ts) < latest or m.ts == always]
    start = _start(call)
    limit = call.number("limit", 100, most=_MOST)
    more = start + limit < len(within)
    found = within[start : start + limit]
    metadata = call.flag("include_all_metadata")
    answer: Answer = {"messages": [shown(m, metadata=metadata) for m in found], "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": f"next:{start + limit}"}
    return answer


def _start(call: Call) -> int:
    cursor = call.text("cursor")
    if not cursor:
        return 0
    place = cursor.removeprefix("next:")
    if not place.isdecimal():
        raise SlackError("invalid_cursor")
    return int(place)


def _instant(call: Call, name: str, default: float) -> float:
    given = call.text(name)
    try:
        return float(given) if given else default
    except ValueError as error:
        raise SlackError(f"invalid_ts_{name}") from error
