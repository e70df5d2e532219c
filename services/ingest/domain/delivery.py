"""One request of a survey tool or a CRM, as it came."""

import re
from base64 import b64decode
from collections.abc import Collection
from datetime import datetime
from urllib.parse import parse_qsl, unquote_plus

import msgspec

FORM_TYPE = "application/x-www-form-urlencoded"
MULTIPART_TYPE = "multipart/form-data"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What a source sent. `headers` have lower-case names, of each the last value; `url` is the public one, whole.

    `token` is what the sender put into the path or the query to prove himself, where he did.
    """

    source: str
    body: bytes
    received_at: datetime
    headers: dict[str, str] = {}
    method: str = "POST"
    url: str = ""
    token: str | None = None

    @property
    def media_type(self) -> str:
        """Lower-case, without parameters; empty where none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def tokens(self) -> list[str]:
        """What may be the sender's secret: of the path, of `Authorization: Bearer`, the password of Basic."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        given = [self.token] if self.token else []
        if kind.lower() == "bearer":
            given.append(value.strip())
        elif kind.lower() == "basic":
            given += _password(value.strip())
        return given

    def form(self) -> dict[str, str]:
        """The fields of an url-encoded form, of each the last value; empty for other bodies."""
        if self.media_type != FORM_TYPE:
            return {}
        try:
            return dict(parse_qsl(self.body.decode("utf-8"), keep_blank_values=True, max_num_fields=1000))
        except (UnicodeDecodeError, ValueError):
            return {}

    def without(self, fields: Collection[str]) -> "Delivery":
        """The same without the values of these fields of a form, or elements of XML, also where it is broken."""
        if not fields:
            return self
        body = self.body
        if self.media_type == MULTIPART_TYPE:
            body = b"".join(_emptied(part, fields) for part in _between_boundaries.split(body))
        elif self.media_type == FORM_TYPE:
            body = b"&".join(
                b"%b=" % name if unquote_plus(name.decode("latin-1")) in fields else b"%b%b%b" % (name, sign, value)
                for name, sign, value in (pair.partition(b"=") for pair in body.split(b"&"))
            )
        elif self.media_type.endswith("xml"):
            names = b"|".join(re.escape(field.encode()) for field in fields)
            body = re.sub(rb"(<(?:[\w-]+:)?(?:%b)(?:\s[^<>]*)?>)[^<]*" % names, rb"\1", body)
        return msgspec.structs.replace(self, body=body)


_between_boundaries = re.compile(rb"(\r?\n--)")
_blank = re.compile(rb"\r?\n\r?\n")
_name = re.compile(rb"""[ ;]name="?([^";\r\n]*)""")


def _emptied(part: bytes, fields: Collection[str]) -> bytes:
    """A part of `multipart/form-data`, without its value if it is one of `fields`."""
    blank = _blank.search(part)
    named = _name.search(part, 0, blank.start() if blank else 0)
    dropped = blank and named and named[1].decode("utf-8", "replace") in fields
    return part[: blank.end()] if blank and dropped else part


def _password(basic: str) -> list[str]:
    try:
        return [b64decode(basic, validate=True).decode().partition(":")[2]]
    except ValueError:
        return []
