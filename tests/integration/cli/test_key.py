"""`voc key` as it is typed: what it prints, and what the database keeps."""

import asyncio
import json
import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from shared.http.kept_keys import KeptKey
from shared.http.keys import digest
from shared.http.quota import quota
from tests.road import fetch


@pytest.fixture
def voc(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("VOC_DATABASE_URL", database_url)
    monkeypatch.setenv("VOC_HOME", "no-stack-here")
    return CliRunner()


def run(voc: CliRunner, *words: str) -> Result:
    return voc.invoke(app, ["key", *words])


def create(voc: CliRunner, name: str, scope: str = "ingest") -> Result:
    return run(voc, "create", "--name", name, "--scope", scope)


def test_the_key_stands_alone_on_stdout(voc: CliRunner) -> None:
    done = create(voc, "shop")
    assert done.exit_code == 0
    assert re.fullmatch(r"voc_[\w-]{43}\n", done.stdout)


def test_only_its_digest_is_kept(voc: CliRunner, database_url: str) -> None:
    key = create(voc, "till", "alerts").stdout.strip()
    (row,) = asyncio.run(fetch(database_url, "select * from voc.keys where name = 'till'"))
    assert (row["digest"], row["scope"], row["revoked_at"]) == (digest(key), "alerts", None)
    assert key not in str(dict(row))


def test_a_name_is_used_once(voc: CliRunner) -> None:
    create(voc, "crm")
    again = create(voc, "crm", "read")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "There is a key 'crm' already" in again.stderr
    run(voc, "revoke", "crm")
    assert create(voc, "crm").exit_code == 1, "what is revoked keeps its name"


@pytest.mark.parametrize("name", ["", " ", "a" * 101, "two\nlines"])
def test_what_is_no_name(voc: CliRunner, name: str) -> None:
    done = create(voc, name)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "is no name for a key" in done.stderr


def test_a_scope_that_is_none(voc: CliRunner) -> None:
    done = create(voc, "nobody", "write")
    assert done.exit_code == 2
    assert "write" in done.output
    assert not done.stdout


def test_list_tells_names_and_never_keys(voc: CliRunner) -> None:
    key = create(voc, "board", "read").stdout.strip()
    run(voc, "revoke", "board")
    (found,) = [key for key in json.loads(run(voc, "list", "--json").stdout) if key["name"] == "board"]
    assert found["scope"] == "read"
    assert found["created_at"] <= found["revoked_at"]
    assert "board  read" in re.sub(" +", "  ", run(voc, "list").stdout)
    assert key not in run(voc, "list").stdout


def listed(voc: CliRunner) -> dict[str, dict[str, Any]]:
    return {key["name"]: key for key in json.loads(run(voc, "list", "--json").stdout)}


def test_a_key_has_an_end_and_a_quota_and_the_list_shows_them(voc: CliRunner) -> None:
    limits = ["--expires", "2099-03-31", "--rate", "500/s", "--burst", "1000"]
    done = run(voc, "create", "--name", "crowd", "--scope", "ingest", *limits)
    assert re.fullmatch(r"voc_[\w-]{43}\n", done.stdout)
    found = listed(voc)["crowd"]
    assert (found["expires_at"], found["rate"], found["burst"]) == ("2099-04-01T00:00:00Z", 500.0, 1000)
    assert found["last_used_at"] is None
    shown = " ".join(run(voc, "list").stdout.split())
    assert "crowd ingest" in shown


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--expires", "yesterday"], "expected a duration such as 90d"),
        (["--rate", "fast"], "expected events a time"),
        (["--rate", "5/s", "--burst", "0"], "events at once"),
        (["--burst", "5"], "--burst goes with --rate"),
    ],
)
def test_limits_that_are_none(voc: CliRunner, options: list[str], fault: str) -> None:
    done = run(voc, "create", "--name", "unlimited", "--scope", "ingest", *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert fault in " ".join(done.stderr.replace("│", " ").split())
    assert "unlimited" not in listed(voc)


def test_a_rate_is_for_who_sends(voc: CliRunner) -> None:
    done = run(voc, "create", "--name", "looker", "--scope", "read", "--rate", "5/s")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "it goes with the scope ingest or admin" in done.stderr


def test_a_rotated_key_has_one_that_stands_in_for_it(voc: CliRunner, database_url: str) -> None:
    run(voc, "create", "--name", "plant", "--scope", "ingest", "--expires", "90d", "--rate", "5/s")
    done = run(voc, "rotate", "plant", "--overlap", "2h")
    assert re.fullmatch(r"voc_[\w-]{43}\n", done.stdout), "the key stands alone"
    assert re.fullmatch(r"plant\.2 holds from now on, plant until 20\d\d-.* UTC\.\n", done.stderr)
    old, new = (msgspec.convert(listed(voc)[name], KeptKey) for name in ("plant", "plant.2"))
    assert (new.scope, new.quota, new.replaces) == ("ingest", quota("5/s"), "plant")
    assert old.expires_at is not None
    assert old.expires_at - new.created_at == timedelta(hours=2)
    assert new.expires_at is not None
    life = new.expires_at - new.created_at
    assert abs(life - timedelta(days=90)) < timedelta(minutes=1), "as long as the old one was made for"
    (row,) = asyncio.run(fetch(database_url, "select digest from voc.keys where name = 'plant.2'"))
    assert row["digest"] == digest(done.stdout.strip())


def test_rotation_goes_on_from_name_to_name(voc: CliRunner) -> None:
    create(voc, "mill")
    create(voc, "mill.3")
    run(voc, "rotate", "mill", "--overlap", "0s")
    again = run(voc, "rotate", "mill.2", "--expires", "1d")
    assert again.stderr.startswith("mill.4 holds from now on"), "a name that is taken stays who it is"
    found = listed(voc)
    assert (found["mill.4"]["replaces"], found["mill.2"]["replaces"]) == ("mill.2", "mill")
    assert found["mill.2"]["expires_at"] is not None
    assert run(voc, "rotate", "mill.3").stderr.startswith("mill.3.2 holds"), "it stands in for nobody"


def test_what_cannot_be_rotated(voc: CliRunner) -> None:
    for name in ("spent", "twice", "gone"):
        create(voc, name)
    run(voc, "revoke", "gone")
    run(voc, "rotate", "twice")
    run(voc, "rotate", "spent", "--overlap", "0s")
    for name, fault in (
        ("nobody", "There is no key 'nobody'"),
        ("gone", "The key 'gone' does not hold any more"),
        ("spent", "The key 'spent' does not hold any more"),
        ("twice", "'twice.2' stands in for 'twice' already: rotate that one."),
    ):
        done = run(voc, "rotate", name)
        assert (done.exit_code, done.stdout) == (1, "")
        assert fault in done.stderr


def test_revoking_twice_keeps_the_first_moment(voc: CliRunner) -> None:
    create(voc, "old")
    assert run(voc, "revoke", "old").stdout == "old is revoked.\n"
    first = run(voc, "list", "--json").stdout
    assert run(voc, "revoke", "old").exit_code == 0
    assert run(voc, "list", "--json").stdout == first


def test_revoking_what_is_not_there(voc: CliRunner) -> None:
    done = run(voc, "revoke", "ghost")
    assert done.exit_code == 1
    assert "There is no key 'ghost'; `voc key list` shows those there are." in done.stderr
