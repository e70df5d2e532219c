"""The local stack's supervision as its users meet it: started, killed, adopted, stopped. PostgreSQL stands for all."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import port as ports
from deploy.local.process import Birth
from tests.integration.deploy.local.voc import Voc, eventually


@pytest.fixture(scope="module")
def voc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voc]:
    voc = Voc(tmp_path_factory.mktemp("home"), "postgres")
    yield voc
    voc.down()


@pytest.fixture(autouse=True)
def running(voc: Voc) -> None:
    """Each test begins with it up and watched over, whatever the one before did."""
    supervisor = voc.stack.supervisor
    if not (supervisor and supervisor.alive and voc.healthy("postgres")):
        voc.up()


def test_a_second_up_adopts_what_runs(voc: Voc) -> None:
    before = voc.pids()
    voc.up()
    assert voc.pids() == before


def test_a_part_that_is_killed_is_started_again(voc: Voc) -> None:
    before = voc.pids()
    os.kill(before["postgres"], signal.SIGKILL)
    eventually(lambda: voc.came_back("postgres", before))
    assert voc.healthy("postgres")
    assert voc.stack.parts["postgres"].restarts > 0
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
    eventually(lambda: voc.came_back("postgres", before))


def test_a_part_that_died_without_a_supervisor_is_started(voc: Voc) -> None:
    before, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    for pid in (supervisor.pid, before["postgres"]):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not voc.pids())
    voc.up()
    assert voc.healthy("postgres")


def test_what_a_killed_supervisor_left_is_stopped(voc: Voc) -> None:
    left, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    voc.down()
    assert [Birth.of(pid) for pid in left.values()] == [None]


def test_down_frees_the_port_and_ends_the_supervisor(voc: Voc) -> None:
    pids, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    voc.down()
    assert [Birth.of(pid) for pid in (*pids.values(), supervisor.pid)] == [None, None]
    assert ports.is_free(voc.ports["postgres"])
    assert "Nothing was running" in voc.down()


def test_numbers_of_before_a_reboot_stand_for_nobody(voc: Voc) -> None:
    stale = voc.home.stack.read_bytes().replace(b'"born": "', b'"born": "before/')
    voc.down()
    voc.home.stack.write_bytes(stale)
    assert voc.pids() == {}
    voc.up()
    assert voc.healthy("postgres")


def test_sigterm_to_the_supervisor_stops_everything(voc: Voc) -> None:
    pids, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGTERM)
    eventually(lambda: not supervisor.alive)
    assert [Birth.of(pid) for pid in pids.values()] == [None]


def test_packages_of_our_names_in_the_folder_are_not_taken_for_ours(tmp_path: Path) -> None:
    for name in ("cli", "deploy", "services", "shared"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('not this one')\n")
    voc = Voc(tmp_path / "home")
    done = voc.run("up", "insights", before=("sh", "-c", 'cd "$0" && exec "$@"', str(tmp_path)))
    voc.down()
    assert done.returncode == 0, done.stderr
    assert "✓ insights" in done.stdout


def test_what_is_given_is_not_started(voc: Voc, tmp_path: Path) -> None:
    address = voc.stack.parts["postgres"].address
    other = Voc(tmp_path / "other", "postgres", VOC_DATABASE_URL=address)
    assert other.up().count("external") == 1
    found = other.status()["postgres"]
    assert (found["pid"], found["healthy"], found["external"]) == (None, True, True)
    assert "…@" in found["url"]


def test_what_is_given_and_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    voc = Voc(tmp_path / "home", VOC_DATABASE_URL=f"postgresql://voc:secret@127.0.0.1:{ports.free()}/voc")
    done = voc.run("up", "postgres")
    assert done.returncode == 1
    assert "unset VOC_DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr


def test_a_port_that_is_taken_is_a_sentence_with_who_has_it(tmp_path: Path) -> None:
    voc = Voc(tmp_path / "home")
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", voc.ports["postgres"]))
        somebody.listen()
        done = voc.run("up", "postgres")
    voc.down()
    assert done.returncode == 1
    assert f"port {voc.ports['postgres']} is taken by " in done.stderr
    assert f"(pid {os.getpid()})" in done.stderr
    assert "choose another port by VOC_POSTGRES_PORT" in done.stderr


def test_a_part_that_does_not_start_is_a_sentence_with_the_end_of_its_log(tmp_path: Path) -> None:
    voc = Voc(tmp_path / "home", "postgres")
    voc.up()
    voc.down()
    (voc.home.path / "postgres" / "data" / "local.conf").write_text("no_such_setting = on\n")
    done = voc.run("up", "postgres")
    voc.down()
    assert done.returncode == 1
    assert "postgres did not start: it ended with exit code 1; see" in done.stderr
    assert 'unrecognized configuration parameter "no_such_setting"' in done.stderr
