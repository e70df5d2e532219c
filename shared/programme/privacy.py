"""Personal data: what is taken out of texts, what stays, and who is known by a pseudonym only."""

import msgspec

KINDS = ("email", "phone", "card", "iban", "ip", "url")
"""What is recognised without a pattern of the company's own."""


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern of the company's own: what `matches` becomes `[NAME]`."""

    name: str
    matches: str


class Privacy(msgspec.Struct, frozen=True, kw_only=True):
    """What of a text becomes a label (`redact`, `patterns`), what never does (`keep`), in which fields.

    `region` is the country whose telephone numbers may stand without their country code. `texts` are fields of data
    besides the contract's own. Subjects and identifiers in the namespaces of `pseudonymise` become keyed hashes;
    `key` is a reference (`env:NAME`), never the key.
    """

    redact: tuple[str, ...] = ()
    region: str | None = None
    keep: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    texts: tuple[str, ...] = ()
    pseudonymise: tuple[str, ...] = ()
    key: str | None = None
