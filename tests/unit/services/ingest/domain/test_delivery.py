"""What is taken out of a delivery before anything is kept."""

import pytest

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.payload import payload
from tests.unit.services.ingest.providers.cases import RECEIVED_AT

PARTS = (
    "--b--x\r\nContent-Disposition: form-data; name=\"formID\"\r\n\r\n26\r\n"
    "--b--x\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name=\"webhookURL\"\r\n\r\n{url}\r\n"
    "--b--x\r\nContent-Disposition: form-data; name=\"said\"\r\n\r\nname=\"webhookURL\"\r\n\r\nis no name here\r\n"
    "--b--x--\r\n"
)  # fmt: skip
URL = "https://hooks.example.test/v1/webhooks/visits/t0ken"
MULTIPART = "multipart/form-data; boundary=b--x"
FORM = "application/x-www-form-urlencoded"


def delivery(body: str, content_type: str) -> Delivery:
    headers = {"content-type": content_type}
    return Delivery(source="s", body=body.encode(), headers=headers, received_at=RECEIVED_AT)


def test_a_part_loses_its_value_and_the_others_stay() -> None:
    kept = delivery(PARTS.format(url=URL), MULTIPART).without(["webhookURL"])
    assert kept.body.decode() == PARTS.format(url="")
    assert payload(kept, "form") == {
        "formID": "26",
        "webhookURL": "",
        "said": 'name="webhookURL"\r\n\r\nis no name here',
    }


@pytest.mark.parametrize(
    "broken",
    [
        PARTS.format(url=URL)[: PARTS.index("{url}") + len(URL)],
        PARTS.format(url=URL).replace("\r\n", "\n"),
        PARTS.format(url=URL).replace("--b--x", "--another"),
        PARTS.format(url=URL).replace('"webhookURL"\r\n\r\nhttps', "webhookURL\r\n\r\nhttps"),
        PARTS.format(url=URL) * 2,
    ],
    ids=["cut off", "lines of Unix", "another boundary", "not quoted", "twice"],
)
def test_also_of_a_form_that_cannot_be_read(broken: str) -> None:
    assert "t0ken" in broken
    kept = delivery(broken, MULTIPART).without(["webhookURL"]).body
    assert b"t0ken" not in kept
    assert b"26" in kept


@pytest.mark.parametrize("field", ["webhookURL", "webhook%55RL"])
def test_a_field_of_an_url_encoded_form(field: str) -> None:
    kept = delivery(f"formID=26&{field}=https%3A%2F%2Fh%2Ft0ken&a", FORM).without(["webhookURL"])
    assert kept.body == f"formID=26&{field}=&a".encode()


def test_nothing_is_touched_where_nothing_is_to_be_dropped() -> None:
    whole = delivery(PARTS.format(url=URL), MULTIPART)
    assert whole.without(()) is whole
    assert whole.without(["another"]).body == whole.body
    assert delivery(PARTS.format(url=URL), "application/json").without(["webhookURL"]).body == whole.body


def test_an_element_of_xml_is_emptied() -> None:
    body = b'<n:a xmlns:n="x"><n:SessionId at="1">s3cret</n:SessionId><SessionId>s3cret</SessionId>'
    body += b"<SessionIds>kept</SessionIds>"
    sent = Delivery(source="s", body=body, received_at=RECEIVED_AT, headers={"content-type": "text/xml; charset=utf-8"})
    kept = sent.without(["SessionId"]).body
    assert b"s3cret" not in kept
    assert b"<SessionIds>kept</SessionIds>" in kept
    assert kept.startswith(b'<n:a xmlns:n="x"><n:SessionId at="1"></n:SessionId>')


def test_what_strangers_begin_and_never_end_is_gone_through_once() -> None:
    body = b"<SessionId " * 90_000  # each beginning read to the end would take the better part of an hour
    sent = Delivery(source="s", body=body, received_at=RECEIVED_AT, headers={"content-type": "text/xml"})
    assert sent.without(["SessionId"]).body == body
