"""Slack by its Web API: one living message an episode, replies in its thread, nothing posted twice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from services.alerts.channels import slack_errors, slack_lookup
from services.alerts.channels.channel import Outgoing, Refused, Sent, Unclear
from services.alerts.channels.slack_blocks import Message, floor, render
from services.alerts.channels.slack_reference import Reference
from services.alerts.domain.letter import Worse
from services.alerts.domain.wording.compose import compose

API = "https://slack.com/api/"
NO_TOKEN = "There is no Slack to send by: set VOC_SLACK_TOKEN to the app's bot token (docs/channels.md)."
_CONNECT = 5.0
_THREAD_GONE = frozenset({"thread_not_found", "message_not_found"})


class Slack:
    """A channel (channel.py). A root's reference is its channel's id and its `ts`."""

    living = True
    pace: timedelta | None = timedelta(seconds=1)
    within = timedelta(minutes=1)  # a look-up asks several times, each within the session's timeout

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def send(self, delivery: Outgoing) -> Sent:
        """Post, reply or edit; where Slack finds fault with the blocks, once more with the floor card."""
        if not self._client.token:
            raise Refused(NO_TOKEN)
        card, key, reply = compose(delivery.letter), str(delivery.delivery), _is_reply(delivery)
        try:
            return await self._call(delivery, render(card, key=key, short=reply))
        except SlackApiError as error:
            fault = slack_errors.code(error)
            if fault not in slack_errors.NOT_FITTING:
                raise slack_errors.outcome(error, address=delivery.address) from error
        except slack_errors.LOST as error:
            raise slack_errors.outcome(error, address=delivery.address) from error
        sent = await self._within_protocol(delivery, floor(card, key=key))
        return Sent(reference=sent.reference, note=f"shortened: Slack refused the whole message ({fault})")

    async def find(self, delivery: Outgoing) -> Sent | None:
        """By the metadata that each message is stamped with. An edit is simply made again."""
        if delivery.edit:
            return None
        if not self._client.token:
            raise Refused(NO_TOKEN)
        return await slack_lookup.find(self._client, delivery)

    async def _within_protocol(self, delivery: Outgoing, message: Message) -> Sent:
        try:
            return await self._call(delivery, message)
        except slack_errors.LOST as error:
            raise slack_errors.outcome(error, address=delivery.address) from error

    async def _call(self, delivery: Outgoing, message: Message) -> Sent:
        if delivery.edit:
            return await self._edit(delivery, message)
        if not _is_reply(delivery):
            return await self._post(delivery, message, channel=delivery.address)
        root = Reference.read(delivery.thread.root or "")
        broadcast = isinstance(delivery.letter, Worse)
        try:
            return await self._post(
                delivery, message, channel=root.channel, thread_ts=root.ts, reply_broadcast=broadcast
            )
        except SlackApiError as error:
            if slack_errors.code(error) not in _THREAD_GONE:
                raise
        sent = await self._post(delivery, message, channel=root.channel)
        return Sent(reference=sent.reference, note="outside its thread: the first message was deleted in Slack")

    async def _post(self, delivery: Outgoing, message: Message, *, channel: str, **thread: Any) -> Sent:
        return await _sent(
            self._client.chat_postMessage,
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            metadata=slack_lookup.stamp(delivery),
            unfurl_links=False,
            unfurl_media=False,
            **thread,
        )

    async def _edit(self, delivery: Outgoing, message: Message) -> Sent:
        """Without metadata: Slack then keeps the stamp of the first message, by which it is found."""
        root = Reference.read(delivery.thread.root or "")
        return await _sent(
            self._client.chat_update, channel=root.channel, ts=root.ts, text=message.text, blocks=message.blocks
        )


@asynccontextmanager
async def slack(*, token: str | None, api_url: str = API, timeout: float = 10.0) -> AsyncIterator[Slack]:
    """The channel with its HTTP session. No retries of the SDK's own: they may post twice."""
    # A new connection each time: a request on one that the other side has just closed would be unclear for nothing.
    connector = aiohttp.TCPConnector(force_close=True)
    limits = aiohttp.ClientTimeout(total=timeout, sock_connect=min(_CONNECT, timeout))
    async with aiohttp.ClientSession(connector=connector, timeout=limits) as session:
        base = api_url if api_url.endswith("/") else f"{api_url}/"
        client = AsyncWebClient(token, base_url=base, session=session, retry_handlers=[])
        if not _by_proxy(base):
            client.proxy = None
        yield Slack(client)


def _by_proxy(url: str) -> bool:
    """Whether a proxy of the environment is meant for this address; the SDK knows HTTPS_PROXY and not NO_PROXY."""
    host = urlsplit(url).hostname or ""
    return host not in ("127.0.0.1", "::1", "localhost") and not proxy_bypass(host)


def _is_reply(delivery: Outgoing) -> bool:
    return delivery.thread.root is not None and not delivery.edit


async def _sent(call: Callable[..., Awaitable[Any]], **arguments: Any) -> Sent:
    answer = await call(**arguments)
    if not (answer["channel"] and answer["ts"]):
        raise Unclear("Slack said yes and not where the message is: it may have it or not.")
    return Sent(reference=Reference(answer["channel"], answer["ts"]).written)
