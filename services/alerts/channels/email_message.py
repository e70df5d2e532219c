"""A delivery as a mail: text and HTML that say the same, and headers that put it into its thread."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from msgspec.structs import replace

from services.alerts.channels.channel import Outgoing, Refused
from services.alerts.channels.email_html import html
from services.alerts.domain.wording.card import Card
from services.alerts.domain.wording.compose import compose
from services.alerts.domain.wording.text import one_line

# 7bit: encoded so that it passes every server, whatever extensions that one knows.
_POLICY = SMTP.clone(cte_type="7bit")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_OWNERS = "owners.yaml"
_LONGEST_SUBJECT = 150
_LONGEST_VERBATIM = 20_000


def message(delivery: Outgoing, *, sender: str, recipient: str, at: datetime) -> EmailMessage:
    """The same Message-ID whenever this delivery is sent; all of a thread answer a parent that was never sent."""
    card = _shortened(compose(delivery.letter))
    host = _host(sender)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(sender, "VOC_SMTP_FROM")
    mail["To"] = _address(recipient, _OWNERS)
    mail["Subject"] = ("Re: " if delivery.thread.root else "") + one_line(card.subject)[:_LONGEST_SUBJECT]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(delivery, sender=sender)
    mail["In-Reply-To"] = mail["References"] = f"<{delivery.thread.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"  # the same for Exchange, which does not know Auto-Submitted
    mail.set_content(text(card))
    mail.add_alternative(html(card), subtype="html")
    return mail


def message_id(delivery: Outgoing, *, sender: str) -> str:
    """`<delivery@host>`, which is also the reference that is stored."""
    return f"<{delivery.delivery}@{_host(sender)}>"


def envelope_of(sender: str) -> str:
    """The address alone, in the letters that mail servers know: whom the envelope is from. Raises Refused."""
    return _address(sender, "VOC_SMTP_FROM").addr_spec


def recipient_of(address: str) -> str:
    """The one address, in the letters that mail servers know. Raises Refused for what is none, and for several.

    Of several, one may be taken and another put off: each has to be a delivery of its own.
    """
    if not address.strip():
        raise Refused("There is no mail address: name one in owners.yaml.")
    if "," in address:
        raise Refused(
            "There are several mail addresses in one: give each a line of its own under notify in owners.yaml"
        )
    local, domain = _parted(address.strip(), _OWNERS)
    return f"{local}@{domain}"


def text(card: Card) -> str:
    """The card for who reads no HTML."""
    return "\n".join(_text(card)) + "\n"


def _text(card: Card) -> Iterator[str]:
    yield card.headline
    yield "=" * min(len(card.headline), 70)
    yield ""
    yield from card.lines
    if card.verbatim:
        yield ""
        yield from (f"> {line}" for line in card.verbatim.split("\n"))
    if card.facts:
        yield ""
        yield from (f"{fact.name}: {fact.value}" for fact in card.facts)
    if card.links:
        yield ""
        yield from (f"{link.says}: {link.url}" for link in card.links)
    yield ""
    yield "-- "
    yield card.foot


def _shortened(card: Card) -> Card:
    if card.verbatim is None or len(card.verbatim) <= _LONGEST_VERBATIM:
        return card
    return replace(card, verbatim=card.verbatim[:_LONGEST_VERBATIM].rstrip() + "…")


def _host(sender: str) -> str:
    """The part of VOC_SMTP_FROM behind the @."""
    return _parted(parseaddr(sender)[1], "VOC_SMTP_FROM")[1]


def _address(written: str, place: str) -> Address:
    name, address = parseaddr(written)
    local, domain = _parted(address, place)
    return Address(display_name=one_line(name), username=local, domain=domain)


def _parted(address: str, place: str) -> tuple[str, str]:
    """Local part and host, the latter in the letters that mail servers know. Raises Refused."""
    local, _, domain = address.rpartition("@")
    try:
        host = domain.encode("idna").decode()
    except UnicodeError:
        host = ""
    if not (_LOCAL.fullmatch(local) and _HOST.fullmatch(host)):
        raise Refused(f"{address!r} is no mail address that can be sent to: correct it in {place}.")
    return local, host
