"""What docs/clients.md shows works as it is typed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec

from shared.kafka.topics import EVENTS
from tests.integration.services.ingest.door import Door, Written

PAGE = (Path(__file__).parents[4] / "docs" / "clients.md").read_text()


def test_the_program_in_python_sends_and_says_what_was_refused(door: Door) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    written = Written(door.kafka, EVENTS.name)
    environment = {**os.environ, "VOC_INGEST_URL": door.service.url, "VOC_KEY": door.key}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    assert [msgspec.json.decode(record.value)["id"] for record in written.records()] == ["call-79"]
    assert done.stdout.startswith("call-80 [{")


def test_what_curl_is_given_are_events(door: Door) -> None:
    commands = [found for found in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if found.startswith("curl")]
    assert len(commands) == 2
    for command in commands:
        headers = dict(re.findall(r"-H '([\w-]+): ([^']+)'", command))
        (body,) = re.findall(r"-d '(.*?)'", command, re.DOTALL)
        named = {name.lower().replace("-", "_"): value for name, value in headers.items()}
        assert door.post(body, **named).status_code == 202
