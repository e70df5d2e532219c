"""Where something stands in a text: (start, end), as a slice is written."""

from collections.abc import Callable, Iterable, Iterator

Span = tuple[int, int]
Find = Callable[[str], Iterable[Span]]


def between(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """What is left of `text` between spans, which may overlap and come in any order."""
    begin = 0
    for start, end in sorted(spans):
        if start > begin:
            yield begin, start
        begin = max(begin, end)
    if begin < len(text):
        yield begin, len(text)


def lies_within(span: Span, others: Iterable[Span]) -> bool:
    """Whether a span is part of one of the others, or all of it."""
    return any(start <= span[0] and span[1] <= end for start, end in others)
