"""What came from outside, made fit to stand in a message: its own words, nothing that moves the reader's eye."""

import unicodedata

_TURNS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Marks that turn the direction of writing: with them a text can show other words than it has."""


def clean(text: str) -> str:
    """Without control characters other than line ends, and without marks that turn the direction."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or not _hidden(c)).strip()


def one_line(text: str) -> str:
    """In a single line: what stands in a headline, a subject, a table."""
    return " ".join(clean(text).split())


def _hidden(character: str) -> bool:
    return ord(character) in _TURNS or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
