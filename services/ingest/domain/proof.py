"""Whether a delivery is from whom it says: an HMAC over its raw bytes, or a token that only the sender knows."""

import hmac
import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Iterable
from datetime import UTC, datetime

from services.ingest.domain.delivery import Delivery
from shared.programme.signature_file import PLACES
from shared.programme.source import Signature

MOST_SIGNATURES = 10
"""A header may hold several, for several secrets and schemes; nobody sends more."""
SHORTEST_KEY = 16
"""Bytes of a key that is written in base64 or hex: a shorter one was cut, or is none."""


class Unproven(Exception):
    """The sentence says what is missing or wrong, never what would have been right."""


def prove_signed(
    signature: Signature, delivery: Delivery, secrets: Iterable[str], *, options: dict[str, str], now: datetime
) -> None:
    """Return where one of `secrets` (the new one, the one before) made the signature over exactly these bytes.

    `options` are the source's, for keys that are put together of several parts. Raises Unproven.
    """
    given = _signatures(signature, delivery)
    timestamp = _timestamp(signature, delivery)
    message = _message(signature.signed, delivery, timestamp, _id(signature, delivery))
    found = False
    for key in _keys(signature, secrets, options):
        right = hmac.new(key, message, signature.algorithm).digest()
        for one in given:
            found |= hmac.compare_digest(one, right)
    if not found:
        raise Unproven("the signature is not that of this body and the source's secret")
    if timestamp is not None:
        _check_age(signature, timestamp, now)


def prove_token(delivery: Delivery, secrets: Iterable[str]) -> None:
    """Return where the sender gave one of `secrets` in the path or as a bearer token. Raises Unproven."""
    given = [token.encode() for token in delivery.tokens()]
    if not given:
        raise Unproven("neither the path nor Authorization holds the source's token")
    found = False
    for secret in secrets:
        for token in given:
            found |= hmac.compare_digest(token, secret.encode())
    if not found:
        raise Unproven("the token is not the source's")


def _signatures(signature: Signature, delivery: Delivery) -> list[bytes]:
    """The signatures that were sent, decoded; what cannot be decoded is none."""
    if signature.field is not None:
        where, text = f"the form's field {signature.field}", delivery.form().get(signature.field, "")
    else:
        where, text = f"the header {signature.header}", delivery.headers.get(signature.header or "", "")
    if not text:
        raise Unproven(f"{where} with the signature is missing")
    if signature.find is not None:
        texts = re.findall(signature.find, text[:4096])[:MOST_SIGNATURES]
    else:
        texts = [text.removeprefix(signature.prefix)] if text.startswith(signature.prefix) else []
    decoded = [one for one in (_decoded(signature.encoding, text) for text in texts) if one]
    if not decoded:
        raise Unproven(f"{where} holds no signature of the kind that is expected")
    return decoded


def _decoded(encoding: str, text: str) -> bytes | None:
    try:
        if encoding == "hex":
            return bytes.fromhex(text.strip())
        if encoding == "base64url":
            return urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
        return b64decode(text.strip(), validate=True)
    except ValueError:
        return None


def _timestamp(signature: Signature, delivery: Delivery) -> str | None:
    """The signed timestamp's text, None where none is signed."""
    if signature.timestamp_header is None:
        return None
    text = delivery.headers.get(signature.timestamp_header, "")
    if signature.timestamp_find is not None:
        found = re.search(signature.timestamp_find, text[:4096])
        text = found[1] if found else ""
    if not text:
        raise Unproven(f"the header {signature.timestamp_header} with the time of signing is missing")
    return text


def _id(signature: Signature, delivery: Delivery) -> str:
    if signature.id_header is None:
        return ""
    text = delivery.headers.get(signature.id_header, "")
    if not text and "{id}" in signature.signed:
        raise Unproven(f"the header {signature.id_header} is missing")
    return text


def _message(signed: str, delivery: Delivery, timestamp: str | None, event_id: str) -> bytes:
    """The bytes that are signed. Texts between the places are taken as they stand."""
    parts: list[bytes] = []
    form = delivery.form() if "{form:" in signed else {}
    at = 0
    for place in PLACES.finditer(signed):
        parts.append(signed[at : place.start()].encode())
        at = place.end()
        name = place[1]
        if name == "body":
            parts.append(delivery.body)
        elif name.startswith("form:"):
            parts.append(form.get(name[5:], "").encode())
        else:
            texts = {"timestamp": timestamp or "", "id": event_id, "method": delivery.method, "url": delivery.url}
            parts.append(texts.get(name, "").encode("latin-1", "replace"))
    parts.append(signed[at:].encode())
    return b"".join(parts)


def _keys(signature: Signature, secrets: Iterable[str], options: dict[str, str]) -> list[bytes]:
    """Of the secrets that can be one. Raises Unproven where all that there are cannot."""
    keys: list[bytes] = []
    unfit: list[Unproven] = []
    for secret in secrets:
        try:
            keys.append(_key(signature, secret, options))
        except Unproven as reason:
            unfit.append(reason)
    if unfit and not keys:
        raise unfit[0]
    return keys


def _key(signature: Signature, secret: str, options: dict[str, str]) -> bytes:
    own = secret.removeprefix(signature.key_prefix)
    if not own.strip():
        raise Unproven("the source's secret is empty")
    text = signature.key.replace("{secret}", own)
    for name, value in options.items():
        text = text.replace(f"{{option:{name}}}", value)
    try:
        if signature.key_encoding == "utf8":
            return text.encode()
        key = bytes.fromhex(text) if signature.key_encoding == "hex" else b64decode(text.strip(), validate=True)
    except ValueError:
        raise Unproven(f"the source's secret is not {signature.key_encoding}, as its signatures need it") from None
    if len(key) < SHORTEST_KEY:
        raise Unproven(f"the source's secret holds fewer than {SHORTEST_KEY} bytes in {signature.key_encoding}")
    return key


def _check_age(signature: Signature, timestamp: str, now: datetime) -> None:
    """The timestamp is the sender's now that the signature has held."""
    try:
        if signature.timestamp_unit == "iso":
            at = datetime.fromisoformat(timestamp)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
        else:
            at = datetime.fromtimestamp(int(timestamp) / (1000 if signature.timestamp_unit == "ms" else 1), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unproven("the time of signing cannot be read") from None
    if abs((now - at).total_seconds()) > signature.tolerance:
        raise Unproven(f"it was signed more than {signature.tolerance} seconds before or after our clock's now")
