"""Telephone numbers, by the numbering plans of all countries (phonenumbers)."""

import re
from collections.abc import Iterator

from services.ingest.domain.redaction import card, dates, iban, ip
from services.ingest.domain.redaction.span import Find, Span, between

FEWEST_DIGITS = 6
MOST_DIGITS = 1000
"""A text with more is no comment, and looking for telephone numbers in it would take seconds."""

_enough = re.compile(rf"(?:\d[^\w+]{{0,4}}){{{FEWEST_DIGITS}}}")
_row = re.compile(r"[+(]?\d(?:[^\S\n]?[-./()\u2010-\u2013]{0,2}[^\S\n]?\d)+")
_named = re.compile(r"(?:#|№|[^\W\d_][-_/])\Z")
"""What stands before the number of something: `#`, or letters that a hyphen joins to it."""


def finder(region: str) -> Find:
    """Finds numbers of `region` as they are dialled there, and those of all countries with their country code."""
    from phonenumbers import PhoneNumberMatcher  # large, and only for those who ask for it

    def find(text: str) -> Iterator[Span]:
        if _enough.search(text) is None:
            return
        others = [span for find in (iban.find, card.find, ip.find, dates.find) for span in find(text)]
        for begin, end in between(text, others):
            piece = text[begin:end]
            if sum(char.isdigit() for char in piece) > MOST_DIGITS:
                yield from ((begin + start, begin + stop) for start, stop in _rows(piece))
            else:
                for found in PhoneNumberMatcher(piece, region):
                    start, stop = begin + found.start, begin + found.end
                    if not _is_named(text[max(0, start - 2) : start], found.raw_string):
                        yield start, stop

    return find


def _is_named(before: str, number: str) -> bool:
    return number[0] not in "+＋(0" and _named.search(before) is not None


def _rows(text: str) -> Iterator[Span]:
    """Every row of digits that is long enough, number or not."""
    for row in _row.finditer(text):
        if sum(char.isdigit() for char in row[0]) > FEWEST_DIGITS:
            yield row.span()
