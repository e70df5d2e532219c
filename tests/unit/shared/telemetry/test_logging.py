"""Log lines of a process as whoever collects them reads them."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

TREE = Path(__file__).parents[4]
PROGRAM = """
import logging
import structlog
from shared.telemetry.logging import configure

configure("ingest", level={level!r})
log = structlog.get_logger("services.ingest.door")
"""


def lines(program: str, level: str = "info") -> list[dict[str, Any]]:
    source = PROGRAM.format(level=level) + program
    run = subprocess.run([sys.executable, "-c", source], cwd=TREE, capture_output=True, check=True, encoding="utf-8")
    assert run.stdout == "", "standard output belongs to commands"
    return [json.loads(line) for line in run.stderr.splitlines()]


def test_an_event_is_one_line_with_its_values() -> None:
    (line,) = lines("log.info('key-revoked', name='naïve\\nname', n=2)")
    at = datetime.fromisoformat(line.pop("at"))
    assert at.utcoffset() == timedelta()
    assert line == {
        "event": "key-revoked",
        "name": "naïve\nname",
        "n": 2,
        "level": "info",
        "logger": "services.ingest.door",
        "service": "ingest",
    }


def test_the_standard_librarys_loggers_speak_the_same_way() -> None:
    (line,) = lines("logging.getLogger('sqlalchemy.pool').warning('pool of %d', 5)")
    assert (line["event"], line["level"], line["logger"]) == ("pool of 5", "warning", "sqlalchemy.pool")
    assert line["service"] == "ingest"


def test_an_exception_is_one_line_too_with_its_traceback() -> None:
    (ours,) = lines("try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('failed')")
    (theirs,) = lines("try:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.getLogger('x').exception('failed')")
    for line in (ours, theirs):
        assert line["event"] == "failed"
        assert line["exception"].endswith("ZeroDivisionError: division by zero")


def test_the_level_holds_and_chatty_libraries_are_quieter() -> None:
    program = "log.debug('a'); log.info('b'); [logging.getLogger(n).info('c') for n in ('aiokafka.x', 'httpx')]"
    assert [line["event"] for line in lines(program)] == ["b"]
    assert [line["event"] for line in lines(program, level="debug")] == ["a", "b"]
    assert lines(program, level="warning") == []


def test_what_is_bound_to_the_context_is_in_every_line() -> None:
    (line,) = lines("structlog.contextvars.bind_contextvars(partition=3); log.warning('lane-waits')")
    assert line["partition"] == 3


def test_what_json_cannot_hold_is_written_all_the_same() -> None:
    (line,) = lines("log.info('seen', raw=b'\\xff', where={1, 2}, error=ValueError('no'))")
    assert "xff" in line["raw"]
