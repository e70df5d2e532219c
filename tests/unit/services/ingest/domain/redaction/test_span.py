"""Places in a text: what lies between them, over them and in them."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.redaction.span import between, outside

SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: (min(ends), max(ends))), max_size=6)


@given(SPANS)
def test_between_is_every_character_that_is_in_none(spans: list[tuple[int, int]]) -> None:
    text = "x" * 20
    left = [at for start, end in between(text, spans) for at in range(start, end)]
    assert left == [at for at in range(20) if not any(start <= at < end for start, end in spans)]


def test_outside_is_what_does_not_lie_within_one_of_them() -> None:
    assert list(outside([(2, 4)], [(0, 1), (2, 4)])) == []
    assert list(outside([(2, 5)], [(2, 4), (4, 5)])) == [(2, 5)]


@given(SPANS, SPANS)
def test_outside_looks_at_all_of_them(spans: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    spans = sorted(spans)
    within = [any(start <= span[0] and span[1] <= end for start, end in others) for span in spans]
    assert list(outside(spans, others)) == [
        span for span, is_within in zip(spans, within, strict=True) if not is_within
    ]
