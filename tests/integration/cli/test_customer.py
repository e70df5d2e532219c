"""`voc customer` as it is typed, with a programme in a real database."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from shared.events.pseudonym import Pseudonyms
from shared.programme.model import Privacy, Programme
from tests.road import apply_programme

KEY = "0123456789abcdef0123456789abcdef"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["customer", "pseudonym", *words])


@pytest.fixture
def stand(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("VOC_DATABASE_URL", database_url)
    monkeypatch.setenv("VOC_HOME", "no-stack-here")
    return database_url


def test_the_pseudonym_stands_alone_on_stdout(stand: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is no programme yet" in run("email:ana@example.com").stderr
    asyncio.run(apply_programme(stand, Programme(name="Open", timezone="UTC")))
    assert (done := run("email:ana@example.com")).exit_code == 1
    assert "makes nobody a pseudonym" in done.stderr

    privacy = Privacy(pseudonymise=("email",), key="env:VOC_TEST_PSEUDONYM_KEY")
    asyncio.run(apply_programme(stand, Programme(name="Closed", timezone="UTC", privacy=privacy)))
    assert "what ingest has in env:VOC_TEST_PSEUDONYM_KEY" in run("email:ana@example.com").stderr
    monkeypatch.setenv("VOC_TEST_PSEUDONYM_KEY", "short")
    assert "shorter than 32 characters" in run("email:ana@example.com").stderr

    monkeypatch.setenv("VOC_TEST_PSEUDONYM_KEY", KEY)
    done = run("email: Ana@Example.com")
    assert (done.exit_code, done.stdout) == (0, Pseudonyms(["email"], KEY).of("email:ana@example.com") + "\n")
    done = run("0042")
    assert (done.exit_code, done.stdout) == (0, "customer:0042\n")
    assert "needs none: only email do." in done.stderr
