from time import perf_counter

import pytest

from bench.ingest_pace import AtOnce, ByTheClock


class Connection:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.closed = False

    def ask(self, due: float) -> None:
        self.asked.append(due)

    def close(self) -> None:
        self.closed = True


def test_at_once_asks_until_the_end() -> None:
    pace, connection = AtOnce(), Connection()
    before = perf_counter()
    pace.free(connection)
    assert before <= connection.asked[0] <= perf_counter()
    pace.end()
    pace.free(connection)
    assert (len(connection.asked), connection.closed) == (1, True)


def test_by_the_clock_requests_become_due_evenly_and_meet_idle_connections_in_turn() -> None:
    pace, connections = ByTheClock(100, begin=7.0), [Connection() for _ in range(10)]
    for connection in connections:
        pace.free(connection)
    pace.tick(7.025)
    pace.tick(7.045)
    assert [connection.asked for connection in connections[:5]] == [pytest.approx([7 + n / 100]) for n in range(5)]
    assert not any(connection.asked for connection in connections[5:])


def test_a_request_that_waits_for_a_connection_keeps_the_instant_at_which_it_was_due() -> None:
    pace, connection = ByTheClock(100, begin=7.0), Connection()
    pace.free(connection)
    pace.tick(7.035)
    assert connection.asked == [7.0]
    pace.free(connection)  # answered a second later, say
    assert connection.asked == pytest.approx([7.0, 7.01])


def test_what_was_due_is_sent_after_the_end_and_then_connections_close() -> None:
    pace, busy, idle = ByTheClock(100, begin=7.0), Connection(), Connection()
    pace.free(busy)
    pace.tick(7.015)
    pace.end()
    pace.free(busy)
    assert (len(busy.asked), busy.closed) == (2, False)
    pace.free(busy)
    pace.free(idle)
    assert (busy.closed, idle.closed) == (True, True)


def test_idle_connections_close_at_the_end() -> None:
    pace, idle = ByTheClock(100, begin=7.0), Connection()
    pace.free(idle)
    pace.end()
    assert idle.closed
