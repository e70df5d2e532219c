"""Settings become the options of aiokafka's clients."""

import ssl

import pytest

from shared.kafka.connection import KafkaSettings


def test_without_security_there_are_addresses_alone() -> None:
    options = KafkaSettings(bootstrap_servers="a:1,b:2").options()
    assert options == {"bootstrap_servers": ["a:1", "b:2"], "security_protocol": "PLAINTEXT"}


def test_tls_checks_the_brokers_name_and_certificate() -> None:
    context = KafkaSettings(security_protocol="SSL").options()["ssl_context"]
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_sasl_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_KAFKA_SASL_PASSWORD", "secret")
    settings = KafkaSettings(security_protocol="SASL_PLAINTEXT", sasl_mechanism="SCRAM-SHA-512", sasl_username="voc")
    options = settings.options()
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("voc", "secret")
    assert "secret" not in repr(settings)


def test_tls_and_sasl_go_together() -> None:
    options = KafkaSettings(security_protocol="SASL_SSL", sasl_username="voc").options()
    assert options.keys() >= {"ssl_context", "sasl_mechanism"}
