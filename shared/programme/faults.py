"""Mistakes in a programme's files, each with its place and what was expected there."""

from collections.abc import Iterable
from difflib import get_close_matches

import msgspec

from shared.errors import VocError


class Fault(msgspec.Struct, frozen=True, order=True):
    """One mistake. `file` is relative to the folder, `path` leads to the value (`stages[0].touchpoints[1].name`)."""

    file: str
    line: int
    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}: {where}found {self.found}, expected {self.expected}"


class Caution(msgspec.Struct, frozen=True, order=True):
    """What is no mistake, and hardly what anybody wants; the places as in Fault."""

    file: str
    line: int
    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.says}"


class ProgrammeInvalid(VocError):
    """The programme cannot be applied; `faults` are all of its mistakes, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def nearest(found: str, known: Iterable[str]) -> str:
    """` (did you mean …?)` for the known name that looks most like `found`, empty if none does."""
    close = get_close_matches(found, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def one_of(known: Iterable[str], found: str) -> str:
    """`one of …` with the nearest name; a long list is left out where there is one."""
    names = list(known)
    close = nearest(found, names)
    return f"one of {', '.join(names)}{close}" if len(names) <= 12 or not close else f"a known one{close}"
