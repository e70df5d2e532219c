"""Sources: who may send, and how a payload becomes events."""

from typing import Literal

import msgspec

from shared.programme.journey import Scalar

FROM, LATEST, EARLIEST = "from", "latest", "earliest"
"""The option of a topic's source: whether it is read from its beginning, as it is without one, or what comes from now
on."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer to a question of a survey tool is: a score of `metric`, the comment, or to be ignored.

    `values` gives the score of an answer that is a word or a choice.
    """

    metric: str | None = None
    scale: tuple[float, float] | None = None
    comment: bool = False
    ignore: bool = False
    values: dict[str, float] = {}


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """How a sender proves that a request is his: an HMAC over the bytes that `signed` puts together.

    `signed` is a text with the places {body}, {timestamp}, {id}, {method}, {url} and {form:NAME} (a decoded form
    field). `header` holds the signature (or the form field `field`); where it holds more, `find` is a pattern whose
    group is each one of them. `key` is how the secret becomes the key; `{secret}` and `{option:NAME}` stand in it.
    `tolerance` is how many seconds a signed timestamp may differ from our clock.
    """

    header: str | None = None
    field: str | None = None
    find: str | None = None
    prefix: str = ""
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64", "base64url"] = "hex"
    signed: str = "{body}"
    key: str = "{secret}"
    key_encoding: Literal["utf8", "base64", "hex"] = "utf8"
    key_prefix: str = ""
    """Taken off the secret before it is decoded."""
    timestamp_header: str | None = None
    timestamp_find: str | None = None
    timestamp_unit: Literal["s", "ms", "iso"] = "s"
    id_header: str | None = None
    tolerance: int = 300


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """Where a thin payload's answer is fetched; `token` is a reference as a secret is."""

    url: str
    token: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Who may send, and how a payload becomes events: by webhook (`provider`) or from a topic that exists (`topic`).

    `secret` is references (`env:NAME`), never the secrets: the present one, and the one before while it is being
    changed. `mapping` is the text of the JMESPath file named by `map`. `subject` and `instance` are expressions.
    """

    source: str
    provider: str | None = None
    topic: str | None = None
    secret: tuple[str, ...] = ()
    signature: Signature | None = None
    map: str | None = None
    mapping: str | None = None
    questions: dict[str, Question] = {}
    subject: str | None = None
    instance: str | None = None
    touchpoint: str | None = None
    journey: str | None = None
    channel: str | None = None
    options: dict[str, Scalar] = {}
    api: Api | None = None
    redact: tuple[str, ...] | None = None
    """In place of the programme's `privacy.redact`."""
