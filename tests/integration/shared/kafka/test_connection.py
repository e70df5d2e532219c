"""A real broker that demands TLS and SASL, or a certificate: every mechanism carries events, and a no is a sentence."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer

from services.ingest.bootstrap import ingest
from services.ingest.settings import Settings
from shared.kafka.connection import KafkaSettings
from shared.kafka.create import ensure_topics
from shared.kafka.reach import Unreachable, reach
from shared.kafka.topics import EVENTS
from tests import road
from tests.integration.services.ingest.door import event
from tests.keys import make_key
from tests.processes import Service, eventually, running
from tests.programmes import RETAIL
from tests.secured_kafka import KEY_PASSWORD, PASSWORD, USER, Secured, secured_kafka
from tests.token_endpoint import AUDIENCE, CLIENT, SCOPE, SECRET

REFUSED = "the broker does not accept the token from http"
TOKEN_SECONDS = 4  # so that a token ends, and with it every connection, within a test


@pytest.fixture(scope="module")
def secured(workshop: Path) -> Iterator[Secured]:
    with secured_kafka(workshop / "secured") as broker:
        yield broker


def options(secured: Secured, how: str) -> dict[str, str]:
    """What lets a client in, by the settings' names."""
    tls = {"security_protocol": "SSL", "ssl_cafile": secured.file("authority.pem")}
    sasl = {**tls, "security_protocol": "SASL_SSL", "sasl_mechanism": how, "bootstrap_servers": secured.sasl}
    match how:
        case "certificate":
            return {**tls, "bootstrap_servers": secured.certified, "ssl_certfile": secured.file("client.pem")}
        case "locked key":
            return {
                **tls,
                "bootstrap_servers": secured.certified,
                "ssl_certfile": secured.file("locked.pem"),
                "ssl_keyfile": secured.file("locked-key.pem"),
                "ssl_keyfile_password": KEY_PASSWORD,
            }
        case "OAUTHBEARER":
            return {
                **sasl,
                "sasl_oauth_token_url": secured.token_url,
                "sasl_oauth_client_id": CLIENT,
                "sasl_oauth_client_secret": SECRET,
                "sasl_oauth_scope": SCOPE,
                "sasl_oauth_extensions": "logicalCluster=lkc-1,identityPoolId=pool-2",
            }
    return {**sasl, "sasl_username": USER, "sasl_password": PASSWORD}


def settings(given: Mapping[str, str | None]) -> KafkaSettings:
    return KafkaSettings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def service(name: str, folder: Path, database_url: str, given: Mapping[str, str]) -> Service:
    """A service with these settings in its environment."""
    variables = {f"VOC_KAFKA_{setting.upper()}": value for setting, value in given.items()}
    return Service(name, folder, VOC_DATABASE_URL=database_url, **variables)


WAYS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "certificate", "locked key", "OAUTHBEARER")


async def test_events_arrive_by_every_mechanism(
    secured: Secured, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOC_DATABASE_URL", database_url)
    await ensure_topics(settings({"bootstrap_servers": secured.open}))
    for way in WAYS:
        with monkeypatch.context() as environ:
            for name, value in options(secured, way).items():
                environ.setenv(f"VOC_KAFKA_{name.upper()}", value)
            await through_the_door(Settings(), way)
    async with AIOKafkaConsumer(EVENTS.name, bootstrap_servers=secured.open, auto_offset_reset="earliest") as consumer:
        arrived = [msgspec.json.decode((await consumer.getone()).value)["id"] for _ in WAYS]
    assert sorted(arrived) == sorted(WAYS)


async def through_the_door(given: Settings, event_id: str) -> None:
    """One event, taken by an ingest of ours with these settings."""
    async with ingest(given) as parts:
        working = asyncio.create_task(parts.run())
        transport = httpx.ASGITransport(parts.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ingest") as client:

            async def ready() -> bool:
                return (await client.get("/readyz")).status_code == 200

            await road.until(ready, within=40)
            headers = headers_of(await make_key(str(given.database.url.get_secret_value()), "ingest"))
            assert (await client.post("/v1/events", json=event(id=event_id), headers=headers)).status_code == 202
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def test_events_are_counted_over_connections_whose_tokens_end_and_after_tokens_were_refused(
    secured: Secured, database_url: str, workshop: Path
) -> None:
    secured.issuer.seconds = TOKEN_SECONDS
    given = options(secured, "OAUTHBEARER")
    await road.apply_programme(database_url, RETAIL)
    services = [service(name, workshop, database_url, given) for name in ("ingest", "scoring")]
    with running(*services):
        key, told = await make_key(database_url, "ingest"), secured.issuer.given
        sent: list[str] = []
        while secured.issuer.given < told + 4:  # each of them has fetched one or two since
            sent.append(f"ends-{len(sent)}")
            assert await asyncio.to_thread(post, services[0], key, id=sent[-1]) == 202, services[0].tail()
            await asyncio.sleep(0.1)

        async def counted() -> bool:
            rows = await road.fetch(database_url, "select id from scoring.timeline where id like 'ends-%'")
            return sorted(row["id"] for row in rows) == sorted(sent)

        await road.until(counted, within=20, what=services[1].tail)
        secured.issuer.audience = "somebody else"
        for one in services:
            await asyncio.to_thread(eventually, partial(is_refused, one), within=30, what=one.tail)
        secured.issuer.audience = AUDIENCE
        for one in services:
            await asyncio.to_thread(one.ready)
        sent.append("ends-last")
        assert await asyncio.to_thread(post, services[0], key, id=sent[-1]) == 202, services[0].tail()
        await road.until(counted, within=20, what=services[1].tail)
        logs = "".join(one.log.read_text() for one in services)
        assert not [hidden for hidden in ("Traceback", SECRET, "eyJ") if hidden in logs]
    secured.issuer.seconds = 300


async def test_who_is_not_let_in_is_told_why(secured: Secured) -> None:
    for way in WAYS:
        await reach(settings(options(secured, way)))
    plain, scram = options(secured, "PLAIN"), options(secured, "SCRAM-SHA-512")
    bearer, certificate = options(secured, "OAUTHBEARER"), options(secured, "certificate")
    wrong: list[tuple[str, dict[str, str | None]]] = [
        ("does not accept VOC_KAFKA_SASL_USERNAME 'voc' with this password by PLAIN", {**plain, "sasl_password": "x"}),
        ("with this password by SCRAM-SHA-512", {**scram, "sasl_password": "x"}),
        ("VOC_KAFKA_SASL_USERNAME 'nobody'", {**scram, "sasl_username": "nobody"}),
        ("401 invalid_client", {**bearer, "sasl_oauth_client_secret": "x"}),
        ("400 invalid_scope", {**bearer, "sasl_oauth_scope": "everything"}),
        ("no token from http://127.0.0.1:1/t: ", {**bearer, "sasl_oauth_token_url": "http://127.0.0.1:1/t"}),
        ("certificate is not trusted: unable to get local issuer", {**plain, "ssl_cafile": None}),
        ("not trusted: unable to get local", {**plain, "ssl_cafile": secured.file("stranger-authority.pem")}),
        ("Hostname mismatch", {**plain, "bootstrap_servers": secured.sasl.replace("127.0.0.1", "localhost")}),
        ("asks for a certificate of ours", {**certificate, "ssl_certfile": None}),
        ("does not trust the certificate in", {**certificate, "ssl_certfile": secured.file("stranger.pem")}),
        ("nobody signs in there", {**plain, "bootstrap_servers": secured.open, "security_protocol": "SASL_PLAINTEXT"}),
        ("closed the connection; VOC_KAFKA_SECURITY_PROTOCOL is PLAINTEXT", {"bootstrap_servers": secured.sasl}),
        ("VOC_KAFKA_SECURITY_PROTOCOL is SSL", {"bootstrap_servers": secured.open, "security_protocol": "SSL"}),
        ("127.0.0.1:1: ", {"bootstrap_servers": "127.0.0.1:1"}),
    ]
    for sentence, given in wrong:
        if given.get("security_protocol") == "SASL_PLAINTEXT":
            given["ssl_cafile"] = None
        with pytest.raises(Unreachable, match=re.escape(sentence)):
            await reach(settings(given))


async def test_a_token_that_the_broker_refuses_is_noticed(secured: Secured) -> None:
    secured.issuer.audience = "somebody else"
    try:
        with pytest.raises(Unreachable, match="does not accept the token from http"):
            await reach(settings(options(secured, "OAUTHBEARER")))
    finally:
        secured.issuer.audience = AUDIENCE


def test_a_wrong_password_is_one_sentence_and_no_end(secured: Secured, database_url: str, workshop: Path) -> None:
    given = {**options(secured, "SCRAM-SHA-512"), "sasl_password": "of somebody else"}
    door = service("ingest", workshop, database_url, given)
    sentence = "does not accept VOC_KAFKA_SASL_USERNAME 'voc' with this password by SCRAM-SHA-512"
    try:
        door.start()
        eventually(lambda: sentence in door.get("/readyz").text, within=40, what=door.tail)
        before = datetime.now(UTC)
        eventually(lambda: (datetime.now(UTC) - before).total_seconds() > 2, within=5)  # tries again and again
        said = [line for line in door.log.read_text().splitlines() if "Kafka" in line or "kafka" in line]
        assert len(said) == 1, said
        assert sentence in said[0]
        assert not re.search("Traceback|of somebody else", door.log.read_text())
        assert door.get("/healthz").status_code == 200
    finally:
        door.stop()


def test_settings_that_cannot_work_end_with_a_sentence(database_url: str, workshop: Path) -> None:
    door = service("ingest", workshop, database_url, {"security_protocol": "SASL_SSL"}).start()
    assert door.process is not None
    assert door.process.wait(40) == 1
    (line,) = door.log.read_text().splitlines()
    said = msgspec.json.decode(line)
    assert said["event"] == "stopped"
    assert said["reason"].startswith("PLAIN cannot sign in without VOC_KAFKA_SASL_USERNAME and VOC_KAFKA_SASL_PASSWORD")


def is_refused(one: Service) -> bool:
    return REFUSED in one.get("/readyz").text


def post(door: Service, key: str, **fields: str) -> int:
    return httpx.post(f"{door.url}/v1/events", json=event(**fields), headers=headers_of(key), timeout=15).status_code


def headers_of(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}", "content-type": "application/cloudevents+json"}
