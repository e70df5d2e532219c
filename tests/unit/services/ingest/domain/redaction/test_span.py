"""Places in a text: what lies between them, over them and in them."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.redaction.span import between, lies_within

SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: (min(ends), max(ends))), max_size=6)


@given(SPANS)
def test_between_is_every_character_that_is_in_none(spans: list[tuple[int, int]]) -> None:
    text = "x" * 20
    left = [at for start, end in between(text, spans) for at in range(start, end)]
    assert left == [at for at in range(20) if not any(start <= at < end for start, end in spans)]


def test_within_is_the_whole_of_it() -> None:
    assert lies_within((2, 4), [(0, 1), (2, 4)])
    assert not lies_within((2, 5), [(2, 4), (4, 5)])
