"""Patterns of the company's own: regular expressions that cannot take long, whatever text they look at.

Python's `re` knows no time limit, and a comment is a stranger's text. So there is less than `re` can do (no
look-around, no references back, no lazy repetition), a repetition without an end reaches `REACH` times, and the number
of ways in which a pattern can be tried at one place is bounded: nested repetitions multiply, and are refused for it.
"""

import re
from math import prod
from typing import NamedTuple

REACH = 64
"""How often `*`, `+` and `{2,}` repeat at most."""
MOST_WAYS = 256
MOST_CHARACTERS = 300
LONGEST = 200
_SHORTHANDS = frozenset("dDwWsS")
_MEANT = frozenset("\\.[]{}()*+?|^$-/#&~ '\"@:,;_<>=!%")
"""What a backslash makes itself of."""
_quantifier = re.compile(r"\{(\d{0,3})(,?)(\d{0,3})\}")


class PatternInvalid(ValueError):
    """Not a pattern that is taken; the sentence says what was expected."""


class _Part(NamedTuple):
    """A part as `re` is to read it, how few and how many characters it matches, in how many ways it can be tried."""

    text: str
    least: int
    most: int
    ways: int


def bounded(pattern: str) -> str:
    """The expression that `re` is to compile for `pattern`. Raises PatternInvalid."""
    if len(pattern) > LONGEST:
        raise PatternInvalid(f"a pattern of at most {LONGEST} characters")
    part = _Reader(pattern).whole()
    if not part.least:
        raise PatternInvalid("a pattern that does not match the empty text")
    if part.ways > MOST_WAYS:
        raise PatternInvalid(
            f"a pattern that can be tried in at most {MOST_WAYS} ways at one place, not {_said(part.ways)}: repetitions"
            f" multiply (* and + count {REACH}), so write how many there may be, such as \\d{{4,8}}"
        )
    if part.most > MOST_CHARACTERS:
        raise PatternInvalid(f"a pattern that matches at most {MOST_CHARACTERS} characters, not {_said(part.most)}")
    try:
        re.compile(part.text)
    except re.error as error:
        raise PatternInvalid(f"a regular expression ({error})") from None
    return part.text


def _said(ways: int) -> str:
    return f"{ways:,}" if ways < 10**9 else "more than a thousand million"


class _Reader:
    """Reads a pattern from left to right, its groups by recursion."""

    def __init__(self, pattern: str) -> None:
        self._rest = list(reversed(pattern))

    def whole(self) -> _Part:
        part = self._choice()
        if self._rest:
            raise PatternInvalid("a ( before each )")
        return part

    def _choice(self) -> _Part:
        parts = [self._sequence()]
        while self._took("|"):
            parts.append(self._sequence())
        text = "|".join(part.text for part in parts)
        least, most = min(part.least for part in parts), max(part.most for part in parts)
        return _Part(text, least, most, sum(part.ways for part in parts))

    def _sequence(self) -> _Part:
        parts = []
        while self._rest and self._rest[-1] not in "|)":
            parts.append(self._repeated(self._atom()))
        least, most = sum(part.least for part in parts), sum(part.most for part in parts)
        return _Part("".join(part.text for part in parts), least, most, prod(part.ways for part in parts))

    def _atom(self) -> _Part:
        match char := self._rest.pop():
            case "\\":
                return self._escaped()
            case "[":
                return _Part(self._set(), 1, 1, 1)
            case "(":
                return self._group()
            case "*" | "+" | "?" | "{":
                raise PatternInvalid(f"something to repeat before {char}; the character itself is \\{char}")
            case "^" | "$":
                raise PatternInvalid(f"a pattern without {char}, which finds its places anywhere in a text")
        return _Part(char, 1, 1, 1)

    def _escaped(self) -> _Part:
        char = self._rest.pop() if self._rest else ""
        if char == "b":
            return _Part("\\b", 0, 0, 1)
        if char in _SHORTHANDS or char in _MEANT:
            return _Part(f"\\{char}", 1, 1, 1)
        raise PatternInvalid(f"one of \\d \\w \\s \\D \\W \\S \\b or an escaped sign, not \\{char}")

    def _set(self) -> str:
        """The characters of `[…]`."""
        found = "["
        while self._rest:
            char = self._rest.pop()
            if char == "]" and found not in ("[", "[^"):
                return f"{found}]"
            if char == "\\":
                char = self._escaped().text.replace("\\b", "")
            elif char in "[]&|~":
                char = f"\\{char}"
            found += char
        raise PatternInvalid("a ] after each [")

    def _group(self) -> _Part:
        if self._took("?") and not self._took(":"):
            raise PatternInvalid("no (? besides (?:, which groups")
        part = self._choice()
        if not self._took(")"):
            raise PatternInvalid("a ) after each (")
        return part._replace(text=f"(?:{part.text})")

    def _repeated(self, part: _Part) -> _Part:
        least, most = self._times()
        if (least, most) == (1, 1):
            return part
        if self._rest and self._rest[-1] in "*+?{":
            raise PatternInvalid(
                "one repetition, not several after one another; lazy and possessive ones are not known"
            )
        if not part.least:
            raise PatternInvalid("a repetition of something that is not empty")
        ways = sum(min(part.ways, MOST_WAYS + 1) ** times for times in range(least, most + 1))
        return _Part(f"{part.text}{{{least},{most}}}", part.least * least, part.most * most, ways)

    def _times(self) -> tuple[int, int]:
        """How often what was read may stand there."""
        for sign, times in (("?", (0, 1)), ("*", (0, REACH)), ("+", (1, REACH))):
            if self._took(sign):
                return times
        if not self._rest or self._rest[-1] != "{":
            return 1, 1
        found = _quantifier.match("".join(reversed(self._rest[-9:])))
        if found is None or found[0] in ("{}", "{,}"):
            raise PatternInvalid("{4}, {4,} or {4,8} after {; the character itself is \\{")
        del self._rest[-len(found[0]) :]
        least = int(found[1] or 0)
        most = int(found[3]) if found[3] else max(REACH, least) if found[2] else least
        if not least <= most <= 256 or not most:
            raise PatternInvalid(f"from few to many, at most 256, not {found[0]}")
        return least, most

    def _took(self, char: str) -> bool:
        if not self._rest or self._rest[-1] != char:
            return False
        self._rest.pop()
        return True
