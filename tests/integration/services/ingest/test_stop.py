"""A door that is told to close answers what is under way, and keeps what it has answered."""

import signal
from pathlib import Path
from threading import Thread

import httpx

from shared.kafka.topics import EVENTS
from tests.integration.services.ingest.door import Written, event, open_door


def test_sigterm_under_load_loses_nothing(kafka_bootstrap: str, database_url: str, workshop: Path) -> None:
    with open_door(kafka_bootstrap, database_url, workshop) as door:
        written = Written(door.kafka, EVENTS.name)
        taken: list[str] = []
        other: list[int] = []

        def send() -> None:
            with httpx.Client(base_url=door.service.url, headers={"authorization": f"Bearer {door.key}"}) as client:
                while True:
                    one = event()
                    try:
                        status = client.post("/v1/events", json=one).status_code
                    except httpx.TransportError:
                        return  # closed: what was not answered is not promised
                    if status == 202:
                        taken.append(one["id"])
                    else:
                        other.append(status)

        senders = [Thread(target=send) for _ in range(8)]
        for sender in senders:
            sender.start()
        while len(taken) < 200:
            assert any(sender.is_alive() for sender in senders), door.service.tail()
        door.service.signal(signal.SIGTERM)
        for sender in senders:
            sender.join()
        assert door.service.process is not None
        assert door.service.process.wait(15) == 0
        assert other == []
        kept = b"".join(record.value for record in written.records())
        assert [event_id for event_id in taken if event_id.encode() not in kept] == []
        assert "Traceback" not in door.service.tail()
