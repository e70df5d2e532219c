"""How often Slack lets itself be called."""

from deploy.local.inbox.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_three_at_once_then_one_a_second_for_each_channel() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert [pace.wait("chat.postMessage", "C1") for _ in range(4)] == [0, 0, 0, 1]
    assert pace.wait("chat.postMessage", "C2") == 0, "another channel has its own"
    clock.at += 1
    assert [pace.wait("chat.postMessage", "C1") for _ in range(2)] == [0, 1]
    clock.at += 60
    assert [pace.wait("chat.postMessage", "C1") for _ in range(4)] == [0, 0, 0, 1], "what is saved up has an end"


def test_other_methods_have_so_many_a_minute() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert [pace.wait("chat.update", f"C{n}") for n in range(51)] == [0] * 50 + [2]
    assert pace.wait("auth.test", None) == 0
    clock.at += 60
    assert pace.wait("chat.update", "C1") == 0


def test_nobody_waits_where_it_is_off() -> None:
    pace = Pace(Clock())
    pace.on = False
    assert [pace.wait("chat.postMessage", "C1") for _ in range(10)] == [0] * 10
