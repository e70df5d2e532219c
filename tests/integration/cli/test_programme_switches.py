"""`voc programme apply` beside a scoring process: who would switch persona is shown before, and becomes so after."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli.programme_switches
from cli.main import app
from tests import road
from tests.orders import event
from tests.parts import kafka_address
from tests.processes import Service, running
from tests.unit.shared.programme.folder import FILES, write

VISITS = [("crm:often", 3), *((f"crm:{number}", 1) for number in range(9))]


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    with kafka_address(workshop / "switches") as address:
        yield address


def shop(folder: Path, orders: int) -> Path:
    """A regular has ordered so often."""
    personas = (
        f"personas:\n  - persona: early\n    signals: [{{feature: count.ordered, at_least: {orders}}}]\n"
        "  - persona: usual\n    default: true\n"
    )
    return write(folder / str(orders), FILES | {"personas.yaml": personas})


async def apply(folder: Path, *words: str) -> Result:
    command = ["programme", "apply", str(folder), *words]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, command))


async def test_many_switches_want_approval_and_everybody_switches_then(
    own_kafka: str, database_url: str, workshop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOC_DATABASE_URL", database_url)
    monkeypatch.setenv("VOC_HOME", "no-stack-here")
    await road.make_topic(own_kafka)
    assert (await apply(shop(tmp_path, 4))).exit_code == 0
    assert (await apply(shop(tmp_path, 5))).exit_code == 0, "with no customers nothing is asked"
    now = datetime.now(UTC)
    visits = [
        event(f"{who}-{n}", who, now - timedelta(minutes=n), {"action": "ordered"})
        for who, m in VISITS
        for n in range(m)
    ]
    settings = {"VOC_KAFKA_BOOTSTRAP_SERVERS": own_kafka, "VOC_DATABASE_URL": database_url}
    scoring = Service("scoring", workshop, **settings)
    with running(scoring):
        await road.produce(own_kafka, road.records(visits))
        await road.until_folded(own_kafka, database_url, within=40, what=scoring.tail)

        few = await apply(shop(tmp_path, 3))
        assert "1 of 10 customers (10.0%) would switch persona.\n  usual → early: 1" in few.stdout
        assert few.exit_code == 0
        await road.until(lambda: early(database_url, 1), within=20, what=scoring.tail)

        many = await apply(shop(tmp_path, 1))
        assert "9 of 10 customers (90.0%) would switch persona." in many.stdout
        assert (many.exit_code, "apply with --approve" in many.stderr) == (1, True)
        assert len(await road.fetch(database_url, "select from voc.programme_versions")) == 3
        assert await early(database_url, 1), "asking changes nobody"

        meant = await apply(shop(tmp_path, 1), "--approve")
        assert (meant.exit_code, "Version 4 of Corner shop holds" in meant.stdout) == (0, True)
        await road.until(lambda: early(database_url, 10), within=20, what=scoring.tail)

    monkeypatch.setattr(cli.programme_switches, "PATIENCE_SECONDS", 0.5)
    unseen = await apply(shop(tmp_path, 2))
    assert (unseen.exit_code, "scoring does not answer" in unseen.stderr) == (1, True)
    assert (await apply(shop(tmp_path, 2), "--approve")).exit_code == 0
    assert not await road.fetch(database_url, "select from voc.previews"), "no question is left behind"


async def early(database: str, count: int) -> bool:
    """Whether so many customers are early, as far as the board can see."""
    rows = await road.fetch(database, "select from scoring.read_customers where persona = 'early'")
    return len(rows) == count
