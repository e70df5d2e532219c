"""Patterns of the company's own: what is taken, what is refused and why, and that none can take long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.programme.pattern import LONGEST, MOST_CHARACTERS, MOST_WAYS, PatternInvalid, bounded

TAKEN = [
    (r"ORD-\d+", "ORD-1234567", "ORD-"),
    (r"[A-Z]{2}\d{6,8}", "KD1234567", "KD12345"),
    (r"(\d{4}-){2}\d{4}", "1234-1234-1234", "1234-1234"),
    (r"KD[- ]?\d{5}", "KD 12345", "KD--12345"),
    (r"ticket|Fall \d{1,6}", "Fall 17", "Fall x"),
    (r"(?:ab|c)d", "cd", "abc"),
    (r"\bNr\. ?\d{4}\b", "Nr. 1234", "Nr. 12345"),
    (r"[^\d\s]{3}!", "abc!", "1bc!"),
    (r"[]x-]\[", "-[", "a["),
    ("Öl-[äöü]+", "Öl-üü", "Öl-a"),
]


@pytest.mark.parametrize(("pattern", "found", "other"), TAKEN)
def test_it_means_what_it_means_everywhere(pattern: str, found: str, other: str) -> None:
    for text in (found, other):
        assert bool(re.fullmatch(bounded(pattern), text)) is bool(re.fullmatch(pattern, text)) is (text == found)


REFUSED = [
    (r"(a+)+b", "at most 256 ways"),
    (r"(a|aa)+b", "at most 256 ways"),
    (r"\d+-\d+", "at most 256 ways at one place, not 4,096"),
    (r"(a{200}){200}", "at most 300 characters"),
    ("x" * (LONGEST + 1), "at most 200 characters"),
    (r"a*", "does not match the empty text"),
    (r"a|", "does not match the empty text"),
    (r"(\b){3}a", "something that is not empty"),
    (r"(a?)+", "something that is not empty"),
    (r"a+?", "one repetition"),
    (r"a++", "one repetition"),
    (r"a{2}{3}", "one repetition"),
    (r"+a", "something to repeat"),
    (r"(?=a)b", r"no \(\?"),
    (r"(?i)a", r"no \(\?"),
    (r"(?P<n>a)", r"no \(\?"),
    (r"(a)\1", r"not \\1"),
    (r"\Aa", r"not \\A"),
    ("a\\", r"not \\"),
    (r"^a", r"without \^"),
    (r"a$", r"without \$"),
    (r"[a", "a ] after each"),
    (r"[]", "a ] after each"),
    (r"(a", r"a \) after each"),
    (r"a)", r"a \( before each"),
    (r"a{x}", r"\{4\}, \{4,\} or"),
    (r"a{,}", r"\{4\}, \{4,\} or"),
    (r"a{8,4}", "from few to many"),
    (r"a{0}", "from few to many"),
    (r"a{300}", "from few to many"),
    (r"[z-a]", "a regular expression"),
]


@pytest.mark.parametrize(("pattern", "why"), REFUSED)
def test_it_is_refused_with_the_reason(pattern: str, why: str) -> None:
    with pytest.raises(PatternInvalid, match=why):
        bounded(pattern)


@given(st.text(alphabet=r"ab\dw.[]()?:*+{}|,2-^9", max_size=30))
def test_whatever_is_taken_is_bounded(pattern: str) -> None:
    try:
        expression = bounded(pattern)
    except PatternInvalid:
        return
    compiled = re.compile(expression)
    assert compiled.match("") is None
    assert all(len(found[0]) <= MOST_CHARACTERS for found in compiled.finditer("ab2-" * 200))
    assert "+" not in re.sub(r"\\.|\[[^\]]*\]", "", expression)
    assert MOST_WAYS < 1000
