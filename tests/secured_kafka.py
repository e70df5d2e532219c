"""A real broker that demands TLS: one listener wants SASL by any mechanism, another a certificate of the client's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

import deploy.local.kafka
from deploy.local import port as ports
from deploy.local.kafka import cluster_id
from tests.token_endpoint import AUDIENCE, ISSUER, Issuer, token_endpoint

USER, PASSWORD, KEY_PASSWORD = "voc", "correct horse", "of the key"
_SECURITY = "org.apache.kafka.common.security"


class Secured(msgspec.Struct, frozen=True, kw_only=True):
    """Where it is, and what lets clients in. `open` asks nobody: the tests look through it at what was written."""

    open: str
    sasl: str
    certified: str
    folder: Path
    token_url: str
    issuer: Issuer

    def file(self, name: str) -> str:
        return str(self.folder / name)


@contextmanager
def secured_kafka(folder: Path) -> Iterator[Secured]:
    """A broker for as long as the block lasts."""
    folder.mkdir()
    issuer = Issuer()
    (folder / "jwks.json").write_text(issuer.jwks)
    _certificates(folder)
    port, sasl, certified = ports.free(), ports.free(), ports.free()
    server = deploy.local.kafka.start(
        folder / "broker",
        port=port,
        options=[f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={_jwks(folder)}"],
        settings=_settings(folder, port, sasl, certified),
        formatting=["-t", cluster_id(), *_scram("SCRAM-SHA-256"), *_scram("SCRAM-SHA-512")],
    )
    try:
        with token_endpoint(issuer) as url:
            yield Secured(
                open=server.address,
                sasl=f"127.0.0.1:{sasl}",
                certified=f"127.0.0.1:{certified}",
                folder=folder,
                token_url=url,
                issuer=issuer,
            )
    finally:
        server.stop()


def _settings(folder: Path, port: int, sasl: int, certified: int) -> dict[str, str]:
    places = f"BROKER://127.0.0.1:{port},SASL://127.0.0.1:{sasl},CERTIFIED://127.0.0.1:{certified}"
    controller = ports.free()
    bearer = "listener.name.sasl.oauthbearer"
    return {
        "listeners": f"{places},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": places,
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,SASL:SASL_SSL,CERTIFIED:SSL,CONTROLLER:PLAINTEXT",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "broker.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "authority.pem"),
        "listener.name.certified.ssl.client.auth": "required",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
        "listener.name.sasl.plain.sasl.jaas.config": (
            f'{_SECURITY}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
        ),
        "listener.name.sasl.scram-sha-256.sasl.jaas.config": f"{_SECURITY}.scram.ScramLoginModule required;",
        "listener.name.sasl.scram-sha-512.sasl.jaas.config": f"{_SECURITY}.scram.ScramLoginModule required;",
        f"{bearer}.sasl.jaas.config": f"{_SECURITY}.oauthbearer.OAuthBearerLoginModule required;",
        f"{bearer}.sasl.server.callback.handler.class": f"{_SECURITY}.oauthbearer.OAuthBearerValidatorCallbackHandler",
        # Named, or Kafka 4.1.0 takes the one for clients, which checks neither signature nor audience.
        "sasl.oauthbearer.jwt.validator.class": f"{_SECURITY}.oauthbearer.BrokerJwtValidator",
        "sasl.oauthbearer.jwks.endpoint.url": _jwks(folder),
        "sasl.oauthbearer.expected.audience": AUDIENCE,
        "sasl.oauthbearer.expected.issuer": ISSUER,
        # A connection whose token has run out is ended at its next request.
        f"{bearer}.connections.max.reauth.ms": "600000",
    }


def _jwks(folder: Path) -> str:
    return (folder / "jwks.json").as_uri()


def _scram(mechanism: str) -> list[str]:
    return ["--add-scram", f"{mechanism}=[name={USER},password={PASSWORD}]"]


def _certificates(folder: Path) -> None:
    """The broker's for 127.0.0.1 alone; a client's of the same authority, and a stranger's."""
    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    stranger.cert_pem.write_to_path(folder / "stranger-authority.pem")
    _write(authority.issue_cert("127.0.0.1"), folder / "broker.pem")
    _write(authority.issue_cert("voc@client.example"), folder / "client.pem")
    _write(authority.issue_cert("voc@client.example"), folder / "locked.pem", folder / "locked-key.pem")
    _write(stranger.issue_cert("voc@client.example"), folder / "stranger.pem")


def _write(leaf: trustme.LeafCert, certificate: Path, key: Path | None = None) -> None:
    """The certificate with its key in one file, or with the key, locked by a password, in another."""
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    if key is None:
        certificate.write_bytes(_key(leaf, NoEncryption()) + chain)
        return
    certificate.write_bytes(chain)
    key.write_bytes(_key(leaf, BestAvailableEncryption(KEY_PASSWORD.encode())))


def _key(leaf: trustme.LeafCert, encryption: KeySerializationEncryption) -> bytes:
    """As PKCS 8: Kafka reads no other."""
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
