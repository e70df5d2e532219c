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
        return _namespace(customer.partition(":")[0]) in self._namespaces

    def of(self, subject: str) -> str:
        """The pseudonym of a subject, its namespace as the programme writes it; one that needs none as it is."""
        spelt, _, value = customer_of(subject).partition(":")
        namespace = _namespace(spelt)
        if namespace not in self._namespaces:
            return subject
        if _pseudonym.fullmatch(value):
            return f"{namespace}:{value}"
        hashed = hmac.digest(self._key, f"{namespace}:{self._normal(namespace, value)}".encode(), "sha256")
        return f"{namespace}:~{b32encode(hashed[:16]).decode().rstrip('=').lower()}"

    def _normal(self, namespace: str, value: str) -> str:
        """The value as it is hashed: one customer stays one, however the address or the number was written."""
        value = unicodedata.normalize("NFC", value).strip()
        if namespace in ("email", "phone"):
            value = _visible(value).strip()
        if namespace == "email":
            return value.lower()
        return _e164(value, self._region) if namespace == "phone" else value


def _namespace(spelt: str) -> str:
    """As the programme writes it: without blanks and what nobody sees, in small letters of usual width."""
    if spelt.isascii():
        return spelt.strip().lower()
    return _visible(unicodedata.normalize("NFKC", spelt)).strip().lower()


def _visible(text: str) -> str:
    """Without what has no width: a zero-width space, a byte order mark, a change of direction."""
    return text if text.isascii() else "".join(char for char in text if unicodedata.category(char) != "Cf")


def _e164(number: str, region: str | None) -> str:
    """+4930123456; what is no number by the numbering plans without blanks and signs."""
    import phonenumbers  # large, and only for those who ask for it

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return "".join(char for char in number if char.isalnum() or char == "+") or number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
