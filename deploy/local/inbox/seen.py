"""What was received, as people read it: for `voc inbox`, and for the page."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from deploy.local.inbox import limits
from deploy.local.inbox.channels import Channels
from deploy.local.inbox.kept import Kept
from deploy.local.inbox.message import Item, Mail, Posted

_NAME = re.compile(r"^\*([^*\n]+)\*\n", re.MULTILINE)
_LINK = re.compile(r"<(https?:[^|>\s]+)\|([^>\n]+)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def items(kept: Kept, channels: Channels) -> list[Item]:
    """All messages in the order in which they came; an edited one as it reads now."""
    names = {channel.id: channel.name for channel in channels.all()}
    found = [_slack_item(message, names) for message in kept.all_posted()]
    found += [_mail_item(mail) for mail in kept.mails()]
    return sorted(found, key=lambda item: item.at)


def view(kept: Kept, channels: Channels) -> dict[str, Any]:
    """The same for the page, with blocks, threads and edits."""
    names = {channel.id: channel.name for channel in channels.all()}
    posted: dict[str, list[dict[str, Any]]] = {}
    for message in kept.all_posted():
        posted.setdefault(message.channel, []).append(_on_page(message))
    slack = [{"id": id, "name": _called(id, names), "messages": messages} for id, messages in posted.items()]
    return {
        "version": kept.version,
        "slack": sorted(slack, key=lambda channel: str(channel["name"])),
        "mails": [_mail_on_page(mail) for mail in kept.mails()],
    }


def html(mail: Mail) -> str | None:
    """The HTML part of a mail; None where it has none."""
    part = _parsed(mail).get_body(("html",))
    return None if part is None else str(part.get_content())


def words(message: Posted) -> str:
    """A message of Slack in plain words: its blocks, else its text, with names before values and links spelt out."""
    said = "\n".join(limits.texts(message.blocks)) or message.text
    said = _LINK.sub(r"\2: \1", _NAME.sub(r"\1: ", said))
    for entity, character in _ENTITIES:
        said = said.replace(entity, character)
    return said


def _slack_item(message: Posted, names: dict[str, str]) -> Item:
    thread = f"{message.channel}/{message.thread_ts or message.ts}"
    return Item(kind="slack", to=_called(message.channel, names), text=words(message), at=message.at, thread=thread)


def _mail_item(mail: Mail) -> Item:
    parsed = _parsed(mail)
    text = "\n\n".join(filter(None, (_subject(parsed), _plain(parsed))))
    return Item(kind="email", to=mail.recipient, text=text, at=mail.at, thread=_thread(parsed))


def _on_page(message: Posted) -> dict[str, Any]:
    return {
        "ts": message.ts,
        "at": message.at.isoformat(),
        "text": message.text,
        "blocks": message.blocks,
        "thread": message.thread_ts,
        "broadcast": message.broadcast,
        "edited": message.edited is not None,
    }


def _mail_on_page(mail: Mail) -> dict[str, Any]:
    parsed = _parsed(mail)
    return {
        "number": mail.number,
        "from": str(parsed.get("From", mail.sender)),
        "to": mail.recipient,
        "subject": _subject(parsed),
        "at": mail.at.isoformat(),
        "thread": _thread(parsed),
        "text": _plain(parsed),
        "html": parsed.get_body(("html",)) is not None,
        "headers": [[name, str(value)] for name, value in parsed.items()],
    }


def _called(id: str, names: dict[str, str]) -> str:
    name = names.get(id, id)
    return name if id.startswith("D") else f"#{name}"


def _parsed(mail: Mail) -> EmailMessage:
    parsed = message_from_bytes(mail.content, policy=default)
    assert isinstance(parsed, EmailMessage)  # what that policy makes
    return parsed


def _subject(parsed: EmailMessage) -> str:
    return str(parsed.get("Subject", ""))


def _plain(parsed: EmailMessage) -> str:
    part = parsed.get_body(("plain",))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n").strip()


def _thread(parsed: EmailMessage) -> str | None:
    """The message that all of a thread refer to, else its own id."""
    references = str(parsed.get("References", "")).split()
    return references[0] if references else str(parsed.get("Message-ID", "")) or None
