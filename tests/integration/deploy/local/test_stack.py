"""The local stack's supervision as its users meet it: started, killed, adopted, stopped. PostgreSQL stands for all."""

import os
import signal
import socket
import subprocess
import sys
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
    assert "runs already" in voc.up()
    assert voc.pids() == before


def test_status_says_what_should_run_and_does_not(voc: Voc) -> None:
    assert voc.run("status").returncode == 0
    supervisor = voc.stack.supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    eventually(lambda: not supervisor.alive)
    alone = voc.run("status")
    assert (alone.returncode, "Nobody watches over what runs" in alone.stdout) == (1, True)
    voc.down()
    assert voc.run("status").returncode == 1, "nothing runs"


@pytest.mark.parametrize("command", [("status",), ("down",), ("key", "list"), ("send", "-")])
def test_where_there_is_no_stack_that_is_said_and_none_is_made(command: tuple[str, ...], tmp_path: Path) -> None:
    voc, nowhere = Voc(tmp_path / "home"), tmp_path / "nowhere"
    done = voc.run(*command, VOC_HOME=str(nowhere))
    assert done.returncode == 1
    assert str(nowhere) in done.stderr
    assert "VOC_HOME" in done.stderr
    assert not nowhere.exists()


def test_ctrl_c_while_it_starts_is_a_sentence(tmp_path: Path) -> None:
    voc = Voc(tmp_path / "home", "postgres")
    command = [sys.executable, "-P", "-m", "cli.main", "up", "postgres"]
    with subprocess.Popen(command, env=voc.environ, stderr=subprocess.PIPE, text=True) as process:
        eventually(lambda: "postgres" in voc.stack.parts)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert said.startswith("Stopped waiting. What has been started runs on")
    assert "Traceback" not in said
    voc.down()


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


def test_all_ports_that_are_taken_are_told_with_who_has_them(voc: Voc, tmp_path: Path) -> None:
    other = Voc(tmp_path / "home")
    other.environ |= {"VOC_POSTGRES_PORT": str(voc.ports["postgres"])}
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", other.ports["insights"]))
        somebody.listen()
        done = other.run("up", "insights")
    assert done.returncode == 1
    assert f"port {voc.ports['postgres']} is taken by " in done.stderr
    assert f"of the stack in {voc.home.path}; `VOC_HOME={voc.home.path} voc down` stops that one" in done.stderr
    assert f"port {other.ports['insights']} is taken by " in done.stderr
    assert f"(pid {os.getpid()}); end that, or choose another port by VOC_INSIGHTS_PORT" in done.stderr
    assert other.pids() == {}, "nothing was begun"


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
