"""The inbox's page: its own files only, nothing that a message could run, and news without a reload."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.inbox import Inbox


def mail(inbox: Inbox, html: str | None) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Hello"
    message.set_content("plain")
    if html is not None:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as server:
        server.send_message(message)


def test_the_page_runs_its_own_scripts_and_no_others(inbox: Inbox) -> None:
    page = inbox.http.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for name in ("inbox.css", "inbox.js", "slack.js"):
        assert inbox.http.get(f"/page/{name}").status_code == 200
    assert inbox.http.get("/page/kept.py").status_code == 404
    assert "innerHTML" not in inbox.http.get("/page/inbox.js").text + inbox.http.get("/page/slack.js").text


def test_a_mails_html_runs_nothing_and_fetches_nothing(inbox: Inbox) -> None:
    mail(inbox, "<html><head></head><body><script>parent.document.title='x'</script>hi</body></html>")
    (found,) = inbox.view()["mails"]
    page = inbox.http.get(f"/mails/{found['number']}")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert '<base target="_blank">' in page.text


def test_a_mail_without_html_is_shown_as_text(inbox: Inbox) -> None:
    mail(inbox, None)
    (found,) = inbox.view()["mails"]
    assert (found["html"], found["text"], found["subject"]) == (False, "plain", "Hello")
    assert inbox.http.get(f"/mails/{found['number']}").status_code == 404


def test_it_is_told_only_when_something_has_changed(inbox: Inbox) -> None:
    version = inbox.view()["version"]
    assert inbox.http.get("/view", params={"version": version}).status_code == 204
    assert inbox.api("chat.postMessage", channel="#news", text="x")["ok"]
    assert inbox.http.get("/view", params={"version": version}).status_code == 200


def test_a_mail_that_is_too_large_is_refused(inbox: Inbox) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as caught:
        mail(inbox, "x" * (10 * 1024 * 1024))
    assert caught.value.smtp_code == 552
    assert inbox.messages() == []


def test_its_controls_stand_in_its_own_documentation(inbox: Inbox) -> None:
    paths = inbox.http.get("/openapi.json").json()["paths"]
    assert {"/messages", "/stand-in/slack", "/stand-in/smtp", "/stand-in/pace"} <= paths.keys()
    schema = str(paths["/stand-in/slack"]["put"]["requestBody"])
    assert "retry_after" in schema
