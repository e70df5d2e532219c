"""Texts in certain places change; every other byte of meaning stays."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.changed import Places, changed

LOUD: Places = {"data": {"comment": str.upper, "answers": {"question": str.upper}, "attributes": {"note": str.upper}}}


@pytest.mark.parametrize(
    ("raw", "after"),
    [
        (b'{"data":{"comment":"a"}}', b'{"data":{"comment":"A"}}'),
        (
            b' {"x": [1, 2.50], "data": {"comment": "a", "n": 1e400}}',
            b'{"x":[1, 2.50],"data":{"comment":"A","n":1e400}}',
        ),
        (
            b'{"data":{"comment":null,"n":12345678901234567890123}}',
            b'{"data":{"comment":null,"n":12345678901234567890123}}',
        ),
        (
            b'{"data":{"answers":[{"question":"a"},{"score":1.0},7]}}',
            b'{"data":{"answers":[{"question":"A"},{"score":1.0},7]}}',
        ),
        (
            b'{"data":{"attributes":{"note":{"x":["a",{"y":"b"}],"n":1}}}}',
            b'{"data":{"attributes":{"note":{"x":["A",{"y":"B"}],"n":1}}}}',
        ),
        (
            b'[{"data":{"comment":"a"}},{"data":{"comment":"b"}}]',
            b'[{"data":{"comment":"A"}},{"data":{"comment":"B"}}]',
        ),
        (b'{"data":{"comment":"a","comment":"b"},"data":{"comment":"c"}}', b'{"data":{"comment":"C"}}'),
        (b'{"d\\u0061ta":{"c\\u006fmment":"\\u0061"}}', b'{"data":{"comment":"A"}}'),
        (b'{"data":"a","comment":"a"}', b'{"data":"a","comment":"a"}'),
        (b'{"data":{"attributes":"a"}}', b'{"data":{"attributes":"a"}}'),
        (b"17", b"17"),
        (b'"a"', b'"a"'),
    ],
)
def test_texts_at_their_places(raw: bytes, after: bytes) -> None:
    assert changed(raw, LOUD) == after


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"data":{"comment":"a"',
        b'{"data":{"comment":\xff}}',
        b'{"data":nope}',
        b'{"data":{"comment":"\\ud800"}}',
    ],
)
def test_what_is_no_json_is_said_to_be_none(raw: bytes) -> None:
    if raw:
        with pytest.raises(msgspec.DecodeError):
            changed(raw, LOUD)
    else:
        assert changed(raw, LOUD) == raw


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("comment"), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["data", "comment", "x"]), JSON))
def test_where_nothing_changes_it_is_the_same_document(document: dict[str, object]) -> None:
    raw = msgspec.json.encode(document)
    same: Places = {"data": {"comment": str, "attributes": str}}
    assert changed(raw, same) == raw
