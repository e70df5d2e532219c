"""What is told from bytes alone agrees with what decoding would tell."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events.text import MOST_NESTED, holds_nul, nested_too_deep

texts = st.text(st.sampled_from('[]{}"\\u0a\0é😀')) | st.sampled_from([r"\u0000", r"\\u0000", "\\", '"[', '\\"]'])
values = st.recursive(
    st.none() | st.integers(0, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=20,
)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@settings(deadline=None)
@given(value=values, around=st.integers(MOST_NESTED - 4, MOST_NESTED + 2), wide=st.integers(0, 70))
def test_depth_is_that_of_the_decoded_value(value: Any, around: int, wide: int) -> None:
    for level in range(around):
        value = [value] if level % 2 else {"in": value, "]": "}"}
    value = [value, *([{}] * wide)]
    assert nested_too_deep(msgspec.json.encode(value)) is (depth(value) > MOST_NESTED)


def contains_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any("\0" in key or contains_nul(item) for key, item in value.items())
    return any(map(contains_nul, value)) if isinstance(value, list) else isinstance(value, str) and "\0" in value


@given(value=values)
def test_nul_is_found_where_a_text_or_a_name_holds_it(value: Any) -> None:
    assert holds_nul(msgspec.json.encode(value)) is contains_nul(value)


@pytest.mark.parametrize(("backslashes", "nul"), [(1, True), (2, False), (3, True), (4, False)])
def test_every_second_backslash_escapes_the_next_one(backslashes: int, nul: bool) -> None:
    assert holds_nul(b'["' + b"\\" * backslashes + b'u0000"]') is nul
