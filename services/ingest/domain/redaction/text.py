"""Takes personal data out of a text: which recogniser goes first, what stays, and that twice is the same as once."""

import re
from collections.abc import Iterable, Iterator

from services.ingest.domain.redaction import card, email, iban, ip, phone, url
from services.ingest.domain.redaction.span import Find, Span, outside
from shared.programme.model import Pattern, Privacy
from shared.programme.pattern import bounded

ORDER = ("url", "email", "iban", "card", "ip", "phone")
"""The longer goes first: a URL takes the address in it along. What has check digits goes before what has a shape only:
an account number is no card, and neither of them is a telephone number."""

_OF_DIGITS = frozenset(f"[{kind.upper()}]" for kind in ("iban", "card", "ip", "phone"))
_digit = re.compile(r"\d")

MOST_PASSES = 10
"""A label may uncover what touched it; nothing that people write has needed more than two passes."""


class Redactor:
    """Redacts texts by one privacy policy. Labels of before are never looked into."""

    def __init__(self, kinds: Iterable[str], privacy: Privacy) -> None:
        self._finders = [*map(_own, privacy.patterns), *_finders(kinds, privacy.region)]
        self._keep = [re.compile(bounded(pattern)).finditer for pattern in privacy.keep]
        labels = dict.fromkeys([*(kind.upper() for kind in ORDER), *(pattern.name for pattern in privacy.patterns)])
        self._labels = re.compile(rf"(\[(?:{'|'.join(labels)})\])")

    def __call__(self, text: str) -> str:
        """The text with a label in place of everything that was found."""
        for _ in range(MOST_PASSES):
            before = text
            digits = _digit.search(text) is not None
            for label, find in self._finders:
                if digits or label not in _OF_DIGITS:
                    text = self._replaced(text, label, find)
            if text == before:
                break
        return text

    def _replaced(self, text: str, label: str, find: Find) -> str:
        if "[" not in text:
            return self._in_piece(text, label, find)
        pieces = self._labels.split(text)  # every second one is a label
        pieces[::2] = [self._in_piece(piece, label, find) for piece in pieces[::2]]
        return "".join(pieces)

    def _in_piece(self, piece: str, label: str, find: Find) -> str:
        found = list(find(piece))
        if not found:
            return piece
        kept = [span for keep in self._keep for span in _spans(keep(piece))]
        parts, done = [], 0
        for start, end in outside(found, kept):
            parts += [piece[done:start], label]
            done = end
        return "".join([*parts, piece[done:]])


def _finders(kinds: Iterable[str], region: str | None) -> Iterator[tuple[str, Find]]:
    finds: dict[str, Find] = {
        "url": url.find,
        "email": email.find,
        "iban": iban.find,
        "card": card.find,
        "ip": ip.find,
    }
    for kind in ORDER:
        if kind in kinds:
            assert kind != "phone" or region is not None
            yield f"[{kind.upper()}]", finds[kind] if kind in finds else phone.finder(str(region))


def _own(pattern: Pattern) -> tuple[str, Find]:
    matches = re.compile(bounded(pattern.matches)).finditer
    return f"[{pattern.name}]", lambda text: _spans(matches(text))


def _spans(found: Iterable[re.Match[str]]) -> Iterator[Span]:
    return (match.span() for match in found)
