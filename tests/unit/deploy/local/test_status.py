"""What is said of a part by what its supervisor has written, where no process of it runs."""

import os
from pathlib import Path

import pytest

from deploy.local import stack
from deploy.local.home import Home
from deploy.local.process import Birth
from deploy.local.service import _sentence
from deploy.local.status import status

GONE = Birth(os.getpid(), "before the reboot")


@pytest.mark.parametrize(
    ("written", "watched", "said"),
    [
        ("starting", True, "starting"),
        ("waiting", True, "waiting"),
        ("ready", True, "waiting"),  # it has died, and that is not written yet
        ("failed", True, "failed"),
        ("failed", False, "failed"),
        ("ready", False, None),
        ("starting", False, None),
    ],
)
def test_a_part_without_a_process_is_where_its_supervisor_is_with_it(
    tmp_path: Path, written: stack.Phase, watched: bool, said: stack.Phase | None
) -> None:
    home, supervisor = Home.at(tmp_path), Birth.of(os.getpid()) if watched else GONE
    part = stack.PartState(phase=written, port=1, address="", process=GONE, message="why")
    stack.write(home, stack.Stack(supervisor=supervisor, parts={"postgres": part}))
    found = status(home, {})["postgres"]
    assert (found.pid, found.healthy, found.phase, found.message) == (None, False, said, "why")


def test_what_a_service_lacks_is_a_sentence() -> None:
    said = '{"ready":false,"checks":{"postgres":"ok","kafka":"no answer within 3 s","slot":"slot 0 is taken"}}'
    assert _sentence(said) == "kafka: no answer within 3 s; slot: slot 0 is taken"
    assert _sentence("<html>") is None
