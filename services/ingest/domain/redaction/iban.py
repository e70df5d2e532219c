"""International bank account numbers: a country, its length, and ISO 7064's check: mod 97 is 1."""

import re
from collections.abc import Iterator

from services.ingest.domain.redaction.span import Span

COUNTRIES = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
"""By how many characters their numbers have (SWIFT's registry): where one ends, whatever is written after it."""

LENGTHS = {country: length for length, countries in COUNTRIES.items() for country in countries.split()}

_begin = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[0-9]{2}(?=[ \u00a0-]{0,2}[A-Za-z0-9])")
_rest = {
    length: re.compile(rf"(?:[ \u00a0-]{{0,2}}[A-Za-z0-9]){{{length - 4}}}(?![A-Za-z0-9])") for length in COUNTRIES
}


def find(text: str) -> Iterator[Span]:
    """Numbers whose check digits are right, in groups or not, in capital letters or not."""
    done = 0
    for begin in _begin.finditer(text):
        length = LENGTHS.get(begin[1].upper())
        rest = _rest[length].match(text, begin.end()) if length and begin.start() >= done else None
        if rest is not None and _checked(begin[0] + rest[0]):
            done = rest.end()
            yield begin.start(), done


def _checked(written: str) -> bool:
    number = "".join(char for char in written if char.isalnum())
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1
