"""The door of the read API: on an empty database, with and without a key, while PostgreSQL is away."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

import deploy.local.postgres
from deploy.local.server import Server
from tests import road
from tests.integration.services.insights.counted import make_tables
from tests.integration.services.insights.reader import METRICS, Reader
from tests.keys import make_key
from tests.processes import Service, eventually, running
from tests.shop import SHOP

FIGURE = METRICS.format("order-to-door", "parcel-arrives") + "?metric=csat"
PATHS = ["/v1/journeys", "/v1/journeys/order-to-door", FIGURE, "/v1/customers/crm:1", "/v1/nowhere"]


@pytest.fixture(scope="module")
def insights(database_url: str, workshop: Path) -> Iterator[Service]:
    """Started on a database in which there is nothing at all."""
    service = Service("insights", workshop, VOC_DATABASE_URL=database_url)
    with running(service):
        yield service


@pytest.fixture(scope="module")
async def reader(insights: Service, database_url: str) -> Reader:
    return Reader(insights, await make_key(database_url, "read"))


async def test_on_an_empty_database_it_is_ready_and_says_what_to_do(insights: Service, reader: Reader) -> None:
    checks = insights.get("/readyz").json()
    assert checks == {"ready": True, "checks": {"postgres": "ok", "keys": "ok", "programme": "ok"}}
    assert reader.read("/v1/journeys") == {"items": [], "next": None}
    assert "voc programme apply DIR" in reader.problem(404, "/v1/journeys/order-to-door")["detail"]


async def test_before_scoring_has_begun_figures_are_unavailable(reader: Reader, database_url: str) -> None:
    await road.apply_programme(database_url, SHOP)
    await asyncio.to_thread(eventually, lambda: reader.read("/v1/journeys")["items"], within=10)
    for path in ("/v1/journeys/order-to-door", FIGURE, "/v1/customers/crm:1"):
        assert "Scoring has not worked on this database yet" in reader.problem(503, path)["detail"]
        assert reader.get(path).headers["retry-after"] == "2"
    await make_tables(database_url)
    assert reader.read("/v1/journeys/order-to-door")["name"] == "From order to door"
    assert reader.read(FIGURE)["n"] == 0


async def test_everything_below_v1_wants_a_key_that_may_read(insights: Service, database_url: str) -> None:
    nobody, stranger = Reader(insights, None), Reader(insights, "voc_wrong")
    sender = Reader(insights, await make_key(database_url, "ingest"))
    admin = Reader(insights, await make_key(database_url, "admin"))
    await asyncio.to_thread(eventually, lambda: sender.get("/v1/journeys").status_code == 403, within=10)
    await asyncio.to_thread(eventually, lambda: admin.get("/v1/journeys").status_code == 200, within=10)
    for path in PATHS:
        assert nobody.problem(401, path)["title"] == "No valid key"
        assert stranger.problem(401, path)["title"] == "No valid key"
        assert "this needs read" in sender.problem(403, path)["detail"]
        assert admin.get(path).status_code in (200, 404)


async def test_a_key_is_asked_for_before_anything_is_said_of_parameters(insights: Service) -> None:
    Reader(insights, None).problem(401, FIGURE.replace("metric=csat", "wrong=1"))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"])
async def test_health_and_documentation_want_no_key(insights: Service, path: str) -> None:
    assert insights.get(path).status_code == 200


async def test_other_methods_are_refused(insights: Service) -> None:
    async with httpx.AsyncClient(base_url=insights.url) as client:
        refused = await client.post("/v1/journeys")
    assert (refused.status_code, refused.json()["title"]) == (405, "Method not allowed")


async def test_answers_are_counted_by_route_and_status(insights: Service, reader: Reader) -> None:
    reader.problem(404, "/v1/journeys/unheard-of")
    metrics = insights.get("/metrics").text
    assert 'voc_insights_answers_total{route="/v1/journeys/{journey}",status="404"}' in metrics
    assert 'voc_insights_answer_seconds_count{route="/v1/journeys/{journey}"}' in metrics
    assert re.search(r"^voc_insights_programme_version [1-9]", metrics, re.MULTILINE)
    assert "unheard-of" not in metrics


async def test_the_page_describes_every_answer(insights: Service) -> None:
    page = insights.get("/openapi.json").json()
    schemas = page["components"]["schemas"]
    assert _undefined(page) == set()
    for path, schema in {
        "/v1/journeys": "Journeys",
        "/v1/journeys/{journey}": "Journey",
        "/v1/customers/{subject}": "Customer",
    }.items():
        answered = page["paths"][path]["get"]["responses"]
        assert _schema(answered["200"]) == {"$ref": f"#/components/schemas/{schema}"}
        assert _schema(answered["401"]) == {"$ref": "#/components/schemas/Problem"}
    figure = page["paths"][METRICS.format("{journey}", "{touchpoint}")]["get"]
    assert [one["$ref"].rpartition("/")[2] for one in _schema(figure["responses"]["200"])["anyOf"]] == [
        "Measure",
        "Series",
    ]
    parameters = {one["name"]: one for one in figure["parameters"]}
    assert {"metric", "persona", "channel", "window", "as_of", "from", "to", "step", "tz"} <= parameters.keys()
    assert all(one.get("description") for one in parameters.values() if one["in"] == "query")
    assert schemas["Point"]["properties"].keys() == {"from", "to", "value", "low", "high", "n"}
    assert schemas["Measure"]["properties"]["status"]["enum"] == ["green", "red", "unknown", "yellow"]
    assert page["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"


def _schema(response: dict[str, Any]) -> Any:
    (content,) = response["content"].values()
    return content["schema"]


def _undefined(page: Any) -> set[str]:
    """References that lead nowhere."""
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', str(page).replace("'", '"')))
    return names - set(page["components"]["schemas"])


@pytest.fixture
def own_postgres(workshop: Path) -> Iterator[Server]:
    """A PostgreSQL that may be stopped."""
    server = deploy.local.postgres.start(workshop / "insights-postgres")
    yield server
    server.stop()


async def test_while_postgresql_is_away_it_says_so_and_comes_back_by_itself(
    own_postgres: Server, workshop: Path
) -> None:
    url = own_postgres.address
    await road.apply_programme(url, SHOP)
    await make_tables(url)
    service = Service("insights", workshop, VOC_DATABASE_URL=url)
    reader = Reader(service, await make_key(url, "read"))
    with running(service):
        assert reader.read(FIGURE)["n"] == 0
        await asyncio.to_thread(own_postgres.stop)
        for path in (FIGURE, "/v1/journeys/order-to-door", "/v1/customers/crm:1"):
            assert "PostgreSQL" in reader.problem(503, path)["detail"]
            assert reader.get(path).headers["retry-after"] == "2"
        assert [item["journey"] for item in reader.read("/v1/journeys")["items"]] == ["order-to-door"]
        assert service.get("/healthz").status_code == 200
        unready = service.get("/readyz")
        assert unready.status_code == 503
        assert unready.json()["checks"]["postgres"] != "ok"
        await asyncio.to_thread(own_postgres.restart)
        await asyncio.to_thread(eventually, lambda: reader.get(FIGURE).status_code == 200, within=20)
        await asyncio.to_thread(service.ready)


async def test_an_answer_is_not_waited_for_longer_than_set(database_url: str, workshop: Path) -> None:
    service = Service("insights", workshop, VOC_DATABASE_URL=database_url, VOC_INSIGHTS_ANSWER_SECONDS="0.5")
    reader = Reader(service, await make_key(database_url, "read"))
    with running(service):
        assert reader.read(FIGURE)["n"] == 0
        holder = await asyncpg.connect(database_url)
        try:
            async with holder.transaction():
                await holder.execute("lock table scoring.counts in access exclusive mode")
                late = await asyncio.to_thread(reader.problem, 503, FIGURE)
        finally:
            await holder.close()
        assert "did not answer within 0.5 s" in late["detail"]
        assert reader.read(FIGURE)["n"] == 0


def test_it_leaves_in_good_order(database_url: str, workshop: Path) -> None:
    service = Service("insights", workshop, VOC_DATABASE_URL=database_url)
    with running(service):
        assert service.process is not None
        service.process.terminate()
        assert service.process.wait(15) == 0
    assert "Traceback" not in service.tail()
