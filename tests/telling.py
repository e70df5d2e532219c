"""What scoring would tell, written to its topics; and alerts as a process beside an inbox that stands in."""

import itertools
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from shared.events.told.case import CaseOpened
from shared.events.told.envelope import Told, write
from shared.events.told.moment import MomentDecided
from shared.events.told.trouble import TroubleTold
from shared.kafka.topics import CASES, MOMENTS, TROUBLES
from shared.programme.model import Owner, Programme, Receiver
from tests.inbox import TOKEN, Inbox
from tests.processes import Service

_numbers = itertools.count(1)

OWNERS = Programme(
    name="Retail",
    timezone="UTC",
    admin="operations",
    owners=(
        Owner(
            owner="delivery",
            name="Delivery team",
            timezone="Europe/Berlin",
            notify=(
                Receiver(channel="slack", to="#delivery"),
                Receiver(channel="email", to="delivery@example.com"),
            ),
        ),
        Owner(owner="care", name="Customer care", timezone="UTC", notify=(Receiver(channel="slack", to="#care"),)),
        Owner(
            owner="operations",
            name="Operations",
            timezone="UTC",
            notify=(Receiver(channel="slack", to="#operations"),),
        ),
    ),
)


async def tell(bootstrap: str, *told: Told) -> None:
    """Write these, one after the other, as scoring's relay does."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        for one in told:
            topic, key = _where(one)
            number = next(_numbers)
            value = write(one, id=f"{key}:{number}", subject=key, time=datetime.now(UTC), sequence=number)
            await producer.send_and_wait(topic, value, key.encode())
    finally:
        await producer.stop()


def _where(told: Told) -> tuple[str, str]:
    if isinstance(told, MomentDecided):
        return MOMENTS.name, f"{told.journey}/{told.touchpoint}"
    if isinstance(told, CaseOpened):
        return CASES.name, told.customer
    assert isinstance(told, TroubleTold)
    return TROUBLES.name, told.trouble


def alerts(folder: Path, inbox: Inbox, *, kafka: str, database: str, **settings: str) -> Service:
    """An alerts process, not started."""
    given: dict[str, Any] = {
        "VOC_KAFKA_BOOTSTRAP_SERVERS": kafka,
        "VOC_DATABASE_URL": database,
        "VOC_SLACK_API_URL": inbox.slack_api,
        "VOC_SLACK_TOKEN": TOKEN,
        "VOC_SMTP_URL": inbox.smtp_url,
        "VOC_SMTP_FROM": "voc@example.com",
        **settings,
    }
    return Service("alerts", folder, **given)
