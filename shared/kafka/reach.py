"""Whether Kafka lets us in, and if not why: aiokafka's clients say only that they could not bootstrap.

They also take a refused token for an accepted one: the broker says so in a challenge (RFC 7628 §3.2.2), which aiokafka
does not read, answers the next request without a word about anything, and closes the connection.
"""

import asyncio
import ssl
from typing import Any

from aiokafka.conn import AIOKafkaConnection, collect_hosts, create_conn
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from shared.errors import first_line
from shared.kafka.connection import KafkaSettings
from shared.kafka.token import NoToken

ANSWER_SECONDS = 10.0
CLOSED_SECONDS = 1.0  # how soon a broker that let nobody in closes the connection; it takes a tenth by itself
MOST_SAID = 3  # brokers

# What goes wrong while a connection is made: the network, the broker, and what aiokafka thinks of its answers.
FAULTS = (OSError, KafkaError, TimeoutError, ValueError, AssertionError)


class Unreachable(KafkaError):  # type: ignore[misc]
    """No broker lets us in. Says which, why, and what to look at."""

    def __str__(self) -> str:
        return str(self.args[0])


class NotYet(KafkaError):  # type: ignore[misc]
    """A broker that has just started and knows no other, not even itself."""

    def __str__(self) -> str:
        return "the broker is not let in by its controller yet"


async def reach(settings: KafkaSettings) -> None:
    """Return when one of the brokers has let us in. Raises Unreachable with what they said."""
    options = settings.options()
    said: list[str] = []
    for host, port, _ in collect_hosts(options.pop("bootstrap_servers"), randomize=False):
        try:
            await _ask(host, port, options)
        except FAULTS as error:
            if isinstance(error, SaslAuthenticationFailed) and settings.sasl_mechanism == "OAUTHBEARER":
                settings.tokens.forget()
            said.append(f"{host}:{port}: {why(error, settings)}")
        else:
            return
    raise Unreachable("; ".join(said[:MOST_SAID]))


async def fault(settings: KafkaSettings) -> str | None:
    """None where a broker lets us in, else why not: for a /readyz whose client has only found that nobody answers."""
    try:
        await reach(settings)
    except Unreachable as error:
        return str(error)
    return None


async def _ask(host: str, port: int, options: dict[str, Any]) -> None:
    """Ask for the brokers, which only those who were let in are told."""
    connection: AIOKafkaConnection = await create_conn(
        host, port, request_timeout_ms=int(ANSWER_SECONDS * 1000), **options
    )
    try:
        answer = await connection.send(MetadataRequest([]))
        if not answer.brokers:
            raise SaslAuthenticationFailed() if await _closes(connection) else NotYet()
    finally:
        closed = connection.close()
        await closed


async def _closes(connection: AIOKafkaConnection) -> bool:
    try:
        async with asyncio.timeout(CLOSED_SECONDS):
            while connection.connected():  # noqa: ASYNC110 - aiokafka has no event for it
                await asyncio.sleep(0.05)
    except TimeoutError:
        return False
    return True


def why(error: BaseException, settings: KafkaSettings) -> str:
    """What a failed connection means, in one sentence."""
    protocol, mechanism = settings.security_protocol, settings.sasl_mechanism
    cause = _deepest(error)
    if isinstance(cause, ssl.SSLError):
        return _of_tls(cause)
    match error:
        case NoToken():
            return str(error)
        case SaslAuthenticationFailed():
            return _not_signed_in(error, settings)
        case UnsupportedSaslMechanismError():
            return f"the broker does not offer {mechanism}; VOC_KAFKA_SASL_MECHANISM has to be one that it does"
        case IllegalSaslStateError():
            return f"nobody signs in there, but VOC_KAFKA_SECURITY_PROTOCOL is {protocol}; the port may be another's"
        case TimeoutError():
            return f"no answer within {ANSWER_SECONDS:.0f} s"
        case KafkaConnectionError() | ConnectionResetError() | EOFError():
            return (
                f"the broker closed the connection; VOC_KAFKA_SECURITY_PROTOCOL is {protocol}, and that port may want"
                " another one"
            )
    return first_line(error)


def _not_signed_in(error: KafkaError, settings: KafkaSettings) -> str:
    said = f" ({error.args[0]})" if error.args and error.args[0] else ""
    if settings.sasl_mechanism == "OAUTHBEARER":
        return f"the broker does not accept the token from {settings.tokens.endpoint.name}{said}"
    return (
        f"the broker does not accept VOC_KAFKA_SASL_USERNAME {settings.sasl_username!r} with this password by"
        f" {settings.sasl_mechanism}{said}"
    )


def _of_tls(error: ssl.SSLError) -> str:
    reason = error.reason or ""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the broker's certificate is not trusted: {error.verify_message.rstrip('.')}; VOC_KAFKA_SSL_CAFILE names"
            " the authority, and the address has to be one that the certificate is for"
        )
    if "CERTIFICATE_REQUIRED" in reason or "BAD_CERTIFICATE" in reason:
        return "the broker asks for a certificate of ours: VOC_KAFKA_SSL_CERTFILE and VOC_KAFKA_SSL_KEYFILE"
    if "UNKNOWN_CA" in reason or "CERTIFICATE_UNKNOWN" in reason:
        return "the broker does not trust the certificate in VOC_KAFKA_SSL_CERTFILE"
    return f"no TLS could be agreed on ({reason or first_line(error)}); that port may have none"


def _deepest(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error
