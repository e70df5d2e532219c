"""`voc source` as it is typed, against a real ingest."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.integration.services.ingest.door import Door, open_door
from tests.processes import eventually

TREE = Path(__file__).parents[3]
FORM: dict[str, Any] = {
    "event_type": "form_response",
    "form_response": {
        "form_id": "f",
        "token": "tok1",
        "submitted_at": "2026-03-02T09:16:20Z",
        "hidden": {"customer_id": "c-1001"},
        "answers": [{"type": "number", "number": 4, "field": {"ref": "would_recommend"}}],
    },
}


@pytest.fixture(scope="module")
def door(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    with open_door(kafka_bootstrap, database_url, workshop, TYPEFORM_SECRET="s3cret") as opened:
        done = CliRunner(env={"VOC_DATABASE_URL": database_url}).invoke(
            app, ["programme", "apply", str(TREE / "examples" / "retail")]
        )
        assert done.exit_code == 0, done.output
        eventually(lambda: opened.client.get("/v1/webhooks/store-survey").status_code == 200, within=10)
        yield opened


@pytest.fixture
def voc(door: Door, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("VOC_INGEST_URL", door.service.url)
    monkeypatch.setenv("VOC_KEY", door.new_key("admin"))
    return CliRunner()


def run(voc: CliRunner, *words: str, payload: Any = None) -> Result:
    given = payload if isinstance(payload, str) or payload is None else json.dumps(payload)
    return voc.invoke(app, ["source", *words], input=given)


def test_a_payload_that_becomes_an_event(voc: CliRunner) -> None:
    done = run(voc, "test", "store-survey", "-", payload=FORM)
    assert done.exit_code == 0
    assert "voc.feedback tok1/form_response of c-1001, 2026-03-02T09:16:20Z" in done.stdout
    assert '"metric": "nps"' in done.stdout


def test_a_question_that_nobody_configured_is_named(voc: CliRunner) -> None:
    answers = [{"type": "text", "text": "Web", "field": {"ref": "where"}}]
    done = run(
        voc,
        "test",
        "store-survey",
        "-",
        payload={**FORM, "form_response": {**FORM["form_response"], "answers": answers}},
    )
    assert done.exit_code == 0
    assert "the question 'where'" in done.stdout


def test_a_payload_that_becomes_none_says_exactly_why(voc: CliRunner) -> None:
    answers = [{"type": "number", "number": 11, "field": {"ref": "would_recommend"}}]
    payload = {**FORM, "form_response": {**FORM["form_response"], "answers": answers}}
    done = run(voc, "test", "store-survey", "-", payload=payload)
    assert done.exit_code == 1
    assert "data.answers[0].score: expected a whole score from 0 to 10 for nps, found 11" in done.stdout
    assert run(voc, "test", "store-survey", "-", payload="{").exit_code == 1


def test_a_signature_is_checked_where_its_header_is_given(voc: CliRunner) -> None:
    done = run(voc, "test", "store-survey", "-", "-H", "Typeform-Signature: sha256=AAAA", payload=FORM)
    assert "Its sender would be turned away: the signature is not that of this body" in done.stdout


def test_a_source_of_a_folder_that_is_not_applied(voc: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "journeys").mkdir()
    (tmp_path / "journeys" / "one.yaml").write_text(
        "journey: one\nstages: [{stage: all, touchpoints: [{touchpoint: it}]}]\n"
    )
    (tmp_path / "programme.yaml").write_text("name: Small\ntimezone: UTC\n")
    (tmp_path / "sources.yaml").write_text(
        "sources: [{source: mine, provider: generic, secret: env:X, map: m.jmespath}]\n"
    )
    (tmp_path / "m.jmespath").write_text("{id: n, type: 'voc.outcome', subject: who, data: {kind: 'churned'}}")
    payload = {"n": 7, "who": "crm:1"}
    done = run(voc, "test", "mine", "-", "--programme", str(tmp_path), "--json", payload=payload)
    assert done.exit_code == 0
    (event,) = json.loads(done.stdout)["events"]
    assert (event["id"], event["source"], event["unverified"]) == ("7", "mine", True)
    done = run(voc, "test", "other", "-", "--programme", str(tmp_path), payload=payload)
    assert "has no source 'other'; it has mine" in done.stderr


def test_a_record_of_a_topic(voc: CliRunner) -> None:
    order = {"number": "o-1", "status": "placed", "customer": "0042", "lines": []}
    done = run(voc, "test", "shop-orders", "-", payload={"order": order})
    assert done.exit_code == 0, done.stdout
    assert "voc.interaction o-1-placed of crm:0042" in done.stdout
    done = run(voc, "test", "shop-orders", "-", "-H", "traceparent: 00", payload={"order": {**order, "number": 1}})
    assert done.exit_code == 1
    assert "the map does not fit this record: " in done.stdout
    assert "signature" not in done.stdout
    assert "needs a `map` in sources.yaml" in run(voc, "test", "loyalty", "-", payload={}).stdout


def test_topics_are_listed_with_what_they_wait_for_and_go_on_when_told_to(voc: CliRunner) -> None:
    def waits() -> bool:
        items = {item["source"]: item for item in json.loads(run(voc, "list", "--json").stdout)}
        return str(items["loyalty"]["says"]).startswith("Kafka has no topic loyalty.events")

    eventually(waits, within=20, what=lambda: run(voc, "list").stdout)
    assert "waiting: Kafka" in " ".join(run(voc, "list").stdout.split())
    assert "No source 'loyalty' is stopped" in run(voc, "resume", "loyalty").stderr


def test_sources_are_listed_with_what_is_missing(voc: CliRunner) -> None:
    done = run(voc, "list")
    assert "store-survey" in done.stdout
    assert "without its secret env:CRM_SECRET" in " ".join(done.stdout.split())
    assert {item["source"] for item in json.loads(run(voc, "list", "--json").stdout)} >= {"store-survey", "crm"}


def test_what_cannot_be_asked(voc: CliRunner, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no webhook 'nobody'" in run(voc, "test", "nobody", "-", payload=FORM).stderr
    assert "cannot be read: no such file" in run(voc, "test", "crm", "no-such-file").stderr
    monkeypatch.setenv("VOC_KEY", door.new_key("read"))
    assert "(403)" in run(voc, "list").stderr
    monkeypatch.setenv("VOC_INGEST_URL", "http://127.0.0.1:9")
    assert "does not answer" in run(voc, "list").stderr


def test_what_is_only_announced_would_be_fetched(voc: CliRunner) -> None:
    payload = {"voc_template": "freshdesk.csat.v1", "ticket_id": 4711, "occurred_at": "2026-03-02 09:16"}
    done = run(voc, "test", "help-desk", "-", payload=payload)
    assert done.exit_code == 0
    assert "fetched from https://nordwind.freshdesk.example/api/v2/tickets/4711/satisfaction_ratings" in done.stdout
