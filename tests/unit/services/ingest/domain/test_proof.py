"""Signatures as a source may describe them, tokens, and headers that strangers make up."""

import hmac
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.proof import Unproven, prove_signed, prove_token
from shared.programme.source import Signature

NOW = datetime.fromtimestamp(1_700_000_000, UTC)


def delivery(body: bytes = b"Hello, World!", token: str | None = None, **headers: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery(source="s", body=body, received_at=NOW, headers=named, token=token, url="https://h.test/x?a=1")


def prove(signature: Signature, sent: Delivery, secret: str, **options: str) -> None:
    prove_signed(signature, sent, [secret], options=options, now=NOW)


def test_the_published_value_of_github() -> None:
    signature = Signature(header="x-hub-signature-256", prefix="sha256=")
    value = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    prove(signature, delivery(x_hub_signature_256=f"sha256={value}"), "It's a Secret to Everybody")
    with pytest.raises(Unproven, match="holds no signature of the kind"):
        prove(signature, delivery(x_hub_signature_256=value), "It's a Secret to Everybody")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("encoding", ["hex", "base64", "base64url"])
def test_everything_that_may_be_signed(algorithm: str, encoding: str) -> None:
    signature = Signature(
        header="x-s",
        algorithm=algorithm,  # type: ignore[arg-type]
        encoding=encoding,  # type: ignore[arg-type]
        signed="v0:{id}.{timestamp}.{method}{url}{body}",
        id_header="x-id",
        timestamp_header="x-at",
        key="{option:account}&{secret}",
    )
    message = b"v0:7.1700000000.POSThttps://h.test/x?a=1Hello, World!"
    right = hmac.new(b"acme&s3cret", message, algorithm).digest()
    written = {"hex": right.hex(), "base64": b64encode(right).decode()}
    value = written.get(encoding) or urlsafe_b64encode(right).decode().rstrip("=")
    prove(signature, delivery(x_s=value, x_id="7", x_at="1700000000"), "s3cret", account="acme")
    with pytest.raises(Unproven, match="not that of this body"):
        prove(signature, delivery(x_s=value, x_id="8", x_at="1700000000"), "s3cret", account="acme")


def test_a_form_field_is_signed_as_it_is_decoded() -> None:
    signature = Signature(field="HMAC", algorithm="sha512", signed="{form:MSG}")
    right = hmac.new(b"k", b'{"a": "\xc3\xbc"}', "sha512").hexdigest()
    form = f"Topic=t&MSG=%7B%22a%22%3A+%22%C3%BC%22%7D&HMAC={right}".encode()
    prove(signature, delivery(form, content_type="application/x-www-form-urlencoded"), "k")
    with pytest.raises(Unproven, match="the form's field HMAC"):
        prove(signature, delivery(form), "k")


def test_several_signatures_in_one_header() -> None:
    signature = Signature(header="sig", find=r"(?:^| )v1,(\S+)", encoding="base64")
    right = b64encode(hmac.new(b"k", b"Hello, World!", "sha256").digest()).decode()
    prove(signature, delivery(sig=f"v1a,xxxx v1,AAAA v1,{right}"), "k")
    with pytest.raises(Unproven, match="holds no signature"):
        prove(signature, delivery(sig=f"v2,{right}"), "k")


@pytest.mark.parametrize("at", ["soon", "", "9" * 30, "-1", "1699999000"])
def test_times_of_signing_that_are_none(at: str) -> None:
    signature = Signature(header="s", signed="{timestamp}{body}", timestamp_header="t")
    right = hmac.new(b"k", at.encode() + b"Hello, World!", "sha256").hexdigest()
    with pytest.raises(Unproven):
        prove(signature, delivery(s=right, t=at), "k")


@given(st.text(max_size=60), st.text(max_size=60), st.binary(max_size=60))
def test_nothing_that_a_stranger_sends_passes_or_breaks_it(value: str, at: str, body: bytes) -> None:
    for signature in (
        Signature(header="s", encoding="base64", signed="{timestamp}.{body}", timestamp_header="t"),
        Signature(
            header="s",
            find="v1=([0-9a-f]+)",
            signed="{timestamp}{body}",
            timestamp_header="t",
            timestamp_find=r"t=(\d+)",
        ),
        Signature(
            header="s", encoding="base64url", signed="{timestamp}{body}", timestamp_unit="iso", timestamp_header="t"
        ),
    ):
        with pytest.raises(Unproven):
            prove(signature, delivery(body, s=value, t=at), "k")


def test_a_secret_that_is_not_encoded_as_it_must_be_is_said() -> None:
    signature = Signature(header="s", key_encoding="hex")
    with pytest.raises(Unproven, match="the source's secret is not hex"):
        prove(signature, delivery(s="00"), "not hex")


@pytest.mark.parametrize(
    ("encoding", "secret", "says"),
    [
        ("base64", "whsec_", "secret is empty"),
        ("base64", "whsec_ ", "secret is empty"),
        ("utf8", "whsec_", "secret is empty"),
        ("base64", "whsec_%%%%", "is not base64"),
        ("base64", "whsec_bmV3", "fewer than 16 bytes in base64"),
        ("hex", "00" * 15, "fewer than 16 bytes in hex"),
    ],
)
def test_nobody_signs_by_a_key_that_is_none(encoding: str, secret: str, says: str) -> None:
    signature = Signature(header="s", key_encoding=encoding, key_prefix="whsec_")  # type: ignore[arg-type]
    for key in (b"", b"new", bytes(15)):
        sent = delivery(s=hmac.new(key, b"Hello, World!", "sha256").hexdigest())
        with pytest.raises(Unproven, match=says):
            prove(signature, sent, secret)


def test_a_secret_that_is_no_key_does_not_stand_in_the_way_of_the_one_before() -> None:
    signature = Signature(header="s", key_encoding="hex")
    sent = delivery(s=hmac.new(bytes(16), b"Hello, World!", "sha256").hexdigest())
    prove_signed(signature, sent, ["not hex", "00" * 16], options={}, now=NOW)
    with pytest.raises(Unproven, match="not that of this body"):
        prove_signed(signature, sent, ["not hex", "01" * 16], options={}, now=NOW)


def test_tokens() -> None:
    basic = b64encode(b"voc:t0ken").decode()
    for sent in (
        delivery(token="t0ken"),
        delivery(authorization="Bearer t0ken"),
        delivery(authorization=f"Basic {basic}"),
    ):
        prove_token(sent, ["new", "t0ken"])
        with pytest.raises(Unproven, match="is not the source's"):
            prove_token(sent, ["new"])
    for sent in (delivery(), delivery(authorization="Basic %"), delivery(authorization="Digest t0ken")):
        with pytest.raises(Unproven):
            prove_token(sent, ["t0ken"])
