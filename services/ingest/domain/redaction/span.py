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


def outside(spans: Iterable[Span], others: Iterable[Span]) -> Iterator[Span]:
    """Those of `spans`, which come from left to right, that are no part of one of the others, nor all of it.

    The others may overlap; each of them is looked at once.
    """
    waiting = iter(sorted(others))
    other, furthest = next(waiting, None), -1
    for start, end in spans:
        while other is not None and other[0] <= start:
            furthest = max(furthest, other[1])
            other = next(waiting, None)
        if end > furthest:
            yield start, end
