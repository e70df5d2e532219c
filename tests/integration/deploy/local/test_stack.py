"""The local stack as its users meet it: started, killed, adopted, stopped."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import port as ports
from deploy.local.process import Birth
from tests.integration.deploy.local.voc import Voc, eventually


@pytest.fixture(scope="module")
def voc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voc]:
    voc = Voc(tmp_path_factory.mktemp("home"))
    voc.up()
    yield voc
    voc.down()


@pytest.fixture(autouse=True)
def running(voc: Voc) -> None:
    """Each test begins with both parts up, whatever the one before did."""
    voc.up()


def test_status_says_who_and_where_and_that_it_is_well(voc: Voc) -> None:
    status = voc.status()
    assert [status[name]["healthy"] for name in ("kafka", "postgres", "ingest")] == [True, True, False]
    assert status["kafka"]["url"] == f"127.0.0.1:{voc.ports['kafka']}"
    password = (voc.home.path / "postgres" / "password").read_text()
    assert status["postgres"]["url"] == f"postgresql://voc:{password}@127.0.0.1:{voc.ports['postgres']}/voc"
    assert status["ingest"]["pid"] is None


def test_people_are_not_shown_the_password(voc: Voc) -> None:
    password = (voc.home.path / "postgres" / "password").read_text()
    assert password not in voc.run("status").stdout + voc.up()


def test_a_second_up_adopts_what_runs(voc: Voc) -> None:
    before = voc.pids()
    began = time.monotonic()
    voc.up()
    assert voc.pids() == before
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("part", ["kafka", "postgres"])
def test_a_part_that_is_killed_is_started_again(voc: Voc, part: str) -> None:
    before = voc.pids()
    os.kill(before[part], signal.SIGKILL)
    eventually(lambda: voc.stack.parts[part].restarts > 0 and voc.stack.parts[part].phase == "ready")
    after = voc.status()[part]
    assert after["healthy"]
    assert after["pid"] != before[part]
    assert "died, will be started again" in voc.home.log("supervisor").read_text()


def test_what_a_killed_supervisor_left_is_adopted_and_watched_over(voc: Voc) -> None:
    before, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    eventually(lambda: not supervisor.alive)
    assert voc.pids() == before, "they run on"
    voc.up()
    assert voc.pids() == before
    assert voc.stack.supervisor != supervisor
    os.kill(before["postgres"], signal.SIGKILL)
    eventually(lambda: voc.stack.parts["postgres"].restarts > 0 and voc.stack.parts["postgres"].phase == "ready")


def test_a_part_that_died_without_a_supervisor_is_started(voc: Voc) -> None:
    before, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    for pid in (supervisor.pid, before["postgres"]):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: voc.status()["postgres"]["pid"] is None)
    voc.up()
    assert voc.pids()["kafka"] == before["kafka"]
    assert voc.status()["postgres"]["healthy"]


def test_what_a_killed_supervisor_left_is_stopped(voc: Voc) -> None:
    left, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    voc.down()
    assert [Birth.of(pid) for pid in left.values()] == [None, None]


def test_down_of_one_part_leaves_it_down_until_it_is_asked_for(voc: Voc) -> None:
    before = voc.pids()
    assert "postgres is down" in voc.down("postgres")
    assert ports.is_free(voc.ports["postgres"])
    time.sleep(1)
    assert voc.pids() == {"kafka": before["kafka"]}
    voc.up("kafka")
    assert voc.pids() == {"kafka": before["kafka"]}
    voc.up("postgres")
    assert voc.status()["postgres"]["healthy"]


def test_down_frees_the_ports_and_ends_the_supervisor(voc: Voc) -> None:
    pids, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    voc.down()
    assert [Birth.of(pid) for pid in (*pids.values(), supervisor.pid)] == [None] * 3
    assert all(ports.is_free(port) for port in voc.ports.values())
    assert "Nothing was running" in voc.down()


def test_numbers_of_before_a_reboot_stand_for_nobody(voc: Voc) -> None:
    voc.up()
    stale = voc.home.stack.read_bytes().replace(b'"born": "', b'"born": "before/')
    voc.down()
    voc.home.stack.write_bytes(stale)
    assert voc.pids() == {}
    voc.up()
    assert voc.status()["kafka"]["healthy"]


def test_the_data_outlives_down(voc: Voc) -> None:
    voc.down()
    voc.up()
    assert voc.status()["postgres"]["healthy"]


def test_sigterm_to_the_supervisor_stops_everything(voc: Voc) -> None:
    pids, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGTERM)
    eventually(lambda: not supervisor.alive)
    assert [Birth.of(pid) for pid in pids.values()] == [None, None]


def test_what_is_given_is_not_started(voc: Voc, tmp_path: Path) -> None:
    given = {
        "VOC_DATABASE_URL": voc.status()["postgres"]["url"],
        "VOC_KAFKA_BOOTSTRAP_SERVERS": voc.status()["kafka"]["url"],
    }
    other = Voc(tmp_path / "other", **given)
    said = other.up()
    assert said.count("external") == 2
    status = other.status()
    for name in ("kafka", "postgres"):
        assert (status[name]["pid"], status[name]["healthy"], status[name]["external"]) == (None, True, True)
    assert "…@" in status["postgres"]["url"]


def test_what_is_given_and_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    voc = Voc(tmp_path / "home", VOC_DATABASE_URL=f"postgresql://voc:secret@127.0.0.1:{ports.free()}/voc")
    done = voc.run("up", "postgres")
    assert done.returncode == 1
    assert "unset VOC_DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
