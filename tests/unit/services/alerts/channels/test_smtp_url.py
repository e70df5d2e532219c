"""VOC_SMTP_URL: what it may say, and that a password never travels in the open."""

import pytest

from services.alerts.channels.smtp_url import SmtpServer
from shared.errors import VocError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:8091", SmtpServer(host="127.0.0.1", port=8091)),
        ("smtp://mail.example", SmtpServer(host="mail.example", port=25)),
        ("smtps://mail.example", SmtpServer(host="mail.example", port=465, tls=True)),
        ("smtp://mail.example?starttls=never", SmtpServer(host="mail.example", port=25, start_tls="never")),
        ("smtp://mail.example/?starttls=demanded", SmtpServer(host="mail.example", port=25, start_tls="demanded")),
        (
            "smtps://voc%40x.example:p%40ss@mail.example",
            SmtpServer(host="mail.example", port=465, tls=True, user="voc@x.example", password="p@ss"),
        ),
        (
            "smtp://voc:secret@mail.example",
            SmtpServer(host="mail.example", port=587, start_tls="demanded", user="voc", password="secret"),
        ),
        (
            "smtp://voc:secret@127.0.0.1:2525",
            SmtpServer(host="127.0.0.1", port=2525, start_tls="offered", user="voc", password="secret"),
        ),
    ],
)
def test_it_says_where_and_how(url: str, expected: SmtpServer) -> None:
    assert SmtpServer.read(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example:99999",
        "smtp://mail.example/inbox",
        "smtp://mail.example?starttls=maybe",
        "smtp://mail.example?tls=1",
        "smtp://voc:secret@mail.example?starttls",
    ],
)
def test_what_it_cannot_say_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(VocError, match="VOC_SMTP_URL") as caught:
        SmtpServer.read(url)
    assert "secret" not in str(caught.value)
