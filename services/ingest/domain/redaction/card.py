"""Payment cards: 13 to 19 digits, in groups or not, whose last one is Luhn's (ISO/IEC 7812)."""

import re
from collections.abc import Iterator

from services.ingest.domain.redaction import dates, iban
from services.ingest.domain.redaction.span import Span, between

FEWEST, MOST = 13, 19
FULL_GROUP = 4
"""Fewest digits of a group where the number is part of a longer row: cards are embossed in fours and more."""

_row = re.compile(r"\d+(?:[ \u00a0\u2010-\u2013-]{1,3}\d+)*")
_group = re.compile(r"\d+")


def find(text: str) -> Iterator[Span]:
    """Cards, but for those that are part of an account number; dates are no groups of theirs."""
    if sum(char.isdigit() for char in text) < FEWEST:
        return
    for begin, end in between(text, [*iban.find(text), *dates.find(text)]):
        for row in _row.finditer(text, begin, end):
            yield from _in_row(text, row.span())


def luhn(digits: str) -> bool:
    """Whether the last digit is the one that the others ask for."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _in_row(text: str, row: Span) -> Iterator[Span]:
    """The whole row, where it is one card; else the cards in it, each of whole groups."""
    groups = [group.span() for group in _group.finditer(text, *row)]
    if _is_card(text, groups) and all(end - start > 1 for start, end in groups[:-1]):
        yield row
        return
    first = 0
    while first < len(groups):
        last = next((last for last in _lasts(groups, first) if _is_card(text, groups[first : last + 1])), None)
        if last is not None:
            yield groups[first][0], groups[last][1]
        first = first + 1 if last is None else last + 1


def _lasts(groups: list[Span], first: int) -> Iterator[int]:
    """Where a card that begins with the group `first` may end, the longest first."""
    found, digits = [], 0
    for last in range(first, len(groups)):
        size = groups[last][1] - groups[last][0]
        digits += size
        if digits > MOST:
            break
        found.append(last)
        if size < FULL_GROUP:
            break  # only the last group may be short
    return reversed(found)


def _is_card(text: str, groups: list[Span]) -> bool:
    size = sum(end - start for start, end in groups)
    return FEWEST <= size <= MOST and luhn("".join(text[start:end] for start, end in groups))
