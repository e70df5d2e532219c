"""Settings that cannot work together are named with what to do; those that can are left alone."""

from typing import Any

import pytest

from shared.errors import VocError
from shared.kafka.connection import KafkaSettings

SCRAM = {"sasl_mechanism": "SCRAM-SHA-256", "sasl_username": "voc", "sasl_password": "secret"}
OAUTH = {
    "sasl_mechanism": "OAUTHBEARER",
    "sasl_oauth_token_url": "https://idp.example/token?api-version=2",
    "sasl_oauth_client_id": "voc",
    "sasl_oauth_client_secret": "secret",
}
SASL = {"security_protocol": "SASL_SSL"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"bootstrap_servers": "kafka"},
        {"bootstrap_servers": "[::1]:9092, b-1.example.com:9094"},
        {"security_protocol": "SSL"},
        {**SASL, **SCRAM},
        {**SASL, **OAUTH},
        {**SASL, **OAUTH, "sasl_oauth_extensions": "logicalCluster=lkc-1,identityPoolId=pool-2"},
        {**SASL, **OAUTH, "sasl_oauth_token_url": "http://127.0.0.1:8080/token"},
        {**SASL, **OAUTH, "sasl_oauth_token_url": "http://[::1]:8080"},
        {"security_protocol": "SASL_PLAINTEXT", **SCRAM, "sasl_mechanism": "PLAIN"},
    ],
)
def test_what_may_work_is_left_alone(given: dict[str, Any]) -> None:
    assert KafkaSettings(**given).options()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"bootstrap_servers": "a:1,,b:2"}, "VOC_KAFKA_BOOTSTRAP_SERVERS has ''"),
        ({"bootstrap_servers": "SASL_SSL://a:1"}, "VOC_KAFKA_BOOTSTRAP_SERVERS has 'SASL_SSL://a:1'"),
        (SASL, "PLAIN cannot sign in without VOC_KAFKA_SASL_USERNAME and VOC_KAFKA_SASL_PASSWORD."),
        ({**SASL, "sasl_username": "voc"}, "PLAIN cannot sign in without VOC_KAFKA_SASL_PASSWORD."),
        (SCRAM, "VOC_KAFKA_SASL_USERNAME is given, but VOC_KAFKA_SECURITY_PROTOCOL is PLAINTEXT, without SASL"),
        (
            {"security_protocol": "SSL", "sasl_oauth_token_url": "https://idp.example"},
            "VOC_KAFKA_SASL_OAUTH_TOKEN_URL is given, but VOC_KAFKA_SECURITY_PROTOCOL is SSL, without SASL",
        ),
        (
            {**SASL, **OAUTH, "sasl_oauth_token_url": None},
            "OAUTHBEARER cannot sign in without VOC_KAFKA_SASL_OAUTH_TOKEN_URL.",
        ),
        (
            {**SASL, "sasl_mechanism": "OAUTHBEARER", "sasl_username": "voc"},
            "VOC_KAFKA_SASL_USERNAME is for PLAIN and SCRAM",
        ),
        (
            {**SASL, **OAUTH, "sasl_mechanism": "PLAIN"},
            "VOC_KAFKA_SASL_OAUTH_TOKEN_URL is given, but VOC_KAFKA_SASL_MECHANISM is PLAIN: make it OAUTHBEARER",
        ),
        ({**SASL, **OAUTH, "sasl_oauth_token_url": "idp.example/token"}, "VOC_KAFKA_SASL_OAUTH_TOKEN_URL is no addres"),
        ({**SASL, **OAUTH, "sasl_oauth_token_url": "http://idp.example/token"}, "is without TLS, so whoever listens"),
        (
            {**SASL, **OAUTH, "sasl_oauth_token_url": "http://127.0.0.1.example/"},
            "is without TLS, so whoever listens",
        ),
        ({**SASL, **OAUTH, "sasl_oauth_token_url": "http://localhost.example"}, "is without TLS, so whoever listens"),
        ({**SASL, **OAUTH, "sasl_oauth_token_url": "https://voc:secret@idp.example"}, "without a user or password"),
        ({**SASL, **OAUTH, "sasl_oauth_extensions": "lkc-1"}, "VOC_KAFKA_SASL_OAUTH_EXTENSIONS has 'lkc-1'"),
        ({"ssl_cafile": "ca.pem"}, "VOC_KAFKA_SSL_CAFILE is given, but VOC_KAFKA_SECURITY_PROTOCOL is PLAINTEXT"),
        ({**SCRAM, "security_protocol": "SASL_PLAINTEXT", "ssl_cafile": "ca.pem"}, "without TLS: make it SASL_SSL."),
        (
            {"security_protocol": "SSL", "ssl_keyfile": "key.pem"},
            "VOC_KAFKA_SSL_KEYFILE is given without VOC_KAFKA_SSL",
        ),
    ],
)
def test_what_cannot_work_is_a_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(VocError) as refused:
        KafkaSettings(**given)
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)
