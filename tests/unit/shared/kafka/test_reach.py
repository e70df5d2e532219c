"""What a failed connection means, in a sentence: what no real broker of the tests says, beside test_connection.py."""

import pytest
from aiokafka.errors import KafkaConnectionError, UnsupportedSaslMechanismError

from shared.kafka.connection import KafkaSettings
from shared.kafka.reach import Unreachable, reach, why

SETTINGS = KafkaSettings(security_protocol="SASL_SSL", sasl_username="voc", sasl_password="hidden")


def test_a_mechanism_that_is_not_offered_is_named() -> None:
    assert why(UnsupportedSaslMechanismError(), SETTINGS).startswith("the broker does not offer PLAIN; VOC_KAFKA_SASL")


def test_a_broker_that_says_nothing_is_not_waited_for_in_vain() -> None:
    assert why(TimeoutError(), SETTINGS) == "no answer within 10 s"


def test_a_network_that_fails_speaks_for_itself() -> None:
    error = KafkaConnectionError("closed")
    assert "the broker closed the connection" in why(error, SETTINGS)
    assert why(OSError(113, "No route to host"), SETTINGS) == "[Errno 113] No route to host"


async def test_all_brokers_are_asked_and_the_first_three_quoted() -> None:
    servers = ",".join(f"127.0.0.1:{port}" for port in range(1, 5))
    with pytest.raises(Unreachable) as refused:
        await reach(KafkaSettings(bootstrap_servers=servers))
    assert str(refused.value).count("; 127.0.0.1:") == 2
