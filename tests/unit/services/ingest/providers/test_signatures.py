"""How each provider signs: known values, and what must not pass for them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import msgspec
import pytest

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.proof import Unproven, prove_signed
from services.ingest.providers.known import known_providers
from shared.programme.signature_file import check
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


QUALTRICS = (
    "c9bf015c49f68d48dab8991a469d88860d3947999cca6da797f2666be56587c8"
    "be92cdd6b245535462ea16076ca19f55d9b391061db3fca9a1a96c896cdecac7"
)
STANDARD = Known(
    secret="whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    headers={
        "webhook-id": "msg_voc_0001",
        "webhook-timestamp": "1700000000",
        "webhook-signature": "v1,gs5Og+K6gQd5Az9KekrT/kraXYXXRjTnds3ESyG2fdI=",
    },
)
KNOWN = {
    "delighted": Known(
        headers={
            "x-delighted-webhook-signature": "sha256=46c86af1179a35bd5d17c4229e39cb8a910d352498570e728a9a0b715b82068e"
        }
    ),
    "formbricks": STANDARD,
    "google-forms": Known(
        headers={
            "x-voc-timestamp": "1700000000",
            "x-voc-signature": "sha256=7044ff41e8be0da344f3aa5735d63474c017b3f9de294e27ecc4ba383d645859",
        }
    ),
    "qualtrics": Known(
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=f"Topic=acme.surveyengine&MSG={quote_plus(BODY)}&HMAC={QUALTRICS}".encode(),
    ),
    "standard-webhooks": STANDARD,
    "surveymonkey": Known(headers={"sm-signature": "bdrVd9RVRxXotp1+RaNVy7+Hkqg="}, options={"client_id": "cid"}),
    "tally": Known(headers={"tally-signature": "Rshq8ReaNb1dF8QinjnLipENNSSYVw5yipoLcVuCBo4="}),
    "typeform": Known(headers={"typeform-signature": "sha256=Rshq8ReaNb1dF8QinjnLipENNSSYVw5yipoLcVuCBo4="}),
    "zendesk": Known(
        headers={
            "x-zendesk-webhook-signature": "Ve9vrYSow90zyz6VfwiEtADMv9a+8eIGwPgo1OeE1Mg=",
            "x-zendesk-webhook-signature-timestamp": "2023-11-14T22:13:20Z",
        }
    ),
    "hubspot": Known(
        headers={
            "x-hubspot-signature-v3": "ZHnARjIX8fibbBfUmWf86YlMIGcDHTo+iZlJAtnaklk=",
            "x-hubspot-request-timestamp": "1700000000000",
        },
        url="https://hooks.example.test/v1/hubspot/c1?a=1",
    ),
    "intercom": Known(headers={"x-hub-signature": "sha1=5330ea669a8de123c17e3c976cf0afe7080e9fb6"}),
    "stripe": Known(
        headers={"stripe-signature": "t=1700000000,v1=7044ff41e8be0da344f3aa5735d63474c017b3f9de294e27ecc4ba383d645859"}
    ),
    "segment": Known(headers={"x-signature": "5330ea669a8de123c17e3c976cf0afe7080e9fb6"}),
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
    prove(name, KNOWN[name].delivery(), "bmV3bmV3bmV3bmV3bmV3bmV3", KNOWN[name].secret)


@pytest.mark.parametrize("name", KNOWN)
def test_a_body_that_was_changed_does_not_pass(name: str) -> None:
    known = KNOWN[name]
    with pytest.raises(Unproven, match="not that of this body"):
        prove(name, known.delivery(body=known.body.replace(b"voc", b"vox")))


@pytest.mark.parametrize("name", KNOWN)
def test_what_a_providers_file_says_fits_together_as_in_a_programme(name: str) -> None:
    check(signature_of(name))


@pytest.mark.parametrize("name", KNOWN)
def test_another_secret_does_not_pass(name: str) -> None:
    with pytest.raises(Unproven, match="not that of this body"):
        prove(name, KNOWN[name].delivery(), "YW5vdGhlcmFub3RoZXJhbm90aGVy")
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


def test_of_several_signatures_of_standard_webhooks_one_has_to_hold() -> None:
    right = STANDARD.headers["webhook-signature"]
    for several in (f"v1,AAAA {right}", f"v1a,AAAA {right} v2,x", f"{right} v1,AAAA", f"v1,, {right}"):
        headers = {**STANDARD.headers, "webhook-signature": several}
        prove("standard-webhooks", STANDARD.delivery(headers=headers))
    for none_right in ("v1,AAAA v1,BBBB", right.replace("v1,", "v1a,"), right.removeprefix("v1,")):
        headers = {**STANDARD.headers, "webhook-signature": none_right}
        with pytest.raises(Unproven):
            prove("standard-webhooks", STANDARD.delivery(headers=headers))


def test_the_client_id_is_part_of_surveymonkeys_key() -> None:
    known = KNOWN["surveymonkey"]
    with pytest.raises(Unproven, match="not that of this body"):
        prove_signed(
            signature_of("surveymonkey"), known.delivery(), [known.secret], options={"client_id": "x"}, now=SIGNED_AT
        )


@pytest.mark.parametrize("name", TIMED)
def test_a_delivery_of_long_ago_does_not_pass(name: str) -> None:
    tolerance = timedelta(seconds=signature_of(name).tolerance)
    for at in (SIGNED_AT + tolerance, SIGNED_AT - tolerance):
        prove(name, KNOWN[name].delivery(), now=at)
    for at in (SIGNED_AT + tolerance + timedelta(seconds=1), SIGNED_AT - tolerance - timedelta(seconds=1)):
        with pytest.raises(Unproven, match="seconds before or after"):
            prove(name, KNOWN[name].delivery(), now=at)
