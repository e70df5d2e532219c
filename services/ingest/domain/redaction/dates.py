"""Dates and times in digits: no personal data, and what telephone numbers are most often mistaken for."""

import re
from collections.abc import Iterator

from services.ingest.domain.redaction.span import Span

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_date = re.compile(
    rf"(?<![\w.,/+-])(?:"
    rf"{_DAY}(?P<a>[./-]) ?{_MONTH}(?P=a) ?{_YEAR}"
    rf"|{_MONTH}(?P<b>[./-]){_DAY}(?P=b){_YEAR}"
    rf"|{_YEAR}(?P<c>[./-]){_MONTH}(?P=c){_DAY}"
    rf"|{_DAY}/{_MONTH}/\d\d"
    rf")(?![\d/-]|\.\d)"
)
_time = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?![\d:])")


def find(text: str) -> Iterator[Span]:
    """Days with their year, then times of day."""
    for pattern in (_date, _time):
        for found in pattern.finditer(text):
            yield found.span()
