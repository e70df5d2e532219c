"""`voc quarantine` as it is typed, at a real ingest."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner, Result

from cli.main import app
from deploy.local.home import Home
from shared.kafka.quarantine import headers_of
from shared.kafka.topics import EVENTS, QUARANTINE
from tests.integration.services.ingest.door import Door, Written, event, open_door
from tests.processes import eventually, free_port


@pytest.fixture(scope="module")
def door(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    with open_door(kafka_bootstrap, database_url, workshop) as opened:
        yield opened


@pytest.fixture(autouse=True)
def at_the_door(door: Door, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands make a key of their own, as they do for a local stack: that is what `VOC_INGEST_PORT` says it is."""
    Home(tmp_path / "home").requests.mkdir(parents=True)  # as if a stack were there
    monkeypatch.setenv("VOC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VOC_INGEST_PORT", str(door.service.port))
    monkeypatch.setenv("VOC_DATABASE_URL", database_url)
    for name in ("VOC_KEY", "VOC_INGEST_URL"):
        monkeypatch.delenv(name, raising=False)


def voc(*words: str) -> Result:
    return CliRunner().invoke(app, ["quarantine", *words])


def poison(door: Door, source: str, *ids: str) -> None:
    """What scoring sets aside: right events, which it could not fold."""

    async def write() -> None:
        named = headers_of(
            reason="it hurts", origin="voc.events[0]@1", first_seen=datetime.now(UTC), door="scoring", kind="poison"
        )
        headers = [(name, text.encode()) for name, text in named.items()]
        async with AIOKafkaProducer(bootstrap_servers=door.kafka) as producer:
            for one in ids:
                value = msgspec.json.encode(event(source=source, id=one))
                await producer.send_and_wait(QUARANTINE.name, value, source.encode(), headers=headers)

    asyncio.run(write())


def listed(source: str, *words: str, count: int) -> list[dict[str, str]]:
    """What `list --json` prints, once there are so many."""

    def found() -> list[dict[str, str]]:
        items: list[dict[str, str]] = json.loads(voc("list", "--source", source, "--json", *words).stdout)
        return items

    eventually(lambda: len(found()) == count, within=30, what=lambda: str(found()))
    return found()


def test_listed_shown_and_let_in_again(door: Door) -> None:
    source = f"cli-{uuid4().hex[:8]}"
    written = Written(door.kafka, EVENTS.name)
    poison(door, source, "a", "b", "c")
    door.post(event(source=source, id="hopeless", type="voc.unheard-of"))
    items = listed(source, count=4)
    assert len(listed(source, "--limit", "2", count=2)) == 2
    table = voc("list", "--source", source, "--reason", "hurts").stdout
    assert table.count("it hurts") == 3

    one = voc("show", str(items[-1]["id"]))
    assert (one.exit_code, "Scoring could not fold it" in one.stdout) == (0, True)
    raw = voc("show", str(items[-1]["id"]), "--raw")
    assert json.loads(raw.stdout_bytes)["id"] == "a"

    tried = voc("replay", "--source", source, "--dry-run")
    assert (tried.exit_code, tried.stdout) == (1, "3 would go, as 3 events; 1 refused again.\n")
    assert f"{items[0]['id']} type: expected one of" in tried.stderr
    assert written.records() == []
    done = voc("replay", "--source", source)
    assert done.stdout == "3 went, as 3 events; 1 refused again.\n"
    assert sorted(msgspec.json.decode(record.value)["id"] for record in written.records()) == ["a", "b", "c"]
    again = voc("replay", str(items[-1]["id"]))
    assert again.exit_code == 0
    assert again.stdout == "0 went, as 0 events; 0 refused again; 1 not there any more, or went before.\n"

    assert voc("dismiss", "--source", source, "--dry-run").stdout == "Would be dismissed: 1.\n"
    assert voc("dismiss", "--source", source).stdout == "Dismissed: 1.\n"
    assert listed(source, count=0) == []
    assert "is as you ask for" in voc("list", "--source", source).stdout
    assert len(listed(source, "--state", "any", count=4)) == 4


def test_it_says_what_to_type() -> None:
    for words in (
        ["replay"],
        ["replay", "1", "--all"],
        ["dismiss", "--all", "--source", "crm"],
        ["list", "--since", "x"],
    ):
        done = voc(*words)
        assert done.exit_code == 1
        assert "--all" in done.stderr or "is no time" in done.stderr
    unknown = voc("show", "999999999")
    assert (unknown.exit_code, "There is no '999999999' in the quarantine" in unknown.stderr) == (1, True)


def test_an_ingest_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_INGEST_PORT", str(free_port()))
    done = voc("list")
    assert done.exit_code == 1
    assert "does not answer" in done.stderr
    assert "voc up ingest" in done.stderr
