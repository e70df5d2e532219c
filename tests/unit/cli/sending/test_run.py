"""How events are shared out among lanes and batches."""

from cli.sending.chunk import Line
from cli.sending.run import MOST_BYTES, MOST_EVENTS, batches_of, by_lane


def test_a_customers_events_keep_to_one_lane_and_their_order() -> None:
    lines = [Line(n, b"{}", f"crm:{n % 50}" if n % 3 else None) for n in range(1, 2001)]
    lanes = by_lane(lines, 4)
    assert sorted(line for lane in lanes for line in lane) == lines
    for lane in lanes:
        assert lane == sorted(lane, key=lambda line: line.number)
    customers = [{line.subject for line in lane if line.subject} for lane in lanes]
    assert sum(map(len, customers)) == len(set.union(*customers)) == 50


def test_a_bare_subject_goes_by_the_lane_of_its_customer() -> None:
    lines = [Line(n, b"{}", f"{'' if n % 2 else 'customer:'}{n // 2}") for n in range(400)]
    for lane in by_lane(lines, 4):
        assert {line.number ^ 1 for line in lane} == {line.number for line in lane}


def test_those_without_a_customer_are_spread() -> None:
    assert [len(lane) for lane in by_lane([Line(n, b"{}") for n in range(400)], 4)] == [100] * 4


def test_subjects_that_are_none_go_by_any_lane() -> None:
    odd: list[object] = [{"a": 1}, [1], 7, None]
    assert sum(len(lane) for lane in by_lane([Line(n, b"{}", subject) for n, subject in enumerate(odd)], 4)) == 4


def test_batches_end_before_the_door_would_refuse_them() -> None:
    short = [Line(n, b"x" * 100) for n in range(2 * MOST_EVENTS + 1)]
    assert [len(batch) for batch in batches_of(short)] == [MOST_EVENTS, MOST_EVENTS, 1]
    long = [Line(n, b"x" * (MOST_BYTES // 3)) for n in range(5)]
    assert [len(batch) for batch in batches_of(long)] == [2, 2, 1]
    assert [len(batch) for batch in batches_of([Line(1, b"x" * 2 * MOST_BYTES)])] == [1], "the door says so"
    assert list(batches_of([])) == []
