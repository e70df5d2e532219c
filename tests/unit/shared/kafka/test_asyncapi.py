"""docs/asyncapi.yaml is AsyncAPI 3.0 as far as it can be told without its own schema, and says what the code does."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from services.ingest.domain.binary import PREFIX
from shared.events.model import DATA_OF
from shared.events.refusal import Problem
from shared.kafka.asyncapi import EXAMPLES, HEADERS, TOLD, WRITERS, document, page
from shared.kafka.quarantine import HTTP, RECORD, headers_of
from shared.kafka.topics import EVENTS, QUARANTINE, TOPICS
from tests.unit.shared.events.examples import accepted, refused
from tests.unit.shared.events.told import examples as told

TREE = Path(__file__).parents[4]
KEYS = re.compile(r"[A-Za-z0-9._-]+")  # what AsyncAPI allows below components

# What a schema cannot say, and the reader refuses all the same.
RULES = {
    "experienced-too-far-ahead", "fulfilled-at-no-date", "metric-that-is-not-asked", "promised-at-no-date",
    "promised-at-no-such-day", "promised-at-that-means-never", "promised-at-without-offset",
    "scale-unknown-to-the-metric", "scale-upside-down", "score-between-values", "score-outside-its-scale",
    "subject-without-namespace", "subject-without-value", "time-that-means-none", "time-too-far-ahead",
}  # fmt: skip


@pytest.fixture(scope="module")
def written() -> Any:
    """As a reader of YAML finds it."""
    return YAML(typ="safe").load(page())


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def resolved(document: Any, reference: str) -> Any:
    found = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_yaml_holds_what_was_meant(written: Any) -> None:
    assert written == json.loads(json.dumps(document()))


def test_it_has_what_asyncapi_wants(written: Any) -> None:
    assert written["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= written["info"].keys()
    assert all({"host", "protocol"} <= server.keys() for server in written["servers"].values())
    for operation in written["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["channel"]["$ref"].startswith("#/channels/")
    for channel in written["channels"].values():
        assert all(m["$ref"].startswith("#/components/messages/") for m in channel["messages"].values())
    for part in written["components"].values():
        assert all(KEYS.fullmatch(name) for name in part)


def test_every_reference_leads_somewhere_and_every_component_is_referred_to(written: Any) -> None:
    found = set(references(written))
    assert all(resolved(written, reference) for reference in found)
    for kind, part in written["components"].items():
        assert {f"#/components/{kind}/{name}" for name in part} <= found


def test_every_topic_is_a_channel_with_its_settings(written: Any) -> None:
    channels = {channel["address"]: channel for channel in written["channels"].values()}
    assert channels.keys() == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        binding = channels[topic.name]["bindings"]["kafka"]
        assert (binding["topic"], binding["partitions"]) == (topic.name, topic.partitions)
        settings = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in binding["topicConfiguration"].items()
        }
        assert settings == topic.config()


def test_keys_are_those_of_the_topics_table(written: Any) -> None:
    for topic in TOPICS:
        (channel,) = (c for c in written["channels"].values() if c["address"] == topic.name)
        for message in channel["messages"].values():
            key = resolved(written, message["$ref"])["bindings"]["kafka"]["key"]
            assert key["description"] == topic.key


def test_all_four_types_travel_on_the_events_topic(written: Any) -> None:
    assert written["channels"]["events"]["messages"].keys() == DATA_OF.keys() == EXAMPLES.keys()


def test_the_quarantines_headers_are_those_that_are_written(written: Any) -> None:
    headers = headers_of(
        reason="r",
        origin="o",
        first_seen=datetime(2026, 1, 1, tzinfo=UTC),
        door="events",
        kind="invalid",
        problems=[Problem("id", "missing")],
        content_type="application/json",
        proven=True,
    )
    described = written["components"]["messages"]["voc.quarantine.message"]["headers"]
    assert headers.keys() == described["properties"].keys()
    assert set(described["required"]) == HEADERS.keys()
    assert described["patternProperties"].keys() == {f"^{prefix}" for prefix in (PREFIX.decode(), HTTP, RECORD)}


def test_a_topic_that_nobody_writes_says_so() -> None:
    sources = "".join(path.read_text() for path in (TREE / "services").rglob("*.py"))
    for topic in TOPICS:
        (constant,) = (name for name, value in vars(sys.modules["shared.kafka.topics"]).items() if value is topic)
        assert WRITERS[topic.name].startswith("nobody yet") is not (f" {constant}" in sources), topic.name
    assert {EVENTS.name, QUARANTINE.name} <= WRITERS.keys()


def test_schemas_take_the_golden_examples_and_refuse_the_refused(tmp_path: Path, written: Any) -> None:
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "oneOf": [{"$ref": f"#/components/schemas/{kind}"} for kind in DATA_OF],
        "components": written["components"],
    }
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    wanted: dict[str, bool] = {}
    for name, raw in accepted().items():
        if name != "unknown-number-beyond-doubles":
            wanted[name] = True
            (tmp_path / f"{name}.json").write_bytes(raw)
    for name, refusal in refused().items():
        if refusal.event is not None:
            wanted[name] = name in RULES
            (tmp_path / f"{name}.json").write_bytes(refusal.raw())
    run = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "-o", "json", "--schemafile", "schema.json"]
        + [f"{name}.json" for name in wanted],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    failed = {Path(error["filename"]).stem for error in json.loads(run.stdout)["errors"]}
    assert {name for name, valid in wanted.items() if not valid} == failed


def test_schemas_of_what_scoring_tells_take_its_golden_examples(tmp_path: Path, written: Any) -> None:
    for kind in TOLD.values():
        schema = {"$ref": f"#/components/schemas/{kind}", "components": written["components"]}
        (tmp_path / "schema.json").write_text(json.dumps(schema))
        paths = [str(path) for path in told.paths() if told.kind_of(path) == kind]
        assert len(paths) >= 3
        run = subprocess.run(
            [sys.executable, "-m", "check_jsonschema", "--schemafile", "schema.json", *paths], cwd=tmp_path
        )
        assert run.returncode == 0
