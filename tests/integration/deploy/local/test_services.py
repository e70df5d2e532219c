"""The whole local stack, services and all: up on an empty home, through a crash, down and up again."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest

from deploy.local import port as ports
from deploy.local.part import PARTS
from deploy.local.process import Birth
from tests.integration.deploy.local.voc import Voc, eventually
from tests.processes import ROOT

SERVICES = ("ingest", "scoring", "insights", "alerts")


@pytest.fixture(scope="module")
def voc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voc]:
    voc = Voc(tmp_path_factory.mktemp("home"))
    said = voc.up()
    assert all(f"✓ {name}" in said for name in voc.parts), "there is no programme yet, and all of it is up"
    assert password(voc) not in said, "people are not shown it"
    yield voc
    voc.down()


def test_status_says_who_and_where_and_that_it_is_well(voc: Voc) -> None:
    status = voc.status()
    assert {name: part["healthy"] for name, part in status.items()} == dict.fromkeys(voc.parts, True)
    assert {name: part["pid"] for name, part in status.items()} == voc.pids()
    assert status["kafka"]["url"] == f"127.0.0.1:{voc.ports['kafka']}"
    assert status["postgres"]["url"] == f"postgresql://voc:{password(voc)}@127.0.0.1:{voc.ports['postgres']}/voc"
    assert [status[name]["url"] for name in SERVICES] == [f"http://127.0.0.1:{voc.ports[name]}" for name in SERVICES]
    shown = voc.said("status")
    assert shown.count("healthy") == len(voc.parts)
    assert password(voc) not in shown


def test_where_links_lead_nobody_is_asked_for_a_key(voc: Voc) -> None:
    page = httpx.get(f"http://127.0.0.1:{voc.ports['inbox']}/look/episodes/{UUID(int=0)}", timeout=20)
    assert page.status_code == 404
    assert f"There is no episode {UUID(int=0)}" in page.text, "alerts was asked, and let the key in"


def test_down_of_a_part_leaves_it_down_until_it_is_asked_for(voc: Voc) -> None:
    before = voc.pids()
    assert "insights is down" in voc.down("insights")
    assert ports.is_free(voc.ports["insights"])
    voc.up("postgres")
    assert voc.pids() == {name: pid for name, pid in before.items() if name != "insights"}
    voc.up("insights")
    assert voc.healthy("insights")


def test_a_killed_broker_and_killed_services_come_back(voc: Voc) -> None:
    before = voc.pids()
    for part in ("kafka", *SERVICES):
        os.kill(before[part], signal.SIGKILL)
    for part in ("kafka", *SERVICES):
        eventually(lambda part=part: voc.came_back(part, before))  # type: ignore[misc]
    assert voc.pids()["postgres"] == before["postgres"]
    eventually(lambda: all(voc.healthy(part) for part in voc.parts))


def test_what_was_counted_outlives_down_and_down_leaves_nothing_running(voc: Voc, tmp_path: Path) -> None:
    voc.said("programme", "apply", ROOT / "examples" / "retail")
    key = voc.said("key", "create", "--name", "reader", "--scope", "read").strip()
    send(voc, tmp_path / "before.ndjson", "before")
    eventually(lambda: answered(voc, key) == 1)

    pids, supervisor = voc.pids(), voc.stack.supervisor
    assert supervisor is not None
    voc.down()
    assert [Birth.of(pid) for pid in (*pids.values(), supervisor.pid)] == [None] * (len(PARTS) + 1)
    assert all(ports.is_free(port) for port in voc.ports.values())

    voc.up()
    assert answered(voc, key) == 1
    send(voc, tmp_path / "after.ndjson", "before", "after")
    eventually(lambda: answered(voc, key) == 2)


def password(voc: Voc) -> str:
    return (voc.home.path / "postgres" / "password").read_text()


def send(voc: Voc, file: Path, *ids: str) -> None:
    """One answer each, by `voc send` with the stack's own key."""
    event = {
        "specversion": "1.0",
        "source": "test",
        "type": "voc.feedback",
        "subject": "crm:1",
        "time": datetime.now(UTC),
        "data": {"touchpoint": "parcel-arrives", "answers": [{"metric": "csat", "score": 5}]},
    }
    file.write_bytes(b"".join(msgspec.json.encode({**event, "id": name}) + b"\n" for name in ids))
    assert f"{len(ids)} events accepted, 0 refused" in voc.said("send", file)


def answered(voc: Voc, key: str) -> int:
    """How many answers the read API counts."""
    path = "/v1/journeys/order-to-door/touchpoints/parcel-arrives/metrics?metric=csat"
    answer = httpx.get(
        f"http://127.0.0.1:{voc.ports['insights']}{path}", headers={"Authorization": f"Bearer {key}"}, timeout=20
    )
    assert answer.status_code == 200, answer.text
    n: int = answer.json()["n"]
    return n
