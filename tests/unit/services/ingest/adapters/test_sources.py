"""A source at work: what its deliveries become, and what is left of one that is read in no way that was foreseen."""

from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from services.ingest.adapters.secret import Secrets
from services.ingest.adapters.sources import A_FAULT, Connection
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.provider import Provider, Rule
from shared.programme.source import Source
from tests.unit.services.ingest.providers.cases import RECEIVED_AT
from tests.unit.services.ingest.sources import in_force

SECRETS = ("env:VOC_TEST_NEW", "env:VOC_TEST_OLD")
SOURCE = Source(source="crm", provider="p", secret=SECRETS)
PROVIDER = Provider(provider="p", name="P", items="rows", rules=(Rule(event="nosuch"),))
DELIVERY = Delivery(source="crm", body=b'{"rows": [{}]}', received_at=RECEIVED_AT)


def connection(source: Source = SOURCE, provider: Provider = PROVIDER) -> Connection:
    return Connection(source, provider, Secrets())


def test_a_fault_of_ours_makes_a_delivery_wait_and_the_log_says_where_without_what_stood_there() -> None:
    no_bytes: Any = ["Ana"]
    with capture_logs() as logged:
        found = connection().mapped(replace(DELIVERY, body=no_bytes))
    assert (found.problems, found.events) == ([A_FAULT], [])
    assert [(line["event"], line["source"], line["error"]) for line in logged] == [("not-read", "crm", "TypeError")]
    assert logged[0]["at"][-1].startswith("payload.py:")
    assert "Ana" not in str(logged)


def test_what_is_wrong_a_thousand_times_is_said_a_hundred_times() -> None:
    refusing = replace(PROVIDER, rules=(Rule(refuse="say what is to be done"),))
    body = b'{"rows": [' + b",".join([b"{}"] * 900) + b"]}"
    assert len(connection(provider=refusing).mapped(replace(DELIVERY, body=body)).problems) == 100


def test_while_a_secret_is_changed_either_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = connection()
    assert (nothing.missing, nothing.absent) == ("env:VOC_TEST_NEW", list(SECRETS))
    monkeypatch.setenv("VOC_TEST_OLD", "t0ken")
    old = connection()
    assert (old.missing, old.absent) == (None, ["env:VOC_TEST_NEW"])
    old.prove(replace(DELIVERY, token="t0ken"), now=RECEIVED_AT)
    with capture_logs() as logged:
        in_force(replace(SOURCE, provider="generic", mapping="@"))
    assert [line["sources"] for line in logged] == [{"crm": ["env:VOC_TEST_NEW"]}]
