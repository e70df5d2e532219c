"""`voc inbox`, and the part of the local stack that it asks."""

import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from deploy.local.standin import SLACK_API
from tests.integration.deploy.local.voc import Voc


@pytest.fixture(scope="module")
def voc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voc]:
    voc = Voc(tmp_path_factory.mktemp("home"), "inbox")
    voc.up()
    yield voc
    voc.down()


def received(voc: Voc) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(voc.said("inbox", "--json"))
    return found


def test_it_lists_what_came_and_keeps_it_over_a_restart(voc: Voc) -> None:
    assert received(voc) == []
    assert "Nothing has been received yet" in voc.said("inbox")
    gives = voc.stack.parts["inbox"].gives
    headers = {"Authorization": f"Bearer {gives['VOC_SLACK_TOKEN']}"}
    posted = httpx.post(
        f"{gives[SLACK_API]}chat.postMessage", headers=headers, json={"channel": "#care", "text": "a &lt; [b]\nmore"}
    )
    assert posted.json()["ok"], posted.text
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["References"] = "a@b.example", "c@d.example", "Hello", "<1@x>"
    mail.set_content("How are you?\n")
    with smtplib.SMTP("127.0.0.1", int(voc.environ["VOC_INBOX_SMTP_PORT"])) as server:
        server.send_message(mail)

    slack, email = received(voc)
    assert slack.keys() == email.keys() == {"kind", "to", "text", "at", "thread"}
    assert (slack["kind"], slack["to"], slack["text"]) == ("slack", "#care", "a < [b]\nmore")
    assert (email["kind"], email["to"], email["thread"]) == ("email", "c@d.example", "<1@x>")
    assert email["text"] == "Hello\n\nHow are you?"
    assert slack["at"] < email["at"]

    table = voc.said("inbox")
    assert "a < [b]" in table
    assert "more" not in table
    assert f"http://127.0.0.1:{voc.ports['inbox']}" in table
    voc.down("inbox")
    done = voc.run("inbox")
    assert done.returncode == 1
    assert "voc up inbox" in done.stderr
    voc.up("inbox")
    assert received(voc) == [slack, email]


def test_it_stands_beside_the_other_parts_in_status(voc: Voc) -> None:
    assert voc.status()["inbox"] == {
        "pid": voc.pids()["inbox"],
        "url": f"http://127.0.0.1:{voc.ports['inbox']}",
        "healthy": True,
    }


def test_addresses_that_are_given_come_first(voc: Voc) -> None:
    gives = voc.stack.parts["inbox"].gives
    given = {name: value for name, value in gives.items() if name.endswith("URL")}
    assert "external" in voc.said("up", "inbox", VOC_HOME=f"{voc.home.path}-other", **given)
    nobody = {**given, "VOC_SMTP_URL": "smtp://voc:secret@127.0.0.1:9"}
    done = voc.run("up", "inbox", VOC_HOME=f"{voc.home.path}-other", **nobody)
    assert done.returncode == 1
    assert "smtp://voc:…@127.0.0.1:9" in done.stderr
    assert "unset VOC_SLACK_API_URL and VOC_SMTP_URL" in done.stderr
    assert "secret" not in done.stderr
