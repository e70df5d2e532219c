"""Settings become the options of aiokafka's clients, or a sentence at the start."""

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from shared.errors import VocError
from shared.kafka.connection import KafkaSettings, extensions

SCRAM: dict[str, Any] = {"sasl_mechanism": "SCRAM-SHA-512", "sasl_username": "voc", "sasl_password": "hidden"}
OAUTH: dict[str, Any] = {
    "sasl_mechanism": "OAUTHBEARER",
    "sasl_oauth_token_url": "https://idp.example/token",
    "sasl_oauth_client_id": "voc",
    "sasl_oauth_client_secret": "hidden",
}


def test_without_security_there_are_addresses_alone() -> None:
    options = KafkaSettings(bootstrap_servers="a:1, b:2").options()
    assert options == {"bootstrap_servers": ["a:1", "b:2"], "security_protocol": "PLAINTEXT"}


def test_tls_checks_the_brokers_name_and_certificate() -> None:
    context = KafkaSettings(security_protocol="SSL").options()["ssl_context"]
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_sasl_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SCRAM.items():
        monkeypatch.setenv(f"VOC_KAFKA_{name.upper()}", value)
    settings = KafkaSettings(security_protocol="SASL_PLAINTEXT")
    options = settings.options()
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("voc", "hidden")
    assert "hidden" not in repr(settings)


def test_tls_and_sasl_go_together() -> None:
    options = KafkaSettings(security_protocol="SASL_SSL", **SCRAM).options()
    assert options.keys() >= {"ssl_context", "sasl_mechanism"}


def test_all_clients_of_a_process_share_one_token() -> None:
    settings = KafkaSettings(security_protocol="SASL_SSL", **OAUTH)
    first, second = settings.options(), settings.options()
    assert first["sasl_oauth_token_provider"] is second["sasl_oauth_token_provider"]
    assert "sasl_plain_password" not in first
    assert "hidden" not in repr(settings)


def test_extensions_are_names_and_values() -> None:
    assert extensions("logicalCluster=lkc-1, identityPoolId=pool=2") == {
        "logicalCluster": "lkc-1",
        "identityPoolId": "pool=2",
    }
    assert extensions(None) == {}


def test_a_variable_that_is_there_and_empty_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_KAFKA_SASL_USERNAME", "")
    assert KafkaSettings().sasl_username is None


def test_what_pydantic_finds_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_KAFKA_SECURITY_PROTOCOL", "TLS")
    with pytest.raises(VocError, match=r"^VOC_KAFKA_SECURITY_PROTOCOL cannot be used: .*'SASL_SSL'"):
        KafkaSettings()


def test_files_that_cannot_be_used_are_named_at_the_start(tmp_path: Path) -> None:
    authority = trustme.CA()
    leaf, other = authority.issue_cert("voc@client.example"), authority.issue_cert("other@client.example")
    certificate, key, no_pem = tmp_path / "our.pem", tmp_path / "key.pem", tmp_path / "no.pem"
    leaf.cert_chain_pems[0].write_to_path(certificate)
    other.private_key_pem.write_to_path(key)
    no_pem.write_text("no PEM")
    wrong: dict[str, dict[str, Any]] = {
        r"^VOC_KAFKA_SSL_CAFILE is .*gone.pem, and there is no such file": {"ssl_cafile": str(tmp_path / "gone.pem")},
        r"^VOC_KAFKA_SSL_CAFILE is .*, which holds no certificates": {"ssl_cafile": str(no_pem)},
        r"^VOC_KAFKA_SSL_CERTFILE is .*our.pem, .* the key in the same file": {"ssl_certfile": str(certificate)},
        r"^VOC_KAFKA_SSL_CERTFILE is .*our.pem, .* the key in .*key.pem": {
            "ssl_certfile": str(certificate),
            "ssl_keyfile": str(key),
        },
        r"^VOC_KAFKA_SSL_KEYFILE is .*gone.pem, and there is no such file": {
            "ssl_certfile": str(certificate),
            "ssl_keyfile": str(tmp_path / "gone.pem"),
        },
    }
    for sentence, given in wrong.items():
        with pytest.raises(VocError, match=sentence):
            KafkaSettings(security_protocol="SSL", **given)
