"""Reads `privacy` of programme.yaml, and `redact` of a source."""

import re

from shared.programme.faults import nearest
from shared.programme.model import Pattern, Privacy
from shared.programme.pattern import PatternInvalid, bounded
from shared.programme.privacy import KINDS
from shared.programme.reading import Spot, Wrong
from shared.programme.values import choice, identifier, listed, text
from shared.secret import REFERENCE

_label = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
_path = re.compile(r'[^\s."\\]{1,100}(\.[^\s."\\]{1,100}){0,9}')
REGION = "region"


def privacy(spot: Spot) -> Privacy:
    """What is done with personal data."""
    with spot.fields() as fields:
        found = Privacy(
            region=fields.get("region", _region, None),  # first: `redact` asks for it
            redact=fields.get("redact", kinds, ()),
            keep=fields.get("keep", listed(_pattern), ()),
            patterns=fields.get("patterns", listed(_named), ()),
            texts=fields.get("texts", listed(_field), ()),
            pseudonymise=fields.get("pseudonymise", listed(_namespace), ()),
            key=fields.get("key", _key, None),
        )
        if fields.sound:
            _check(found, spot)
        return found


def kinds(spot: Spot) -> tuple[str, ...]:
    """What is to be recognised; telephone numbers only where the programme says of which country."""
    found = listed(choice(KINDS))(spot)
    if "phone" in found and not spot.page.names.declared(REGION):
        raise Wrong("privacy.region in programme.yaml beside phone: the country of numbers without a country code")
    return found


def _check(found: Privacy, spot: Spot) -> None:
    if found.pseudonymise and found.key is None:
        spot.fault("where the key of pseudonyms is, such as key: env:VOC_PSEUDONYM_KEY", "none")
    elif found.key is not None and not found.pseudonymise:
        spot.fault("pseudonymise beside key: the namespaces that it is for", "none")
    elif "phone" in (name.lower() for name in found.pseudonymise) and found.region is None:
        spot.fault("region, the country of telephone numbers without a country code, because phone is pseudonymised")


def _region(spot: Spot) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # a sixth of a second that only programmes with a region pay

    spot.page.names.declare(REGION, spot.raw, spot)
    if text(spot) not in SUPPORTED_REGIONS:
        close = nearest(spot.raw.upper(), SUPPORTED_REGIONS)
        raise Wrong(f"a country of ISO 3166 in two capital letters, such as DE{close}")
    return spot.raw


def _namespace(spot: Spot) -> str:
    if ":" in identifier(spot):
        raise Wrong("a namespace of subjects, such as email")
    return spot.raw


def _key(spot: Spot) -> str:
    """Where the key is. What stands here instead is never repeated: it may be the key."""
    if REFERENCE.fullmatch(spot.raw) is None:
        raise Wrong("where the key is: env:NAME or file:PATH", "something else, not shown")
    return spot.raw


def _pattern(spot: Spot) -> str:
    try:
        bounded(text(spot))
    except PatternInvalid as error:
        raise Wrong(str(error)) from None
    return spot.raw


def _named(spot: Spot) -> Pattern:
    with spot.fields() as fields:
        return Pattern(name=fields.need("name", _name), matches=fields.need("matches", _pattern))


def _name(spot: Spot) -> str:
    if _label.fullmatch(text(spot)) is None:
        raise Wrong("a name in capital letters, such as ORDER: it stands in the text as [ORDER]")
    return spot.raw


def _field(spot: Spot) -> str:
    if _path.fullmatch(text(spot)) is None or spot.raw.startswith("data."):
        raise Wrong("a field of data, with dots into objects and without data., such as attributes.note")
    return spot.raw
