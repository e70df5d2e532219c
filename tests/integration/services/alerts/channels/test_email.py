"""E-mail, against a server that refuses, drops and forgets on demand: the contract of channel.py."""

import asyncio
from collections.abc import Awaitable
from email import message_from_string
from email.policy import default
from typing import Any

import pytest
from msgspec.structs import replace

from services.alerts.channels.channel import MessageRefused, NotSent, Refused, TryLater, Unclear
from services.alerts.channels.email import Email
from services.alerts.channels.smtp_url import SmtpServer
from services.alerts.domain.letter import Case
from shared.clock import now
from tests.inbox import Inbox
from tests.integration.services.alerts.channels.conftest import SENDER
from tests.letters import CASE, EPISODE, LETTERS, WHO, outgoing
from tests.processes import free_port

DELIVERY = "delivery@nordwind.example"
RED = outgoing(LETTERS["red"], address=DELIVERY)


async def raised(call: Awaitable[Any]) -> NotSent:
    with pytest.raises(NotSent) as caught:
        await call
    return caught.value


def headers(mail: dict[str, Any]) -> dict[str, str]:
    return dict(mail["headers"])


@pytest.mark.parametrize("kind", LETTERS)
async def test_every_letter_is_a_mail_of_text_and_html(email: Email, inbox: Inbox, kind: str) -> None:
    await email.send(outgoing(LETTERS[kind], address=DELIVERY))
    (mail,) = inbox.view()["mails"]
    assert (mail["to"], mail["html"]) == (DELIVERY, True)
    page = inbox.http.get(f"/mails/{mail['number']}")
    assert "<h1" in page.text
    assert "script-src" not in page.headers["content-security-policy"], "default-src 'none' holds for scripts"
    assert "src=" not in page.text, "nothing is fetched"


async def test_the_mails_of_an_episode_are_one_thread(email: Email, inbox: Inbox) -> None:
    root = await email.send(RED)
    await email.send(outgoing(LETTERS["recovered"], number=2, address=DELIVERY, root=root.reference))
    red, recovered = map(headers, inbox.view()["mails"])
    parent = f"<{EPISODE}@nordwind.example>"
    for header in ("In-Reply-To", "References"):
        assert red[header] == recovered[header] == parent
    assert root.reference == red["Message-ID"] != recovered["Message-ID"]
    assert recovered["Subject"] == f"Re: {red['Subject']}"
    assert red["Auto-Submitted"] == "auto-generated"
    assert {message["thread"] for message in inbox.messages()} == {parent}


async def test_sent_again_it_is_the_same_mail(email: Email, inbox: Inbox) -> None:
    assert await email.send(RED) == await email.send(RED)
    assert isinstance(await raised(email.find(RED)), Refused), "nobody can be asked"
    one, other = map(headers, inbox.view()["mails"])
    assert one["Message-ID"] == other["Message-ID"]


@pytest.mark.parametrize("step", ["connect", "mail", "rcpt", "data"])
@pytest.mark.parametrize(("reply", "kind"), [("451 4.3.0 later", TryLater), ("550 5.7.1 never", Refused)])
async def test_4xx_is_tried_again_and_5xx_is_not(
    email: Email, inbox: Inbox, step: str, reply: str, kind: type[Exception]
) -> None:
    inbox.tell("smtp", step=step, reply=reply, times=1)
    said = await raised(email.send(RED))
    assert isinstance(said, kind)
    assert isinstance(said, MessageRefused) == (kind is Refused and step == "data"), "others may well arrive there"
    assert reply.partition(" ")[2].split()[-1] in said.reason
    assert inbox.messages() == []
    await email.send(RED)
    assert len(inbox.messages()) == 1


@pytest.mark.parametrize("step", ["connect", "mail", "rcpt"])
async def test_a_connection_that_breaks_before_the_mail_has_surely_not_delivered(
    email: Email, inbox: Inbox, step: str
) -> None:
    inbox.tell("smtp", step=step, reply=None, times=1)
    assert isinstance(await raised(email.send(RED)), TryLater)


@pytest.mark.parametrize(("step", "arrived"), [("data", 0), ("after-data", 1)])
async def test_one_that_breaks_before_the_last_word_is_unclear(
    email: Email, inbox: Inbox, step: str, arrived: int
) -> None:
    inbox.tell("smtp", step=step, reply=None, times=1)
    assert isinstance(await raised(email.send(RED)), Unclear)
    assert len(inbox.messages()) == arrived


async def test_nobody_there_is_later() -> None:
    nobody = Email(SmtpServer(host="127.0.0.1", port=free_port()), sender=SENDER, clock=now)
    assert isinstance(await raised(nobody.send(RED)), TryLater)


async def test_a_server_that_says_nothing_is_later() -> None:
    """Before the mail was handed over, that is: a greeting that never comes."""
    silent = await asyncio.start_server(lambda _reader, _writer: asyncio.sleep(30), "127.0.0.1", 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        email = Email(SmtpServer(host="127.0.0.1", port=port), sender=SENDER, clock=now, timeout=0.5)
        assert isinstance(await raised(email.send(RED)), TryLater)


async def test_several_addresses_in_one_are_refused_for_one_might_be_lost(email: Email, inbox: Inbox) -> None:
    inbox.tell("smtp", step="rcpt", reply="450 4.2.0 come again", recipient="other@nordwind.example")
    refused = await raised(email.send(replace(RED, address=f"{DELIVERY}, other@nordwind.example")))
    assert isinstance(refused, Refused)
    assert "under notify" in refused.reason
    assert inbox.messages() == []


async def test_who_is_refused_is_named_with_where_he_stands(email: Email, inbox: Inbox) -> None:
    inbox.tell("smtp", step="rcpt", reply="550 5.1.1 nobody here", recipient="gone@nordwind.example")
    refused = await raised(email.send(replace(RED, address="gone@nordwind.example")))
    assert isinstance(refused, Refused)
    assert "gone@nordwind.example in owners.yaml" in refused.reason


async def test_customers_write_no_headers_and_no_html(email: Email, inbox: Inbox) -> None:
    evil = "<script>alert(1)</script>\r\nBcc: everybody@example.com\r\n.\r\nQUIT\r\n"
    letter = Case(**WHO, case=replace(CASE, rule=evil, customer=evil, comment=evil, touchpoint_name=evil))
    await email.send(outgoing(letter, address=DELIVERY))
    (mail,) = inbox.view()["mails"]
    assert "Bcc" not in headers(mail)
    page = inbox.http.get(f"/mails/{mail['number']}").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "QUIT" in mail["text"], "a line of one dot is no end"


async def test_without_a_server_it_says_what_to_set() -> None:
    for none in (Email(None, sender=SENDER, clock=now), Email(SmtpServer(host="h", port=1), sender=None, clock=now)):
        refused = await raised(none.send(RED))
        assert isinstance(refused, Refused)
        assert "VOC_SMTP_URL" in refused.reason
        assert "VOC_SMTP_FROM" in refused.reason


@pytest.mark.parametrize(
    "address", ["nobody", "a b@c.d", "ü@example.com", "", "a@" + "x" * 70 + ".example", "a<b@c.d", "a@c.d>", "a..b@c.d"]
)
async def test_what_is_no_address_is_refused_with_where_it_stands(email: Email, address: str) -> None:
    refused = await raised(email.send(replace(RED, address=address)))
    assert isinstance(refused, Refused)
    assert "owners.yaml" in refused.reason


async def test_it_passes_a_server_that_knows_seven_bits_only(email: Email, inbox: Inbox) -> None:
    await email.send(outgoing(LETTERS["case-answer"], address=DELIVERY))
    (mail,) = inbox.view()["mails"]
    parsed = message_from_string("\n".join(f"{name}: {value}" for name, value in mail["headers"]), policy=default)
    assert str(parsed["Subject"]).startswith("Case 5b0c9d: very unhappy · ")
    assert "Third time this month & nobody <told> me." in mail["text"]


async def test_a_sender_that_is_none_is_named_by_its_setting(inbox: Inbox) -> None:
    email = Email(SmtpServer.read(inbox.smtp_url), sender="Voice of the Customer", clock=now)
    refused = await raised(email.send(RED))
    assert isinstance(refused, Refused)
    assert "VOC_SMTP_FROM" in refused.reason


async def test_hosts_are_written_in_the_letters_that_servers_know(inbox: Inbox) -> None:
    email = Email(SmtpServer.read(inbox.smtp_url), sender="Bücher <voc@bücher.example>", clock=now, timeout=2)
    sent = await email.send(replace(RED, address="delivery@bücher.example"))
    (mail,) = inbox.view()["mails"]
    assert mail["to"] == "delivery@xn--bcher-kva.example"
    assert "<voc@xn--bcher-kva.example>" in headers(mail)["From"]
    assert sent.reference == headers(mail)["Message-ID"]
