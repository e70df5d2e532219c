"""What Slack's errors mean: one table, and what follows for the delivery. docs/channels.md shows it to people."""

from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from services.alerts.channels.channel import MessageRefused, NotSent, Refused, TryLater, Unclear

LATER = {
    "ratelimited": "Slack asks for a pause",
    "rate_limited": "Slack asks for a pause",
    "service_unavailable": "Slack is not available",
    "team_added_to_org": "the workspace is being moved into an organisation",
    "request_timeout": "Slack did not get the whole request",
}
UNCLEAR = {
    "fatal_error": "Slack failed in the middle of it",
    "internal_error": "Slack failed in the middle of it",
}
REFUSED = {
    "channel_not_found": "there is no channel {address} that the app may see: check the name in owners.yaml, and "
    "invite the app by /invite in the channel",
    "not_in_channel": "the app is not in {address}: invite it by /invite in the channel",
    "is_archived": "{address} is archived: unarchive it, or name another channel in owners.yaml",
    "restricted_action": "the workspace does not let this app post in {address}: ask its administrator",
    "restricted_action_read_only_channel": "{address} is read-only for the app: let it post there in the channel's "
    "settings",
    "restricted_action_thread_only_channel": "{address} takes replies only: let the app post there in the channel's "
    "settings",
    "restricted_action_non_threadable_channel": "{address} has no threads: allow them in the channel's settings",
    "cannot_dm_bot": "{address} is a bot: name a person or a channel in owners.yaml",
    "user_not_found": "there is no member {address}: check the id in owners.yaml",
    "messages_tab_disabled": "the app's Messages tab is off, so nobody can be written to: switch it on in the app's "
    "settings under App Home",
    "not_authed": "no token was sent: set VOC_SLACK_TOKEN",
    "invalid_auth": "Slack does not know the token: set VOC_SLACK_TOKEN to the app's bot token (xoxb-…)",
    "account_inactive": "the app was removed from the workspace: install it again and set VOC_SLACK_TOKEN",
    "token_revoked": "the token was revoked: install the app again and set VOC_SLACK_TOKEN",
    "token_expired": "the token has expired: set VOC_SLACK_TOKEN to a new one",
    "not_allowed_token_type": "VOC_SLACK_TOKEN must be a bot token (xoxb-…)",
    "missing_scope": "the app lacks the scope {needed}: add it in the app's settings and install the app again",
    "no_permission": "the app may not do this in {address}: invite it by /invite, and check its scopes",
    "org_login_required": "the workspace is being moved into an organisation: ask its administrator to sign in",
    "ekm_access_denied": "the workspace's administrators have suspended posting: ask them",
    "team_access_not_granted": "the app has no access to the workspace: install it there",
    "access_denied": "the app may not use this method: ask the workspace's administrator",
    "enterprise_is_restricted": "the organisation does not let apps use this method: ask its administrator",
    "message_limit_exceeded": "the workspace's plan takes no more messages: ask its administrator",
    "message_not_found": "the message was deleted in Slack, so it cannot be changed",
    "cant_update_message": "the message belongs to another app: has VOC_SLACK_TOKEN changed?",
    "edit_window_closed": "the workspace lets messages be changed only for a while, which is over",
    "thread_not_found": "the message was deleted in Slack, so it has no thread",
    "metadata_must_be_sent_from_app": "VOC_SLACK_TOKEN must be a bot token (xoxb-…)",
}
NOT_FITTING = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "too_many_blocks"}
)
"""Slack finds fault with what the message looks like: the floor card is tried, once."""

_OF_SOME = frozenset({"restricted_action_thread_only_channel", "restricted_action_non_threadable_channel"})
"""Refused where a reply is not, or the other way round."""

_AWAY = (
    aiohttp.ClientConnectorError,  # refused, no such host, no certificate
    aiohttp.ConnectionTimeoutError,
)
LOST = (*_AWAY, aiohttp.ClientError, TimeoutError, OSError, SlackClientError, UnicodeDecodeError, AttributeError)
"""All that a call can raise when Slack does not answer as it should; the SDK meets a plain text with AttributeError."""
_LONGEST_PAUSE = 24 * 3600


def code(error: BaseException) -> str | None:
    """Slack's own word for what is wrong, if it said one."""
    data = getattr(getattr(error, "response", None), "data", None)
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None


def outcome(error: BaseException, *, address: str) -> NotSent:
    """What follows from an error of LOST for one delivery."""
    if isinstance(error, aiohttp.InvalidURL):
        return Refused("VOC_SLACK_API_URL is no address: it must read https://slack.com/api/ or be left out.")
    if isinstance(error, _AWAY):
        return TryLater(f"Slack cannot be reached: {said(error)}.")
    if not isinstance(error, SlackApiError):
        return Unclear(f"Slack's answer was lost: {said(error)}.")
    response: Any = error.response  # the SDK's own, or aiohttp's where the body was no JSON
    status: int = response.status_code if hasattr(response, "status_code") else response.status
    word = code(error)
    if status == 429 or word in ("ratelimited", "rate_limited"):
        return TryLater("Slack asks for a pause (429).", _pause(response))
    if word is not None:
        return _of_word(word, response, address)
    if status >= 500 or status == 200:
        return Unclear(f"Slack answered {status} and not in its own way: it may have the message or not.")
    return Refused(f"Slack answered {status}: does VOC_SLACK_API_URL name its Web API?")


def said(error: BaseException) -> str:
    """An error in a few words; some have none of their own."""
    return str(error).partition("\n")[0][:200] or type(error).__name__


def _of_word(word: str, response: Any, address: str) -> NotSent:
    if word in LATER:
        return TryLater(f"Slack: {word}: {LATER[word]}.")
    if word in UNCLEAR:
        return Unclear(f"Slack: {word}: {UNCLEAR[word]}; it may have the message or not.")
    needed = response.data.get("needed") or "that its documentation names"
    advice = REFUSED.get(word, "see docs.slack.dev for what this error asks for")
    kind = MessageRefused if word in _OF_SOME or word not in REFUSED else Refused
    return kind(f"Slack: {word}: {advice.format(address=address, needed=needed)}.")


def _pause(response: Any) -> timedelta | None:
    try:
        seconds = int(response.headers.get("Retry-After", ""))
    except (ValueError, AttributeError):
        return None
    return timedelta(seconds=min(max(seconds, 0), _LONGEST_PAUSE))
