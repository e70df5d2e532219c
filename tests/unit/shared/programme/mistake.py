"""One mistake in one file, and how it must be told."""

from typing import NamedTuple

from tests.unit.shared.programme.folder import FILES

PROGRAMME, MAP, PERSONAS, OWNERS, SOURCES, _ = FILES


class Case(NamedTuple):
    """`right` in `file` becomes `wrong`, and the one fault is at `line`, of which found and expected begin so."""

    file: str
    right: str
    wrong: str
    line: int
    path: str
    found: str
    expected: str
