"""What the stack writes: settings of the parts, its own state, requests and logs."""

import os
import stat
import tomllib
from pathlib import Path

import pytest

from deploy.local import account, jars, kafka, postgres, request, stack
from deploy.local.failure import StackError
from deploy.local.home import Home, last_lines, rotate
from deploy.local.keeper import pause_after
from deploy.local.process import Birth
from deploy.local.status import without_password


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_kafka_listens_on_the_loopback_and_makes_no_topics_by_itself(tmp_path: Path) -> None:
    lines = dict(
        line.split("=", 1) for line in kafka.configuration(tmp_path, {}, port=1111, controller_port=2222).splitlines()
    )
    assert lines["listeners"] == "BROKER://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222"
    assert lines["controller.quorum.voters"] == "1@127.0.0.1:2222"
    assert lines["auto.create.topics.enable"] == "false"
    assert lines["log.dirs"] == str(tmp_path)
    single = [name for name in lines if name.endswith(("replication.factor", "min.isr"))]
    assert len(single) == 6
    assert {lines[name] for name in single} == {"1"}


def test_postgres_keeps_every_commit() -> None:
    lines = postgres.configuration(4444).splitlines()
    assert {"port = 4444", "fsync = on", "synchronous_commit = on", "listen_addresses = '127.0.0.1'"} <= set(lines)


def test_the_lock_names_every_jar_by_its_hash_and_no_address() -> None:
    text = jars.LOCK.read_text()
    locked = tomllib.loads(text)["dependencies"]
    assert "://" not in text
    assert all(len(jar["sha256"]) == 64 for jar in locked)
    assert {"kafka_2.13", "kafka-clients", "log4j-slf4j-impl"} <= {jar["artifactId"] for jar in locked}
    assert {jar["version"] for jar in locked if jar["groupId"] == "org.apache.kafka"} == {"4.1.0"}


def test_the_state_comes_back_and_only_we_may_read_it(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    state = stack.PartState(phase="ready", port=1, address="postgresql://voc:secret@h/voc", process=Birth(1, "x"))
    stack.write(home, stack.Stack(supervisor=Birth(2, "y"), parts={"postgres": state}))
    assert stack.read(home).parts["postgres"] == state
    assert mode(home.stack) == 0o600


@pytest.mark.parametrize("text", ["", "{", '{"parts": []}'])
def test_a_broken_state_counts_as_none(tmp_path: Path, text: str) -> None:
    home = Home.at(tmp_path)
    home.stack.write_text(text)
    assert stack.read(home) == stack.Stack()


def test_a_request_of_a_command_that_was_killed_is_thrown_away(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    path = request.post(home, "up", ("kafka",), {"A": "b"})
    assert mode(path) == 0o600
    assert [asked.parts for _, asked in request.pending(home)] == [("kafka",)]
    path.write_bytes(path.read_bytes().replace(b'"born":"', b'"born":"not '))
    assert list(request.pending(home)) == []
    assert not path.exists()


def test_a_home_keeps_out_of_version_control(tmp_path: Path) -> None:
    Home.at(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / ".gitignore").read_text() == "*\n"


def test_logs_are_for_us_only_also_where_they_were_not(tmp_path: Path) -> None:
    assert mode(Home.at(tmp_path).logs) == 0o700
    Home.at(tmp_path).logs.chmod(0o755)
    assert mode(Home.at(tmp_path).logs) == 0o700


def test_postgres_logs_no_values_of_customers() -> None:
    lines = set(postgres.configuration(4444).splitlines())
    assert {"log_parameter_max_length = 0", "log_parameter_max_length_on_error = 0"} <= lines


def test_a_home_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match="VOC_HOME"):
        Home.at(tmp_path / "file" / "home")


def test_a_log_that_grew_is_moved_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    with log.open("ab") as writer:
        writer.write(b"old " * 100)
        writer.flush()
        rotate(log, largest=40)
        writer.write(b"new")
    assert log.read_bytes() == b"new"
    assert (tmp_path / "x.log.1").read_bytes() == b"old " * 10


def test_the_last_lines_are_those_of_this_start(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    assert last_lines(log) == []
    log.write_text("before\n")
    since = log.stat().st_size
    log.write_text("before\n1\n2\n3\n")
    assert last_lines(log, since=since, count=2) == ["2", "3"]
    assert last_lines(log, since=10_000) == ["before", "1", "2", "3"], "rotated meanwhile"


def test_the_pause_doubles_up_to_half_a_minute() -> None:
    assert [pause_after(deaths) for deaths in (1, 2, 3, 4, 20, 10_000)] == [0.5, 1, 2, 4, 30, 30]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://voc:secret@h:1/voc?sslmode=require", "postgresql://voc:…@h:1/voc?sslmode=require"),
        ("postgresql://voc@h:1/voc", "postgresql://voc@h:1/voc"),
        ("127.0.0.1:39092", "127.0.0.1:39092"),
        ("a:1,b:2", "a:1,b:2"),
    ],
)
def test_passwords_are_not_shown(address: str, shown: str) -> None:
    assert without_password(address) == shown


@pytest.mark.parametrize(
    ("permissions", "owner", "group", "passes"),
    [
        (0o755, 0, 0, True),
        (0o700, 0, 0, False),
        (0o700, 65534, 0, True),
        (0o710, 0, 65534, True),
        (0o701, 0, 65534, False),
        (0o077, 65534, 0, False),
    ],
)
def test_who_may_pass_a_folder(permissions: int, owner: int, group: int, passes: bool) -> None:
    folder = os.stat_result((permissions, 0, 0, 0, owner, group, 0, 0, 0, 0))
    assert account._passes(folder, 65534, {65534}) is passes


def test_an_account_that_may_not_enter_is_given_the_right_to() -> None:
    shut = account.Account(65534, 65534, enters=False)
    assert shut.options() == {"cwd": "/"}
    assert shut.command(["postgres"])[-2:] == ["--ambient-caps=+dac_override", "postgres"]
    assert account.Account(1, 2, enters=True).command(["postgres"]) == ["postgres"]


def test_an_ordinary_user_runs_it_himself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert account.other_than_root(tmp_path) is None
