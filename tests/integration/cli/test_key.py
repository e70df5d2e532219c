"""`voc key` as it is typed: what it prints, and what the database keeps."""

import asyncio
import json
import re

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from shared.http.keys import digest
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
