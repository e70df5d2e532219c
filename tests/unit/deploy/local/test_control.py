"""What commands make of what a supervisor writes; the supervisor is played, by the files through which it speaks."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local import control, stack
from deploy.local.failure import StackError
from deploy.local.home import Home
from deploy.local.part import PARTS
from deploy.local.process import Birth


@contextmanager
def played(home: Home, found: stack.Stack) -> Iterator[None]:
    """A supervisor that takes up every request, and has `found` to show for it."""
    ending = threading.Event()

    def take_up() -> None:
        while not ending.is_set():
            for request in home.requests.glob("[0-9]*.json"):
                stack.write(home, found)
                request.unlink()
            time.sleep(0.01)

    stack.write(home, stack.Stack(supervisor=Birth.of(os.getpid())))
    thread = threading.Thread(target=take_up)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def test_what_somebody_takes_down_while_it_starts_is_a_sentence(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    told: list[str] = []
    ready = stack.PartState(phase="ready", port=1, address="", process=Birth.of(os.getpid()))
    without = stack.Stack(supervisor=Birth.of(os.getpid()), parts={"kafka": ready})
    wanted = [PARTS["kafka"], PARTS["postgres"]]
    with played(home, without), pytest.raises(StackError, match="postgres was taken down while"):
        control.up(home, wanted, told=lambda name, _state: told.append(name))
    assert told == ["kafka"]


@pytest.mark.parametrize("phase", ["ready", "starting", "waiting", "failed"])
def test_after_a_reboot_nothing_ran(tmp_path: Path, phase: stack.Phase) -> None:
    home = Home.at(tmp_path)
    gone = Birth(os.getpid(), "before the reboot")
    stack.write(
        home,
        stack.Stack(
            supervisor=gone, parts={"postgres": stack.PartState(phase=phase, port=1, address="", process=gone)}
        ),
    )
    assert control.down(home, PARTS.values()) == []
    assert not home.stack.exists()
