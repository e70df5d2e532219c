"""Customers under a pseudonym: a keyed hash in place of an e-mail address or a telephone number, always the same one.

`email:ana@example.com` becomes `email:~` and 26 characters: the first 128 bits of HMAC-SHA256 over `email:` and the
address as everybody writes it. Without the key nobody can tell whose it is, nor try addresses until one fits.
"""

import hmac
import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable

from shared.errors import VocError
from shared.events.event import customer_of

SHORTEST_KEY = 32
"""Characters: 32 of base64 or hexadecimal are 128 bits or more."""

_pseudonym = re.compile(r"~[a-z2-7]{26}")


class KeyTooShort(VocError):
    """A key that could be guessed."""

    def __init__(self) -> None:
        super().__init__(
            f"The key of pseudonyms is shorter than {SHORTEST_KEY} characters: make one with `openssl rand -base64 32`."
        )


class Pseudonyms:
    """The pseudonyms of some namespaces under one key. `region` reads telephone numbers without a country code."""

    def __init__(self, namespaces: Iterable[str], key: str, *, region: str | None = None) -> None:
        """Raises KeyTooShort."""
        if len(key) < SHORTEST_KEY:
            raise KeyTooShort
        self._namespaces = frozenset(namespace.lower() for namespace in namespaces)
        self._key = key.encode()
        self._region = region

    def concern(self, customer: str) -> bool:
        """Whether a customer is in one of the namespaces, however that is spelt."""
        return customer.partition(":")[0].lower() in self._namespaces

    def of(self, subject: str) -> str:
        """The pseudonym of a subject; a subject that has one already, or needs none, as it is."""
        namespace, _, value = customer_of(subject).partition(":")
        if namespace.lower() not in self._namespaces or _pseudonym.fullmatch(value):
            return subject
        hashed = hmac.digest(
            self._key, f"{namespace.lower()}:{self._normal(namespace.lower(), value)}".encode(), "sha256"
        )
        return f"{namespace}:~{b32encode(hashed[:16]).decode().rstrip('=').lower()}"

    def _normal(self, namespace: str, value: str) -> str:
        """The value as it is hashed: one customer stays one, however the address or the number was written."""
        value = unicodedata.normalize("NFC", value).strip()
        if namespace == "email":
            return value.lower()
        return _e164(value, self._region) if namespace == "phone" else value


def _e164(number: str, region: str | None) -> str:
    """+4930123456; what is no number by the numbering plans without blanks and signs."""
    import phonenumbers  # large, and only for those who ask for it

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return "".join(char for char in number if char.isalnum() or char == "+") or number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
