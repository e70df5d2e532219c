"""How each provider signs: known values, and what must not pass for them."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.proof import Unproven, prove_signed
from services.ingest.providers.known import known_providers
from shared.programme.source import Signature

BODY = '{"ping":"voc","text":"café"}'.encode()
SECRET = "voc-test-secret"
SIGNED_AT = datetime.fromtimestamp(1_700_000_000, UTC)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's headers for `BODY` with `SECRET`; `options` of the source where the key needs them."""

    headers: dict[str, str]
    secret: str = SECRET
    options: dict[str, str] = {}
    url: str = ""
    body: bytes = BODY

    def delivery(self, **changed: object) -> Delivery:
        whole = {"source": "s", "body": self.body, "received_at": SIGNED_AT, "headers": self.headers, "url": self.url}
        return Delivery(**{**whole, **changed})  # type: ignore[arg-type]


KNOWN = {
    "typeform": Known(headers={"typeform-signature": "sha256=Rshq8ReaNb1dF8QinjnLipENNSSYVw5yipoLcVuCBo4="}),
    "shopify": Known(headers={"x-shopify-hmac-sha256": "Rshq8ReaNb1dF8QinjnLipENNSSYVw5yipoLcVuCBo4="}),
}
TIMED = [name for name, provider in known_providers().items() if (s := provider.signature) and s.timestamp_header]


def signature_of(name: str) -> Signature:
    signature = known_providers()[name].signature
    assert signature is not None
    return signature


def prove(name: str, delivery: Delivery, *secrets: str, now: datetime = SIGNED_AT) -> None:
    known = KNOWN[name]
    prove_signed(signature_of(name), delivery, secrets or (known.secret,), options=known.options, now=now)


def test_every_provider_that_signs_is_here() -> None:
    assert sorted(KNOWN) == sorted(name for name, one in known_providers().items() if one.signature is not None)


@pytest.mark.parametrize("name", KNOWN)
def test_the_known_value_holds(name: str) -> None:
    prove(name, KNOWN[name].delivery())


@pytest.mark.parametrize("name", KNOWN)
def test_the_secret_of_before_holds_beside_the_new_one(name: str) -> None:
    prove(name, KNOWN[name].delivery(), "bmV3", KNOWN[name].secret)


@pytest.mark.parametrize("name", KNOWN)
def test_a_body_that_was_changed_does_not_pass(name: str) -> None:
    known = KNOWN[name]
    with pytest.raises(Unproven, match="not that of this body"):
        prove(name, known.delivery(body=known.body.replace(b"voc", b"vox")))


@pytest.mark.parametrize("name", KNOWN)
def test_another_secret_does_not_pass(name: str) -> None:
    with pytest.raises(Unproven, match="not that of this body"):
        prove(name, KNOWN[name].delivery(), "YW5vdGhlcg==")
    with pytest.raises(Unproven, match="not that of this body"):
        prove_signed(
            signature_of(name), KNOWN[name].delivery(), (), options=KNOWN[name].options, now=SIGNED_AT
        )  # none is there


@pytest.mark.parametrize("name", KNOWN)
def test_without_its_headers_it_does_not_pass(name: str) -> None:
    for header in KNOWN[name].headers:
        rest = {other: value for other, value in KNOWN[name].headers.items() if other != header}
        with pytest.raises(Unproven):
            prove(name, KNOWN[name].delivery(headers=rest))
        with pytest.raises(Unproven):
            prove(name, KNOWN[name].delivery(headers={**rest, header: "nonsense"}))


@pytest.mark.parametrize("name", TIMED)
def test_a_delivery_of_long_ago_does_not_pass(name: str) -> None:
    tolerance = timedelta(seconds=signature_of(name).tolerance)
    for at in (SIGNED_AT + tolerance, SIGNED_AT - tolerance):
        prove(name, KNOWN[name].delivery(), now=at)
    for at in (SIGNED_AT + tolerance + timedelta(seconds=1), SIGNED_AT - tolerance - timedelta(seconds=1)):
        with pytest.raises(Unproven, match="seconds before or after"):
            prove(name, KNOWN[name].delivery(), now=at)
