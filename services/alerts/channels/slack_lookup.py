"""Whether Slack has a message whose answer was lost: looked up by the metadata that each message carries."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from services.alerts.channels import slack_errors
from services.alerts.channels.channel import Outgoing, Refused, Sent, TryLater, Unclear
from services.alerts.channels.slack_reference import Reference

EVENT = "voc_delivery"
_SKEW = timedelta(minutes=5)
"""How far Slack's clock may be behind ours."""
_PAGE = 200
_PAGE_OF_CHANNELS = 999
"""As many as Slack gives at a time: of 20 pages a minute, so that a workspace of 20,000 channels is seen in one go."""
_IDS = "CDG"
_THREAD_GONE = frozenset({"thread_not_found", "message_not_found"})
_CONVERSATIONS = "public_channel,private_channel"


def stamp(delivery: Outgoing) -> dict[str, Any]:
    """The metadata of one delivery's message."""
    payload = {"delivery": str(delivery.delivery), "thread": str(delivery.thread.id)}
    return {"event_type": EVENT, "event_payload": payload}


async def find(client: AsyncWebClient, delivery: Outgoing) -> Sent | None:
    """The message of that delivery, None where Slack has none. Raises TryLater and Refused."""
    try:
        return await _find(client, delivery)
    except slack_errors.LOST as error:
        raised = slack_errors.outcome(error, address=delivery.address)
        if isinstance(raised, Unclear):
            raise TryLater(f"Slack could not be asked whether it has the message. {raised.reason}") from error
        if isinstance(raised, Refused):
            raise Refused(f"Slack could not be asked whether it has the message. {raised.reason}") from error
        raise raised from error


async def _find(client: AsyncWebClient, delivery: Outgoing) -> Sent | None:
    root = Reference.read(delivery.thread.root) if delivery.thread.root else None
    channel = root.channel if root else await _channel_id(client, delivery)
    if channel is None:
        return None
    async for message in _messages(client, channel, delivery, root):
        if _is_of(message, delivery):
            return Sent(reference=Reference(channel, message["ts"]).written)
    return None


async def _messages(
    client: AsyncWebClient, channel: str, delivery: Outgoing, root: Reference | None
) -> AsyncIterator[dict[str, Any]]:
    """Of the channel and, for a reply, of its thread: one whose root was deleted stands in the channel."""
    since: dict[str, Any] = {"oldest": _oldest(delivery), "include_all_metadata": True, "limit": _PAGE}
    if root is not None:
        try:
            pages = await client.conversations_replies(channel=channel, ts=root.ts, **since)
            async for page in pages:
                for message in page["messages"]:
                    yield message
        except SlackApiError as error:
            if slack_errors.code(error) not in _THREAD_GONE:
                raise
    pages = await client.conversations_history(channel=channel, **since)
    async for page in pages:
        for message in page["messages"]:
            yield message


async def _channel_id(client: AsyncWebClient, delivery: Outgoing) -> str | None:
    """History is asked by id, which the channel's last message has. None where no channel of that name can be seen:
    nothing can have been posted there."""
    if delivery.earlier is not None:
        return Reference.read(delivery.earlier).channel
    address = delivery.address
    if address.startswith("U"):
        opened = await client.conversations_open(users=address)
        return str(opened["channel"]["id"])
    if address[:1] in _IDS:
        return address
    name = address.lstrip("#")
    pages = await client.conversations_list(types=_CONVERSATIONS, exclude_archived=True, limit=_PAGE_OF_CHANNELS)
    async for page in pages:
        for channel in page["channels"]:
            if channel["name"] == name:
                return str(channel["id"])
    return None


def _oldest(delivery: Outgoing) -> str:
    return f"{(delivery.tried_at - _SKEW).timestamp():.6f}" if delivery.tried_at else "0"


def _is_of(message: dict[str, Any], delivery: Outgoing) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT and payload.get("delivery") == str(delivery.delivery)
